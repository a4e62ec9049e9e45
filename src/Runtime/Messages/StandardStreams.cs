using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Output, straight to the kernel: System.Console would start threads, and then no container process could be forked.
/// </summary>
internal static class StandardStreams
{
    private static readonly Fd Output = new(1);
    private static readonly Fd Error = new(2);

    /// <summary>Prints what was asked for. A reader that has gone away is no error; a full disk is.</summary>
    internal static void WriteOut(string text)
    {
        Errno errno = WriteAll(Output, Encoding.UTF8.GetBytes(text));
        if (errno is not (Errno.None or Errno.EPIPE))
        {
            throw new RuntimeError("writing to standard output", errno);
        }
    }

    /// <summary>Prints a complaint. When that fails there is nowhere left to say so.</summary>
    internal static void WriteError(string text) => WriteAll(Error, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes every byte, in as few calls as the kernel allows: a line shorter than a page stays in one piece.</summary>
    internal static Errno WriteAll(Fd fd, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            SyscallResult written = Files.Write(fd, bytes);
            if (!written.Failed)
            {
                bytes = bytes[(int)written.Value..];
            }
            else if (written.Errno == Errno.EAGAIN)
            {
                // The caller shares its end with O_NONBLOCK set, and the pipe is full.
                WaitUntilWritable(fd);
            }
            else if (written.Errno != Errno.EINTR)
            {
                return written.Errno;
            }
        }

        return Errno.None;
    }

    private static void WaitUntilWritable(Fd fd)
    {
        Span<PollDescriptor> descriptors = [new PollDescriptor(fd, PollEvents.Out)];
        Polling.PollWaiting(descriptors, timeoutMilliseconds: -1);
    }
}
