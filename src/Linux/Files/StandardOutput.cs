namespace Hull.Linux;

/// <summary>
/// Writing to the standard streams without System.Console, whose first use starts a thread. .NET ignores SIGPIPE, so a reader that
/// has gone is EPIPE.
/// </summary>
public static class StandardOutput
{
    /// <summary>Standard input.</summary>
    public static Fd Input => new(0);

    /// <summary>Standard output.</summary>
    public static Fd Output => new(1);

    /// <summary>Standard error.</summary>
    public static Fd Error => new(2);

    /// <summary>
    /// Writes all of it: partial writes and EINTR go on, and a stream that is non-blocking (EAGAIN), because its other end shares the flag, is waited for.
    /// </summary>
    public static SyscallResult WriteAll(Fd stream, ReadOnlySpan<byte> bytes)
    {
        Span<PollDescriptor> waiting = stackalloc PollDescriptor[1];
        while (!bytes.IsEmpty)
        {
            var written = Files.WriteWaiting(stream, bytes);
            if (!written.Failed)
            {
                bytes = bytes[(int)written.Value..];
                continue;
            }

            if (written.Errno != Errno.EAGAIN)
            {
                return written;
            }

            waiting[0] = new PollDescriptor(stream, PollEvents.Out);
            var polled = Polling.PollWaiting(waiting, -1);
            if (polled.Failed)
            {
                return polled;
            }
        }

        return SyscallResult.Success();
    }

    /// <summary>The same for text.</summary>
    public static SyscallResult WriteAll(Fd stream, string text) => WriteAll(stream, System.Text.Encoding.UTF8.GetBytes(text));
}
