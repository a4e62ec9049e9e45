namespace Hull.Linux;

/// <summary>What the instructions of a device program do, of the many that there are. linux/bpf.h</summary>
public enum BpfOpcode : byte
{
    /// <summary><c>BPF_LDX | BPF_MEM | BPF_W</c>: destination = the 32 bits in memory at source + offset.</summary>
    LoadWord = 0x61,

    /// <summary><c>BPF_ALU | BPF_AND | BPF_K</c>: destination = the lower half of destination &amp; constant.</summary>
    And = 0x54,

    /// <summary><c>BPF_ALU | BPF_RSH | BPF_K</c>: destination = the lower half of destination &gt;&gt; constant.</summary>
    ShiftRight = 0x74,

    /// <summary><c>BPF_ALU64 | BPF_MOV | BPF_K</c>: destination = constant.</summary>
    Set = 0xB7,

    /// <summary><c>BPF_ALU64 | BPF_MOV | BPF_X</c>: destination = source.</summary>
    Copy = 0xBF,

    /// <summary><c>BPF_JMP | BPF_JEQ | BPF_K</c>: jump if destination is the constant.</summary>
    JumpIfEqual = 0x15,

    /// <summary><c>BPF_JMP | BPF_JNE | BPF_K</c>: jump if destination is not the constant.</summary>
    JumpIfDifferent = 0x55,

    /// <summary><c>BPF_JMP | BPF_JSET | BPF_K</c>: jump if destination has a bit of the constant.</summary>
    JumpIfAnyBit = 0x45,

    /// <summary><c>BPF_JMP | BPF_EXIT</c>: end; register 0 is the result.</summary>
    Exit = 0x95,
}

/// <summary>The type of the device that is to be used: the lower half of <c>bpf_cgroup_dev_ctx.access_type</c>. linux/bpf.h</summary>
public enum BpfDeviceType
{
    /// <summary>Both.</summary>
    None = 0,

    /// <summary><c>BPF_DEVCG_DEV_BLOCK</c></summary>
    Block = 1,

    /// <summary><c>BPF_DEVCG_DEV_CHAR</c></summary>
    Character = 2,
}

/// <summary>What is to be done with a device: the upper half of <c>bpf_cgroup_dev_ctx.access_type</c>. linux/bpf.h</summary>
[Flags]
public enum BpfDeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>BPF_DEVCG_ACC_MKNOD</c></summary>
    MakeNode = 1,

    /// <summary><c>BPF_DEVCG_ACC_READ</c></summary>
    Read = 2,

    /// <summary><c>BPF_DEVCG_ACC_WRITE</c></summary>
    Write = 4,
}
