
namespace Hull.Linux;

/// <summary>Settings of the kernel; files among them are below the host's procfs, which the host has opened and verified (CVE-2025-52881).</summary>
internal sealed partial class Executor
{
    /// <summary>Below the root of that procfs, and across nothing that is mounted over a part of it.</summary>
    private const ResolveFlags WithinProc = ResolveFlags.Beneath | ResolveFlags.NoCrossDevice | ResolveFlags.NoMagicLinks;

    private SyscallResult Perform(SetSysctl parameter) =>
        WriteProc(parameter.File, WithinProc | ResolveFlags.NoSymbolicLinks, parameter.Value);

    private static SyscallResult Perform(SetPersonality personality) => Processes.SetPersonality(personality.Domain);

    private static SyscallResult Perform(SetMemoryPolicy policy) => Scheduling.SetMemoryPolicy(policy.Mode, policy.Flags, policy.Nodes.AsSpan());

    /// <summary>The path goes through <c>thread-self</c>, a link that procfs itself makes.</summary>
    private SyscallResult Perform(SetSecurityLabel label)
    {
        SyscallResult written = WriteProc(label.File, WithinProc, label.Label);
        written = _stage == Stage.OpenDestination && written.Errno == Errno.ENOENT && !label.OlderFile.IsNull
            ? WriteProc(label.OlderFile, WithinProc, label.Label)
            : written;

        // Without any module the kernel answers EINVAL to what is written.
        return label.MayLackModule && written.Errno is Errno.ENOENT or Errno.EINVAL ? SyscallResult.Success() : written;
    }

    private SyscallResult WriteProc(CString path, ResolveFlags resolve, CString text)
    {
        _stage = Stage.Whole;
        SyscallResult file = Part(
            Stage.OpenDestination, Files.OpenAt2(_slots[Slot.ProcessFilesystem], path, OpenFlags.WriteOnly, 0, resolve));
        if (file.Failed)
        {
            return file;
        }

        SyscallResult written = Files.Write(file.Fd, text.Bytes);
        Files.Close(file.Fd);
        return !written.Failed && written.Value != text.Length ? SyscallResult.Failure(Errno.EIO) : written;
    }
}
