namespace Hull.Linux;

/// <summary>Files and directories.</summary>
public static class Files
{
    /// <summary>
    /// <c>close(fd)</c>: give a descriptor back. Never repeated after EINTR: Linux has closed it by then. close(2)
    /// </summary>
    public static SyscallResult Close(Fd fd) => Kernel.Call(SyscallNumber.close, fd.Number);
}
