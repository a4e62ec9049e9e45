using Hull.Linux;

namespace Hull.Runtime.Host;

/// <summary>The host's <c>/dev/null</c>.</summary>
internal static class NullDevice
{
    /// <summary>
    /// Opens it for masking and makes sure that it is the null device: were it anything else, every mask would show that
    /// instead (CVE-2025-31133).
    /// </summary>
    public static OwnedFd Open()
    {
        OwnedFd device = Files.OpenAt(Fd.CurrentDirectory, "/dev/null", OpenFlags.Path | OpenFlags.NoFollow | OpenFlags.CloseOnExec)
            .OwnedOrThrow("open /dev/null");
        Files.Status(device, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx /dev/null");
        if (status.Type == FileType.CharacterDevice && status.Device == new DeviceNumber(1, 3))
        {
            return device;
        }

        device.Dispose();
        throw new KernelException("/dev/null of the host is not the character device 1:3", Errno.ENODEV);
    }
}
