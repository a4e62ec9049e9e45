
namespace Hull.Linux;

/// <summary>What is told to the kernel through the host's procfs, which the host has opened and verified (CVE-2025-52881).</summary>
internal sealed partial class Executor
{
    /// <summary>Below the root of that procfs, across nothing that somebody has mounted over a part of it.</summary>
    private const ResolveFlags WithinProc = ResolveFlags.Beneath | ResolveFlags.NoCrossDevice | ResolveFlags.NoMagicLinks;

    private SyscallResult Set(SetSysctl parameter) =>
        WriteProc(parameter.File, WithinProc | ResolveFlags.NoSymbolicLinks, parameter.Value);

    /// <summary>The way leads over <c>thread-self</c>, a link that procfs itself makes.</summary>
    private SyscallResult Set(SetSecurityLabel label)
    {
        SyscallResult written = WriteProc(label.File, WithinProc, label.Label);
        return _stage == Stage.OpenDestination && written.Errno == Errno.ENOENT && !label.OlderFile.IsNull
            ? WriteProc(label.OlderFile, WithinProc, label.Label)
            : written;
    }

    private SyscallResult WriteProc(CString path, ResolveFlags resolve, CString text)
    {
        _stage = Stage.Whole;
        SyscallResult file = Part(
            Stage.OpenDestination, Files.OpenAt2(_slots[Slot.ProcessFilesystem], path, OpenFlags.WriteOnly | OpenFlags.CloseOnExec, 0, resolve));
        if (file.Failed)
        {
            return file;
        }

        SyscallResult written = Files.Write(file.Fd, text.Bytes);
        Files.Close(file.Fd);
        return !written.Failed && written.Value != text.Length ? SyscallResult.Failure(Errno.EIO) : written;
    }
}
