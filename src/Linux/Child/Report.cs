using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>What a message on the lane says.</summary>
public enum ReportKind
{
    /// <summary>A checkpoint is reached.</summary>
    Checkpoint = 1,

    /// <summary>A step failed; the sender ends.</summary>
    Failure = 2,

    /// <summary>From whoever starts the container: run the program.</summary>
    Go = 3,

    /// <summary>From a container process to its lender: the next one.</summary>
    Want = 4,

    /// <summary>From a lender: here it is; a descriptor comes with it.</summary>
    HostMounts = 5,
}

/// <summary>Which part of an operation failed. The host turns it into words.</summary>
public enum Stage
{
    /// <summary>The operation's one system call.</summary>
    Whole,

    /// <summary>Opening the place inside the container.</summary>
    OpenDestination,

    /// <summary>Making a directory or file that is missing inside the container.</summary>
    MakeDestination,

    /// <summary>Opening what is to be shown.</summary>
    OpenSource,

    /// <summary>The kernel does not know the file system.</summary>
    OpenFilesystem,

    /// <summary>The file system refuses a parameter; the value is the parameter's index.</summary>
    SetParameter,

    /// <summary>The file system refuses to be made; the text is its own message.</summary>
    CreateFilesystem,

    /// <summary>Making a mount of the file system.</summary>
    MakeMount,

    /// <summary>Attaching the mount.</summary>
    AttachMount,

    /// <summary>Changing the mount's attributes.</summary>
    SetAttributes,

    /// <summary>What is there already is not the device that was asked for.</summary>
    DeviceDiffers,

    /// <summary>Changing the owner.</summary>
    ChangeOwner,

    /// <summary>The current directory is outside the container's root.</summary>
    DirectoryOutside,

    /// <summary>The limit reads back differently.</summary>
    LimitDiffers,

    /// <summary>Starting the hook's process.</summary>
    StartHook,

    /// <summary>The hook ended with this wait status; the text is the end of its output.</summary>
    HookFailed,

    /// <summary>The hook took too long and was killed.</summary>
    HookTimedOut,

    /// <summary>Changing the root.</summary>
    ChangeRoot,

    /// <summary>Leaving the old root.</summary>
    LeaveOldRoot,

    /// <summary>Setting supplementary groups.</summary>
    SetGroups,

    /// <summary>Setting the group.</summary>
    SetGroup,

    /// <summary>Setting the user.</summary>
    SetUser,

    /// <summary>Waiting on the gate.</summary>
    WaitAtStartSocket,

    /// <summary>A descriptor that was to be verified is something else.</summary>
    NotVerified,

    /// <summary>Opening a new pseudo-terminal of the container.</summary>
    OpenTerminal,

    /// <summary>What should be the container's pseudo-terminal is something else.</summary>
    TerminalNotVerified,

    /// <summary>Opening the program's side of the terminal and giving it its size.</summary>
    PrepareTerminal,

    /// <summary>Making it the controlling terminal and the standard streams.</summary>
    TakeTerminal,

    /// <summary>Sending the other side to the host.</summary>
    HandOver,

    /// <summary>A link in the image leads the mount into the container's procfs.</summary>
    LeadsIntoProc,

    /// <summary>Mapping the owners of the mount.</summary>
    MapOwners,

    /// <summary>Copying what the mount covers.</summary>
    CopyUp,

    /// <summary>Reconfiguring the file system; the text is its own message.</summary>
    Reconfigure,

    /// <summary>Labelling the root of the file system.</summary>
    Label,
}

/// <summary>One message of the lane: all have the same size, so that nothing needs a length or a parser.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Report
{
    /// <summary>The most bytes of <see cref="Text"/>.</summary>
    public const int TextCapacity = 464;

    /// <summary>What this says.</summary>
    public ReportKind Kind;

    /// <summary>Of a failure: the index of the operation.</summary>
    public int Step;

    /// <summary>Of a failure: the part of the operation.</summary>
    public Stage Stage;

    /// <summary>Of a failure: the error number.</summary>
    public Errno Errno;

    /// <summary>A checkpoint, a pid, a wait status or an index, as the kind and stage say.</summary>
    public long Value;

    /// <summary>Of <see cref="Checkpoint.Forked"/>: the pid.</summary>
    public long Pid;

    /// <summary>How many bytes of text there are.</summary>
    public int TextLength;

    /// <summary>
    /// Of a failure: how many operations were left, the failed one included. <c>start</c> knows only the end of the list that
    /// <c>create</c> made.
    /// </summary>
    public int StepsLeft;

    private fixed byte _text[TextCapacity];

    /// <summary>What the kernel or a hook had to say.</summary>
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

    /// <summary>The bytes of the text, for whoever fills them.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal Span<byte> TextBuffer => MemoryMarshal.CreateSpan(ref _text[0], TextCapacity);

    /// <summary>The message as bytes, as it travels.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal Span<byte> Bytes => MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<Report, byte>(ref this), sizeof(Report));

    /// <summary>Of a checkpoint: which one.</summary>
    public readonly Checkpoint Checkpoint => (Checkpoint)Value;

    /// <summary>The word of whoever starts the container.</summary>
    public static Report Go => new() { Kind = ReportKind.Go };

    /// <summary>The message that a checkpoint is reached.</summary>
    public static Report OfCheckpoint(Checkpoint checkpoint) => new() { Kind = ReportKind.Checkpoint, Value = (long)checkpoint };

    /// <summary>Sends this to a container process; one that is gone does not matter here, it is noticed when it is waited for.</summary>
    public SyscallResult Send(Fd channel) => Sockets.Send(channel, Bytes, MessageFlags.NoSignal);

    /// <summary>Waits for a message of a container process; null when it has closed its end.</summary>
    /// <exception cref="KernelException">The lane itself is broken.</exception>
    public static Report? Receive(Fd channel) => Receive(channel, out _);

    /// <summary>The same, and the descriptor that came with the message: a container's terminal comes so.</summary>
    /// <exception cref="KernelException">The lane itself is broken.</exception>
    public static Report? Receive(Fd channel, out OwnedFd? descriptor)
    {
        Report report = default;
        Fd sent = Fd.None;
        int count;
        SyscallResult received;
        do
        {
            received = Sockets.ReceiveDescriptors(channel, report.Bytes, new Span<Fd>(ref sent), out count);
        }
        while (received.Errno == Errno.EINTR);

        descriptor = count == 0 ? null : new OwnedFd(sent.Number);

        // A process that dies with a message of ours unread resets the connection instead of ending it.
        if (received.Errno == Errno.ECONNRESET || received is { Failed: false, Value: 0 })
        {
            return null;
        }

        received.OrThrow("recvmsg from the container process");
        return report;
    }
}
