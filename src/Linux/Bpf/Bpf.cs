using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>What the bpf call does. bpf(2), linux/bpf.h</summary>
internal enum BpfCommand
{
    /// <summary><c>BPF_PROG_LOAD</c></summary>
    LoadProgram = 5,
    /// <summary><c>BPF_PROG_ATTACH</c></summary>
    AttachProgram = 8,
    /// <summary><c>BPF_PROG_DETACH</c></summary>
    DetachProgram = 9,
    /// <summary><c>BPF_PROG_GET_FD_BY_ID</c></summary>
    OpenProgram = 13,
    /// <summary><c>BPF_PROG_QUERY</c></summary>
    QueryPrograms = 16,
}

/// <summary>What a program is for. bpf(2), linux/bpf.h</summary>
internal enum BpfProgramType
{
    /// <summary><c>BPF_PROG_TYPE_UNSPEC</c></summary>
    Unspecified = 0,
    /// <summary><c>BPF_PROG_TYPE_CGROUP_DEVICE</c></summary>
    CgroupDevice = 15,
}

/// <summary>Where a program is attached. bpf(2), linux/bpf.h</summary>
internal enum BpfAttachType
{
    /// <summary><c>BPF_CGROUP_INET_INGRESS</c>: the kernel's zero; not used here.</summary>
    CgroupInternetIngress = 0,
    /// <summary><c>BPF_CGROUP_DEVICE</c></summary>
    CgroupDevice = 6,
}

/// <summary>How a program joins others that are attached there. bpf(2), linux/bpf.h</summary>
[Flags]
public enum BpfAttachFlags : uint
{
    /// <summary>Alone.</summary>
    None = 0,
    /// <summary><c>BPF_F_ALLOW_OVERRIDE</c></summary>
    AllowOverride = 1,
    /// <summary><c>BPF_F_ALLOW_MULTI</c>: with others; all must agree.</summary>
    AllowMultiple = 2,
    /// <summary><c>BPF_F_REPLACE</c>: instead of one of them. Kernel 5.6.</summary>
    Replace = 4,
}

/// <summary><c>struct bpf_insn</c>: one instruction of an eBPF program. linux/bpf.h</summary>
public readonly struct BpfInstruction
{
    /// <summary><c>code</c></summary>
    private readonly byte _code;

    // dst_reg in the low four bits, src_reg in the high four; C calls them bit fields, so they have no offset.
    private readonly byte _registers;

    /// <summary><c>off</c></summary>
    private readonly short _offset;

    /// <summary><c>imm</c></summary>
    private readonly int _immediate;

    /// <summary>An instruction.</summary>
    public BpfInstruction(byte code, byte destination, byte source, short offset, int immediate)
    {
        _code = code;
        _registers = (byte)((destination & 0xF) | (source << 4));
        _offset = offset;
        _immediate = immediate;
    }

    /// <summary>An instruction of a device program.</summary>
    public BpfInstruction(BpfOpcode code, byte destination = 0, byte source = 0, short offset = 0, int immediate = 0)
        : this((byte)code, destination, source, offset, immediate)
    {
    }

    /// <summary>What it does.</summary>
    public byte Code => _code;

    /// <summary>The register it writes.</summary>
    public byte Destination => (byte)(_registers & 0xF);

    /// <summary>The register it reads.</summary>
    public byte Source => (byte)(_registers >> 4);

    /// <summary>How far it jumps, or where in memory.</summary>
    public short Offset => _offset;

    /// <summary>Its constant.</summary>
    public int Immediate => _immediate;
}

/// <summary><c>union bpf_attr</c> as BPF_PROG_LOAD reads it. bpf(2), linux/bpf.h</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfLoadArguments
{
    /// <summary><c>prog_type</c></summary>
    internal BpfProgramType Type;

    /// <summary><c>insn_cnt</c></summary>
    internal uint InstructionCount;

    /// <summary><c>insns</c></summary>
    internal ulong Instructions;

    /// <summary><c>license</c></summary>
    internal ulong License;

    /// <summary><c>log_level</c></summary>
    internal uint LogLevel;

    /// <summary><c>log_size</c></summary>
    internal uint LogSize;

    /// <summary><c>log_buf</c></summary>
    internal ulong Log;

    /// <summary><c>kern_version</c></summary>
    internal uint KernelVersion;

    /// <summary><c>prog_flags</c></summary>
    internal uint Flags;
}

/// <summary><c>union bpf_attr</c> as BPF_PROG_ATTACH and BPF_PROG_DETACH read it. bpf(2), linux/bpf.h</summary>
internal struct BpfAttachArguments
{
    /// <summary><c>target_fd</c></summary>
    internal uint Target;

    /// <summary><c>attach_bpf_fd</c></summary>
    internal uint Program;

    /// <summary><c>attach_type</c></summary>
    internal BpfAttachType Type;

    /// <summary><c>attach_flags</c></summary>
    internal BpfAttachFlags Flags;

    /// <summary><c>replace_bpf_fd</c></summary>
    internal uint Replaced;
}

/// <summary><c>union bpf_attr</c> as BPF_PROG_QUERY reads and writes it. bpf(2), linux/bpf.h</summary>
internal struct BpfQueryArguments
{
    /// <summary><c>query.target_fd</c></summary>
    internal uint Target;

    /// <summary><c>query.attach_type</c></summary>
    internal BpfAttachType Type;

    /// <summary><c>query.query_flags</c></summary>
    internal uint QueryFlags;

    /// <summary><c>query.attach_flags</c></summary>
    internal BpfAttachFlags AttachFlags;

    /// <summary><c>query.prog_ids</c></summary>
    internal ulong ProgramIds;

    /// <summary><c>query.prog_cnt</c></summary>
    internal uint ProgramCount;
}

/// <summary>The device programs of v2 cgroups. Host side.</summary>
public static unsafe class Bpf
{
    // Signals that come faster than a program is checked would keep us here for ever.
    private const int MostTries = 1000;

    /// <summary>
    /// <c>bpf(BPF_PROG_LOAD, {BPF_PROG_TYPE_CGROUP_DEVICE, instructions, "Apache-2.0", log}, sizeof)</c>: check a program; the result is
    /// its descriptor, close-on-exec. An empty <paramref name="log"/> asks for none; otherwise the kernel's objections are in it, ended by
    /// a zero byte. The verifier gives up with EAGAIN when a signal comes, also one that is handled: it is then asked again. bpf(2)
    /// </summary>
    public static SyscallResult LoadProgram(ReadOnlySpan<BpfInstruction> instructions, Span<byte> log)
    {
        fixed (BpfInstruction* first = instructions)
        fixed (byte* text = log, license = "Apache-2.0\0"u8)
        {
            BpfLoadArguments arguments = default;
            arguments.Type = BpfProgramType.CgroupDevice;
            arguments.InstructionCount = (uint)instructions.Length;
            arguments.Instructions = (ulong)first;
            arguments.License = (ulong)license;
            arguments.LogLevel = log.IsEmpty ? 0u : 1u;
            arguments.LogSize = (uint)log.Length;
            arguments.Log = (ulong)text;
            SyscallResult loaded;
            int tries = 0;
            do
            {
                loaded = Kernel.Call(SyscallNumber.bpf, (nint)BpfCommand.LoadProgram, (nint)(&arguments), sizeof(BpfLoadArguments));
            }
            while (loaded.Errno == Errno.EAGAIN && ++tries < MostTries);

            return loaded;
        }
    }

    /// <summary>
    /// <c>bpf(BPF_PROG_ATTACH, {cgroup, program, BPF_CGROUP_DEVICE, flags, replaced}, sizeof)</c>: from now on the program judges access to
    /// devices in the cgroup. <paramref name="replaced"/> matters with <see cref="BpfAttachFlags.Replace"/> only. bpf(2)
    /// </summary>
    public static SyscallResult Attach(Fd cgroup, Fd program, BpfAttachFlags flags, Fd replaced)
    {
        BpfAttachArguments arguments = default;
        arguments.Target = (uint)cgroup.Number;
        arguments.Program = (uint)program.Number;
        arguments.Type = BpfAttachType.CgroupDevice;
        arguments.Flags = flags;
        arguments.Replaced = (flags & BpfAttachFlags.Replace) != 0 ? (uint)replaced.Number : 0;
        return Kernel.Call(SyscallNumber.bpf, (nint)BpfCommand.AttachProgram, (nint)(&arguments), sizeof(BpfAttachArguments));
    }

    /// <summary><c>bpf(BPF_PROG_DETACH, {cgroup, program, BPF_CGROUP_DEVICE}, sizeof)</c>: no longer. bpf(2)</summary>
    public static SyscallResult Detach(Fd cgroup, Fd program)
    {
        BpfAttachArguments arguments = default;
        arguments.Target = (uint)cgroup.Number;
        arguments.Program = (uint)program.Number;
        arguments.Type = BpfAttachType.CgroupDevice;
        return Kernel.Call(SyscallNumber.bpf, (nint)BpfCommand.DetachProgram, (nint)(&arguments), sizeof(BpfAttachArguments));
    }

    /// <summary>
    /// <c>bpf(BPF_PROG_QUERY, {cgroup, BPF_CGROUP_DEVICE, ids}, sizeof)</c>: which programs are attached to exactly this cgroup. ENOSPC
    /// when there are more than fit; <paramref name="count"/> is then how many. Kernel 4.15. bpf(2)
    /// </summary>
    public static SyscallResult Query(Fd cgroup, Span<uint> programIds, out int count)
    {
        fixed (uint* ids = programIds)
        {
            BpfQueryArguments arguments = default;
            arguments.Target = (uint)cgroup.Number;
            arguments.Type = BpfAttachType.CgroupDevice;
            arguments.ProgramIds = (ulong)ids;
            arguments.ProgramCount = (uint)programIds.Length;
            var result = Kernel.Call(SyscallNumber.bpf, (nint)BpfCommand.QueryPrograms, (nint)(&arguments), sizeof(BpfQueryArguments));
            count = (int)arguments.ProgramCount;
            return result;
        }
    }

    /// <summary><c>bpf(BPF_PROG_GET_FD_BY_ID, {id}, sizeof)</c>: a descriptor of a program that is loaded. bpf(2)</summary>
    public static SyscallResult OpenProgram(uint id)
    {
        // prog_id, next_id, open_flags
        var arguments = stackalloc uint[3] { id, 0, 0 };
        return Kernel.Call(SyscallNumber.bpf, (nint)BpfCommand.OpenProgram, (nint)arguments, 3 * sizeof(uint));
    }
}
