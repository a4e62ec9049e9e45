namespace Hull.Linux;

/// <summary>Files in memory and their seals.</summary>
public static unsafe partial class Files
{
    /// <summary>
    /// <c>memfd_create(name, flags | MFD_CLOEXEC)</c>: a file that lives in memory; the name is for people only. memfd_create(2)
    /// </summary>
    public static SyscallResult MakeMemoryFile(CString name, MemoryFileFlags flags) =>
        Kernel.Call(SyscallNumber.memfd_create, name.Address, (nint)(flags | MemoryFileFlags.CloseOnExec));

    /// <summary><c>fcntl(fd, F_ADD_SEALS, seals)</c>: forbid for good. EPERM when sealing is not allowed or sealed. fcntl(2)</summary>
    public static SyscallResult AddSeals(Fd fd, SealFlags seals) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.AddSeals, (nint)seals);

    /// <summary>
    /// <c>fcntl(fd, F_GET_SEALS)</c>: what is forbidden; the value is a <see cref="SealFlags"/>. EINVAL for other files. fcntl(2)
    /// </summary>
    public static SyscallResult GetSeals(Fd fd) => Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.GetSeals);
}
