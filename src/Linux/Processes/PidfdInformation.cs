namespace Hull.Linux;

/// <summary>What a pidfd still tells when its process has been reaped.</summary>
public static unsafe class PidfdInformation
{
    // The kernel's headers here do not know struct pidfd_info yet: its first version is 64 bytes, the mask its first field and the exit
    // status its last. linux/pidfd.h
    private const uint GetInformation = 0xC040FF0B;
    private const int Words = 8, StatusWord = 7;
    private const ulong Exit = 1 << 3;

    /// <summary>
    /// <c>ioctl(pidfd, PIDFD_GET_INFO, {.mask = PIDFD_INFO_EXIT})</c>: how a process ended that its parent has reaped, for any holder of a
    /// pidfd that was opened before. ESRCH while it has not been reaped, ENODATA where the kernel does not tell, ENOTTY before kernel 6.13;
    /// the exit status is kernel 6.15's. <see cref="WaitStatus.FromRaw"/> reads it. ioctl_pidfd(2)
    /// </summary>
    public static SyscallResult GetExit(Fd pidfd, out int rawStatus)
    {
        ulong* information = stackalloc ulong[Words];
        new Span<ulong>(information, Words).Clear();
        information[0] = Exit;
        var result = Descriptors.Control(pidfd, GetInformation, (nint)information);
        rawStatus = (int)(information[StatusWord] >> 32);
        return !result.Failed && (information[0] & Exit) == 0 ? SyscallResult.Failure(Errno.ENODATA) : result;
    }
}
