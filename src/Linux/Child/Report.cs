using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>What a message on the channel is.</summary>
public enum ReportKind
{
    /// <summary>A checkpoint is reached.</summary>
    Checkpoint = 1,

    /// <summary>A step failed; the sender ends.</summary>
    Failure = 2,

    /// <summary>From <c>start</c>: run the program.</summary>
    Go = 3,

    /// <summary>From a container process to its mount helper: open the next mount.</summary>
    NextHostMount = 4,

    /// <summary>From the mount helper: the mount, as a descriptor that comes with the message.</summary>
    HostMount = 5,

    /// <summary>A step did less than it was asked to; the sender goes on.</summary>
    Warning = 6,
}

/// <summary>One message of the channel. All have the same size, so that nothing needs a length or a parser.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Report
{
    /// <summary>The most bytes of <see cref="Text"/>.</summary>
    public const int TextCapacity = 464;

    /// <summary>What this says.</summary>
    public ReportKind Kind;

    /// <summary>Of a failure or a warning: the index of the operation.</summary>
    public int Step;

    /// <summary>Of a failure or a warning: the part of the operation.</summary>
    public Stage Stage;

    /// <summary>Of a failure: the error number.</summary>
    public Errno Errno;

    /// <summary>A checkpoint, a pid, a wait status or an index, as the kind and stage say.</summary>
    public long Value;

    /// <summary>
    /// Of <see cref="Checkpoint.Forked"/>: the pid. Of <see cref="Checkpoint.Mounted"/>: the mount. Of a failure with ENOSYS: the number of the system
    /// call that is missing. Of a hook that failed: how long it took, in milliseconds.
    /// </summary>
    public long Pid;

    /// <summary>How many bytes of text there are.</summary>
    public int TextLength;

    /// <summary>
    /// Of a failure: how many operations were left, the failed one included. <c>start</c> knows only the end of the list that
    /// <c>create</c> made.
    /// </summary>
    public int StepsLeft;

    private fixed byte _text[TextCapacity];

    /// <summary>The message of the file system, the end of a hook's output or a place in the container, as the stage says; empty for other stages.</summary>
    public readonly string Text
    {
        get
        {
            fixed (byte* text = _text)
            {
                return System.Text.Encoding.UTF8.GetString(text, Math.Clamp(TextLength, 0, TextCapacity)).Trim();
            }
        }
    }

    /// <summary>The bytes of the text, to be filled.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal Span<byte> TextBuffer => MemoryMarshal.CreateSpan(ref _text[0], TextCapacity);

    /// <summary>The message as bytes, as it travels.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal Span<byte> Bytes => MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<Report, byte>(ref this), sizeof(Report));

    /// <summary>Of a checkpoint: which one.</summary>
    public readonly Checkpoint Checkpoint => (Checkpoint)Value;

    /// <summary>The message of <c>start</c>.</summary>
    public static Report Go => new() { Kind = ReportKind.Go };

    /// <summary>The message that a checkpoint is reached.</summary>
    public static Report OfCheckpoint(Checkpoint checkpoint) => new() { Kind = ReportKind.Checkpoint, Value = (long)checkpoint };

    /// <summary>Sends this to a container process; one that is gone does not matter here, it is noticed when it is waited for.</summary>
    public SyscallResult Send(Fd channel) => Sockets.Send(channel, Bytes, MessageFlags.NoSignal);

    /// <summary>Waits for a message of a container process; null when it has closed its end.</summary>
    /// <exception cref="KernelException">The channel itself is broken.</exception>
    public static Report? Receive(Fd channel) => Receive(channel, out _, out _);

    /// <summary>The same, and the descriptor that came with the message: a container's terminal comes so.</summary>
    /// <param name="channel">The host's end.</param>
    /// <param name="descriptor">The descriptor; null for none.</param>
    /// <param name="unread">The process has closed its end without having read all that we sent.</param>
    /// <exception cref="KernelException">The channel itself is broken.</exception>
    public static Report? Receive(Fd channel, out OwnedFd? descriptor, out bool unread)
    {
        unread = false;
        Report report = default;
        Fd sent = Fd.None;
        int count;
        SyscallResult received;
        do
        {
            // A process that dies with a message of ours unread resets the connection. The kernel says so once, and before it hands out what
            // the process had sent: its last report, or the end of the connection, comes with the next call.
            received = Sockets.ReceiveDescriptors(channel, report.Bytes, new Span<Fd>(ref sent), out count);
            unread |= received.Errno == Errno.ECONNRESET;
        }
        while (received.Errno is Errno.EINTR or Errno.ECONNRESET);

        descriptor = count == 0 ? null : new OwnedFd(sent.Number);
        return received.OrThrow("recvmsg from the container process") == 0 ? null : report;
    }
}
