using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>Descriptors as such, whatever they stand for; pipes.</summary>
public static unsafe class Descriptors
{
    /// <summary>
    /// <c>close_range(first, last, flags)</c>: close (or mark) all descriptors from one number to another, both included.
    /// Kernel 5.9; before that the list in procfs. close_range(2)
    /// </summary>
    public static SyscallResult CloseRange(uint first, uint last, CloseRangeFlags flags) =>
        Kernel.Call(SyscallNumber.close_range, (nint)first, (nint)last, (nint)flags);

    /// <summary>
    /// Closes the descriptors of a range that procfs lists, from its start again until it lists none: a list that changes while it is read may leave some
    /// out. proc_pid_fd(5)
    /// </summary>
    /// <param name="processFilesystem">The root of a procfs that is known to be one; it may lie in the range and stays open.</param>
    /// <param name="first">The first number.</param>
    /// <param name="last">The last number.</param>
    internal static SyscallResult CloseListed(Fd processFilesystem, uint first, uint last)
    {
        byte* path = stackalloc byte[8];
        ReadOnlySpan<byte> text = "self/fd"u8;
        for (var i = 0; i < text.Length; i++)
        {
            path[i] = text[i];
        }

        path[text.Length] = 0;
        SyscallResult list = Files.OpenAt(processFilesystem, CString.Borrow(path, text.Length), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (list.Failed)
        {
            return list;
        }

        SyscallResult closed;
        do
        {
            closed = Files.Seek(list.Fd, 0, SeekOrigin.Begin);
            closed = closed.Failed ? closed : CloseOnce(list.Fd, processFilesystem, first, last);
        }
        while (closed.Value > 0);

        Files.Close(list.Fd);
        return closed;
    }

    /// <summary>Once through the list; the value says how many were closed.</summary>
    private static SyscallResult CloseOnce(Fd list, Fd kept, uint first, uint last)
    {
        const int Capacity = 1024, LengthOffset = 16, NameOffset = 19;
        byte* entries = stackalloc byte[Capacity];
        nint count = 0;
        while (true)
        {
            SyscallResult read = Files.ReadDirectory(list, new Span<byte>(entries, Capacity));
            if (read.Failed || read.Value == 0)
            {
                return read.Failed ? read : SyscallResult.Success(count);
            }

            for (nint at = 0; at < read.Value; at += *(ushort*)(entries + at + LengthOffset))
            {
                uint number = 0;
                byte* digit = entries + at + NameOffset;
                bool isNumber = *digit is >= (byte)'0' and <= (byte)'9';
                for (; *digit is >= (byte)'0' and <= (byte)'9'; digit++)
                {
                    number = (number * 10) + *digit - '0';
                }

                if (isNumber && number >= first && number <= last && number != (uint)list.Number && number != (uint)kept.Number)
                {
                    Files.Close(new Fd((int)number));
                    count++;
                }
            }
        }
    }

    /// <summary>
    /// <c>dup3(from, to, flags)</c>: make <paramref name="to"/> another name of a descriptor, closing what it was. The one function whose
    /// result is close-on-exec only when asked (<see cref="OpenFlags.CloseOnExec"/>): it is how a program gets its standard streams.
    /// EINVAL when both numbers are the same. dup(2)
    /// </summary>
    public static SyscallResult Duplicate(Fd from, int to, OpenFlags flags) =>
        Kernel.Call(SyscallNumber.dup3, from.Number, to, (nint)flags);

    /// <summary>
    /// <c>fcntl(from, F_DUPFD_CLOEXEC, lowest)</c>: a copy with the lowest free number from <paramref name="lowest"/> on. fcntl(2)
    /// </summary>
    public static SyscallResult DuplicateAbove(Fd from, int lowest) =>
        Kernel.Call(SyscallNumber.fcntl, from.Number, (nint)FileControl.DuplicateCloseOnExec, lowest);

    /// <summary><c>fcntl(fd, F_GETFD)</c>: 1 when execve(2) closes it; EBADF says that it is not open. fcntl(2)</summary>
    public static SyscallResult GetDescriptorFlags(Fd fd) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.GetDescriptorFlags);

    /// <summary><c>fcntl(fd, F_SETFD, FD_CLOEXEC)</c>: execve(2) closes it. fcntl(2)</summary>
    public static SyscallResult CloseAtExecute(Fd fd) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.SetDescriptorFlags, (nint)DescriptorFlags.CloseOnExec);

    /// <summary><c>fcntl(fd, F_GETFL)</c>: how it was opened; the value is an <see cref="OpenFlags"/>. fcntl(2)</summary>
    public static SyscallResult GetStatusFlags(Fd fd) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.GetStatusFlags);

    /// <summary>
    /// <c>fcntl(fd, F_SETFL, flags)</c>: change those flags that can be changed, of every copy of the descriptor. fcntl(2)
    /// </summary>
    public static SyscallResult SetStatusFlags(Fd fd, OpenFlags flags) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.SetStatusFlags, (nint)flags);

    /// <summary><c>pipe2({read, write}, flags | O_CLOEXEC)</c>: a pipe. pipe(2)</summary>
    public static SyscallResult Pipe(out Fd read, out Fd write, OpenFlags flags)
    {
        DescriptorPair pair;
        var result = Kernel.Call(SyscallNumber.pipe2, (nint)(&pair), (nint)(flags | OpenFlags.CloseOnExec));
        read = result.Failed ? Fd.None : new Fd(pair.First);
        write = result.Failed ? Fd.None : new Fd(pair.Second);
        return result;
    }

    /// <summary><c>ioctl(fd, request, argument)</c>, for the families that have typed functions for it. ioctl(2)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static SyscallResult Control(Fd fd, uint request, nint argument) =>
        Kernel.Call(SyscallNumber.ioctl, fd.Number, (nint)request, argument);
}

/// <summary>The <c>int[2]</c> that pipe2 and socketpair fill.</summary>
internal struct DescriptorPair
{
    internal int First;
    internal int Second;
}
