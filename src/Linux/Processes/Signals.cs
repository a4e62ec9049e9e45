namespace Hull.Linux;

/// <summary>A set of signals: bit n - 1 is signal n. sigset_t of the kernel, 64 bits.</summary>
/// <param name="Bits">The set.</param>
public readonly record struct SignalMask(ulong Bits)
{
    /// <summary>No signal.</summary>
    public static SignalMask Empty => new(0);

    /// <summary>All of them; the kernel leaves SIGKILL and SIGSTOP out by itself.</summary>
    public static SignalMask Full => new(ulong.MaxValue);

    /// <summary>Those whose default is to end a process, but for SIGKILL: all that neither stop it nor let it go on nor are ignored. signal(7)</summary>
    public static SignalMask Deadly => new(~(
        (1UL << ((int)Signal.SIGKILL - 1)) | (1UL << ((int)Signal.SIGSTOP - 1)) | (1UL << ((int)Signal.SIGTSTP - 1))
        | (1UL << ((int)Signal.SIGTTIN - 1)) | (1UL << ((int)Signal.SIGTTOU - 1)) | (1UL << ((int)Signal.SIGCONT - 1))
        | (1UL << ((int)Signal.SIGCHLD - 1)) | (1UL << ((int)Signal.SIGURG - 1)) | (1UL << ((int)Signal.SIGWINCH - 1))));

    /// <summary>This set and one more.</summary>
    public SignalMask With(int signal) => new(Bits | (1UL << (signal - 1)));

    /// <summary>The signal is in the set.</summary>
    public bool Contains(int signal) => (Bits & (1UL << (signal - 1))) != 0;
}

/// <summary>What happens to the signal mask. sigprocmask(2), asm-generic/signal-defs.h</summary>
internal enum SignalMaskChange
{
    /// <summary><c>SIG_BLOCK</c></summary>
    Block = 0,
    /// <summary><c>SIG_UNBLOCK</c></summary>
    Unblock = 1,
    /// <summary><c>SIG_SETMASK</c></summary>
    Set = 2,
}

/// <summary>How a signal descriptor is made. signalfd(2), linux/signalfd.h</summary>
[Flags]
public enum SignalDescriptorFlags
{
    /// <summary>Reading waits.</summary>
    None = 0,
    /// <summary><c>SFD_NONBLOCK</c>: EAGAIN rather than waiting.</summary>
    NonBlocking = 0x800,
    /// <summary><c>SFD_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 0x80000,
}

/// <summary>Signals: blocking, ignoring and reading them.</summary>
public static unsafe class Signals
{
    /// <summary>The highest signal number. signal(7)</summary>
    public const int Last = 64;

    private const int MaskSize = 8;

    /// <summary><c>rt_sigprocmask(SIG_SETMASK, all, old, 8)</c>: block everything that can be blocked. sigprocmask(2)</summary>
    public static SyscallResult BlockAllSignals(out SignalMask old)
    {
        ulong all = ulong.MaxValue, before = 0;
        var result = Kernel.Call(
            SyscallNumber.rt_sigprocmask, (nint)SignalMaskChange.Set, (nint)(&all), (nint)(&before), MaskSize);
        old = new SignalMask(before);
        return result;
    }

    /// <summary><c>rt_sigprocmask(SIG_SETMASK, mask, NULL, 8)</c>: block exactly these. sigprocmask(2)</summary>
    public static SyscallResult SetSignalMask(in SignalMask mask)
    {
        ulong bits = mask.Bits;
        return Kernel.Call(SyscallNumber.rt_sigprocmask, (nint)SignalMaskChange.Set, (nint)(&bits), 0, MaskSize);
    }

    /// <summary><c>rt_sigprocmask(SIG_BLOCK, mask, NULL, 8)</c>: block these as well. sigprocmask(2)</summary>
    public static SyscallResult BlockSignals(in SignalMask mask)
    {
        ulong bits = mask.Bits;
        return Kernel.Call(SyscallNumber.rt_sigprocmask, (nint)SignalMaskChange.Block, (nint)(&bits), 0, MaskSize);
    }

    /// <summary>
    /// <c>rt_sigaction(signal, {SIG_DFL}, NULL, 8)</c> for each of these but SIGKILL and SIGSTOP. The container process alone calls it for more than one:
    /// .NET ignores SIGPIPE and has handlers of its own, callers hand over ignored signals, and those survive execve(2). sigaction(2)
    /// </summary>
    public static SyscallResult ResetSignalDispositions(SignalMask signals)
    {
        // SAFETY: all zero is SIG_DFL without flags, so the kernel never looks at a handler or restorer of this memory.
        SignalAction byDefault = default;
        for (var signal = 1; signal <= Last; signal++)
        {
            if (signal is (int)Signal.SIGKILL or (int)Signal.SIGSTOP || !signals.Contains(signal))
            {
                continue;
            }

            var result = Kernel.Call(SyscallNumber.rt_sigaction, signal, (nint)(&byDefault), 0, MaskSize);
            if (result.Failed)
            {
                return result;
            }
        }

        return SyscallResult.Success();
    }

    /// <summary>
    /// <c>rt_sigaction(SIGSEGV, NULL, old, 8)</c>: the signal has a handler, as in every process of .NET; in a new one it has none where the kernel
    /// has cleared the handlers. sigaction(2)
    /// </summary>
    public static bool HasHandlers()
    {
        SignalAction current = default;
        return Kernel.Call(SyscallNumber.rt_sigaction, (int)Signal.SIGSEGV, 0, (nint)(&current), MaskSize).Failed || current.Handler != 0;
    }

    /// <summary>The signals that this process ignores, SIGPIPE among them (.NET); all where /proc cannot be read. Host side only. proc_pid_status(5)</summary>
    public static SignalMask Ignored()
    {
        ReadOnlySpan<byte> name = "\nSigIgn:\t"u8;
        Span<byte> status = stackalloc byte[4096];
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, "/proc/self/status", OpenFlags.ReadOnly);
        if (opened.Failed)
        {
            return SignalMask.Full;
        }

        SyscallResult read = Files.ReadWaiting(opened.Fd, status);
        Files.Close(opened.Fd);
        ReadOnlySpan<byte> text = read.Failed ? default : status[..(int)read.Value];
        int place = text.IndexOf(name);
        return place >= 0 && System.Buffers.Text.Utf8Parser.TryParse(text[(place + name.Length)..], out ulong bits, out _, 'x')
            ? new SignalMask(bits)
            : SignalMask.Full;
    }

    /// <summary>
    /// <c>signalfd4(-1, mask, 8, flags | SFD_CLOEXEC)</c>: a descriptor from which blocked signals are read as
    /// <see cref="SignalRecord"/>s. signalfd(2)
    /// </summary>
    public static SyscallResult SignalDescriptor(in SignalMask mask, SignalDescriptorFlags flags = SignalDescriptorFlags.None)
    {
        ulong bits = mask.Bits;
        return Kernel.Call(
            SyscallNumber.signalfd4, -1, (nint)(&bits), MaskSize, (nint)(flags | SignalDescriptorFlags.CloseOnExec));
    }

    /// <summary>
    /// <c>read(signalDescriptor, record, 128)</c>: the next signal; waits unless it was made not to. Host side only. signalfd(2)
    /// </summary>
    public static SyscallResult ReadSignal(Fd signalDescriptor, out SignalRecord record)
    {
        SignalRecord buffer = default;
        var result = Kernel.Wait(SyscallNumber.read, signalDescriptor.Number, (nint)(&buffer), sizeof(SignalRecord));
        record = buffer;
        return result;
    }
}

/// <summary><c>struct sigaction</c> as the kernel has it, not glibc's. sigaction(2), asm/signal.h</summary>
internal struct SignalAction
{
    /// <summary><c>sa_handler</c></summary>
    internal nint Handler;

    /// <summary><c>sa_flags</c></summary>
    internal ulong Flags;

    /// <summary><c>sa_restorer</c></summary>
    internal nint Restorer;

    /// <summary><c>sa_mask</c></summary>
    internal ulong Mask;
}

/// <summary><c>struct signalfd_siginfo</c>: one signal that was read. signalfd(2), linux/signalfd.h</summary>
public readonly unsafe struct SignalRecord
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 128;

    /// <summary><c>ssi_signo</c></summary>
    private readonly uint _signal;

    /// <summary><c>ssi_errno</c></summary>
    private readonly int _error;

    /// <summary><c>ssi_code</c></summary>
    private readonly int _code;

    /// <summary><c>ssi_pid</c></summary>
    private readonly uint _processId;

    /// <summary><c>ssi_uid</c></summary>
    private readonly uint _userId;

    // Nothing else is of interest; the record has 128 bytes.
    private readonly uint _spare0;
    private readonly ulong _spare1, _spare2, _spare3, _spare4, _spare5, _spare6, _spare7;
    private readonly ulong _spare8, _spare9, _spare10, _spare11, _spare12, _spare13;

    /// <summary>Which signal.</summary>
    public int Signal => (int)_signal;

    /// <summary>The process that sent it; for SIGCHLD the child.</summary>
    public int ProcessId => (int)_processId;

    /// <summary>The user that sent it.</summary>
    public uint UserId => _userId;
}
