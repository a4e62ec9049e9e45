using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>What the seccomp call does. seccomp(2), linux/seccomp.h</summary>
internal enum SeccompOperation
{
    /// <summary><c>SECCOMP_SET_MODE_STRICT</c>: the kernel's zero; not used here.</summary>
    SetModeStrict = 0,
    /// <summary><c>SECCOMP_SET_MODE_FILTER</c></summary>
    SetModeFilter = 1,
    /// <summary><c>SECCOMP_GET_ACTION_AVAIL</c></summary>
    GetActionAvailable = 2,
}

/// <summary>How a filter is installed. seccomp(2), linux/seccomp.h</summary>
[Flags]
public enum SeccompFilterFlags
{
    /// <summary>Plainly.</summary>
    None = 0,
    /// <summary><c>SECCOMP_FILTER_FLAG_TSYNC</c>: for all threads of the process.</summary>
    SynchronizeThreads = 1,
    /// <summary><c>SECCOMP_FILTER_FLAG_LOG</c>: log every action but allow.</summary>
    Log = 2,
    /// <summary><c>SECCOMP_FILTER_FLAG_SPEC_ALLOW</c>: without the speculative store bypass mitigation.</summary>
    AllowSpeculation = 4,
    /// <summary><c>SECCOMP_FILTER_FLAG_NEW_LISTENER</c>: the result is a descriptor of notifications. Kernel 5.0.</summary>
    NewListener = 8,
    /// <summary><c>SECCOMP_FILTER_FLAG_TSYNC_ESRCH</c>: with both of the above, ESRCH rather than a thread number. Kernel 5.7.</summary>
    SynchronizeOrNoSuchProcess = 16,
    /// <summary>
    /// <c>SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV</c>: only a fatal signal interrupts a received notification. Kernel 5.19.
    /// </summary>
    WaitKillable = 32,
}

/// <summary>What a filter answers, in the upper 16 bits; the lower 16 are its data. seccomp(2), linux/seccomp.h</summary>
public enum SeccompAction : uint
{
    /// <summary><c>SECCOMP_RET_KILL_THREAD</c></summary>
    KillThread = 0,
    /// <summary><c>SECCOMP_RET_TRAP</c>: SIGSYS.</summary>
    Trap = 0x00030000,
    /// <summary><c>SECCOMP_RET_ERRNO</c>: the data is the error number.</summary>
    Error = 0x00050000,
    /// <summary><c>SECCOMP_RET_USER_NOTIF</c>: ask the listener. Kernel 5.0.</summary>
    Notify = 0x7fc00000,
    /// <summary><c>SECCOMP_RET_TRACE</c>: ask the tracer; the data is for it.</summary>
    Trace = 0x7ff00000,
    /// <summary><c>SECCOMP_RET_LOG</c>: allow and log.</summary>
    Log = 0x7ffc0000,
    /// <summary><c>SECCOMP_RET_ALLOW</c></summary>
    Allow = 0x7fff0000,
    /// <summary><c>SECCOMP_RET_KILL_PROCESS</c>: kernel 4.14.</summary>
    KillProcess = 0x80000000,
}

/// <summary><c>struct sock_filter</c>: one instruction of a classic BPF program. linux/filter.h</summary>
public readonly struct FilterInstruction
{
    /// <summary><c>code</c></summary>
    private readonly ushort _code;

    /// <summary><c>jt</c></summary>
    private readonly byte _jumpTrue;

    /// <summary><c>jf</c></summary>
    private readonly byte _jumpFalse;

    /// <summary><c>k</c></summary>
    private readonly uint _operand;

    /// <summary>An instruction.</summary>
    /// <param name="code">What it does.</param>
    /// <param name="jumpTrue">How many instructions a jump skips when its condition holds.</param>
    /// <param name="jumpFalse">And when not.</param>
    /// <param name="operand">Its constant: BPF's k.</param>
    public FilterInstruction(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
    {
        _code = code;
        _jumpTrue = jumpTrue;
        _jumpFalse = jumpFalse;
        _operand = operand;
    }

    /// <summary>What it does.</summary>
    public ushort Code => _code;

    /// <summary>How many instructions a jump skips when its condition holds.</summary>
    public byte JumpTrue => _jumpTrue;

    /// <summary>And when not.</summary>
    public byte JumpFalse => _jumpFalse;

    /// <summary>Its constant: BPF's k.</summary>
    public uint Operand => _operand;
}

/// <summary><c>struct sock_fprog</c>. seccomp(2), linux/filter.h</summary>
internal unsafe struct FilterProgramHeader
{
    /// <summary><c>len</c></summary>
    internal ushort Length;

    /// <summary><c>filter</c></summary>
    internal FilterInstruction* Filter;
}

/// <summary>A classic BPF program at an address that never moves, so that a container process can install it.</summary>
public sealed unsafe class FilterProgram
{
    /// <summary>Copies the instructions.</summary>
    public FilterProgram(ReadOnlySpan<FilterInstruction> instructions)
    {
        Count = instructions.Length;
        // SAFETY: never freed; see CString.
        Pointer = (FilterInstruction*)NativeMemory.Alloc((nuint)Count, (nuint)sizeof(FilterInstruction));
        instructions.CopyTo(new Span<FilterInstruction>(Pointer, Count));
    }

    /// <summary>How many instructions; the kernel takes 4096.</summary>
    public int Count { get; }

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<FilterInstruction> Instructions => new(Pointer, Count);

    /// <summary>Where they are.</summary>
    internal FilterInstruction* Pointer { get; }
}

/// <summary>Filters of system calls.</summary>
public static unsafe class Seccomp
{
    /// <summary>
    /// <c>seccomp(SECCOMP_SET_MODE_FILTER, flags, program)</c>: from now on this program judges every system call, also those of what we
    /// become. Needs no-new-privileges or CAP_SYS_ADMIN (EACCES). With <see cref="SeccompFilterFlags.NewListener"/> the result is a
    /// descriptor, close-on-exec. seccomp(2)
    /// </summary>
    public static SyscallResult SetFilter(FilterProgram program, SeccompFilterFlags flags)
    {
        if (program.Count is < 1 or > ushort.MaxValue)
        {
            return SyscallResult.Failure(Errno.EINVAL);
        }

        FilterProgramHeader header;
        header.Length = (ushort)program.Count;
        header.Filter = program.Pointer;
        return Kernel.Call(SyscallNumber.seccomp, (nint)SeccompOperation.SetModeFilter, (nint)flags, (nint)(&header));
    }
}
