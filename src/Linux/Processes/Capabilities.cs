namespace Hull.Linux;

/// <summary>A set of capabilities: bit n is capability n. capabilities(7)</summary>
/// <param name="Bits">The set.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>None.</summary>
    public static CapabilitySet Empty => new(0);

    /// <summary>Every capability from 0 to <paramref name="last"/>, which the host reads from /proc/sys/kernel/cap_last_cap.</summary>
    public static CapabilitySet UpTo(int last) => new(last >= 63 ? ulong.MaxValue : (1UL << (last + 1)) - 1);

    /// <summary>The capability is in the set.</summary>
    public bool Contains(int capability) => ((Bits >> capability) & 1) != 0;

    /// <summary>This set and one more.</summary>
    public CapabilitySet With(int capability) => new(Bits | (1UL << capability));

    /// <summary>What is in both.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    /// <summary>What is in one of them.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    /// <summary>What is in both.</summary>
    public static CapabilitySet BitwiseAnd(CapabilitySet left, CapabilitySet right) => left & right;

    /// <summary>What is in one of them.</summary>
    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    /// <summary>Their names, for people: <c>CAP_CHOWN CAP_KILL</c>.</summary>
    public override string ToString() => CapabilityNames.Describe(this);
}

/// <summary>The capabilities of processes.</summary>
public static unsafe class Capabilities
{
    /// <summary>
    /// <c>capset({version 3, 0}, {effective, permitted, inheritable})</c>: this thread's sets. A capability the kernel does not know is
    /// ignored, unlike in the bounding and ambient sets. capset(2)
    /// </summary>
    public static SyscallResult Set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
    {
        CapabilityHeader header;
        header.Version = (uint)CapabilityVersion.Third;
        header.ProcessId = 0;
        CapabilityPair data;
        data.Low.Effective = (uint)effective.Bits;
        data.Low.Permitted = (uint)permitted.Bits;
        data.Low.Inheritable = (uint)inheritable.Bits;
        data.High.Effective = (uint)(effective.Bits >> 32);
        data.High.Permitted = (uint)(permitted.Bits >> 32);
        data.High.Inheritable = (uint)(inheritable.Bits >> 32);
        return Kernel.Call(SyscallNumber.capset, (nint)(&header), (nint)(&data));
    }

    /// <summary>
    /// <c>capget({version 3, pid}, {effective, permitted, inheritable})</c>: the sets of a process; pid 0 is us. capget(2)
    /// </summary>
    public static SyscallResult Get(
        int pid, out CapabilitySet effective, out CapabilitySet permitted, out CapabilitySet inheritable)
    {
        CapabilityHeader header;
        header.Version = (uint)CapabilityVersion.Third;
        header.ProcessId = pid;
        CapabilityPair data = default;
        var result = Kernel.Call(SyscallNumber.capget, (nint)(&header), (nint)(&data));
        effective = new CapabilitySet(data.Low.Effective | ((ulong)data.High.Effective << 32));
        permitted = new CapabilitySet(data.Low.Permitted | ((ulong)data.High.Permitted << 32));
        inheritable = new CapabilitySet(data.Low.Inheritable | ((ulong)data.High.Inheritable << 32));
        return result;
    }

    /// <summary>
    /// <c>prctl(PR_CAPBSET_DROP, capability)</c>: no program started from here gains it any more. EINVAL when the kernel does not know
    /// it. capabilities(7)
    /// </summary>
    public static SyscallResult DropFromBounding(int capability) =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.DropFromBoundingSet, capability);

    /// <summary><c>prctl(PR_CAPBSET_READ, capability)</c>: 1 or 0; EINVAL when the kernel does not know it. capabilities(7)</summary>
    public static SyscallResult IsInBounding(int capability) =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.ReadBoundingSet, capability);

    /// <summary>
    /// <c>prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)</c>: keep it over execve(2) of an ordinary program. EPERM unless it
    /// is permitted and inheritable. Kernel 4.3. capabilities(7)
    /// </summary>
    public static SyscallResult RaiseAmbient(int capability) => Kernel.Call(
        SyscallNumber.prctl, (nint)ProcessControl.AmbientCapabilities, (nint)AmbientOperation.Raise, capability);

    /// <summary>
    /// <c>prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)</c>: empty the ambient set. Kernel 4.3. capabilities(7)
    /// </summary>
    public static SyscallResult ClearAmbient() => Kernel.Call(
        SyscallNumber.prctl, (nint)ProcessControl.AmbientCapabilities, (nint)AmbientOperation.ClearAll);
}

/// <summary>The layout of what capget and capset exchange. capget(2), linux/capability.h</summary>
internal enum CapabilityVersion : uint
{
    /// <summary>No version: asks the kernel for its own.</summary>
    None = 0,
    /// <summary><c>_LINUX_CAPABILITY_VERSION_3</c>: 64 bits in two halves.</summary>
    Third = 0x20080522,
}

/// <summary><c>struct __user_cap_header_struct</c>. capget(2), linux/capability.h</summary>
internal struct CapabilityHeader
{
    /// <summary><c>version</c></summary>
    internal uint Version;

    /// <summary><c>pid</c></summary>
    internal int ProcessId;
}

/// <summary><c>struct __user_cap_data_struct</c>. capget(2), linux/capability.h</summary>
internal struct CapabilityData
{
    /// <summary><c>effective</c></summary>
    internal uint Effective;

    /// <summary><c>permitted</c></summary>
    internal uint Permitted;

    /// <summary><c>inheritable</c></summary>
    internal uint Inheritable;
}

/// <summary>The two halves of version 3.</summary>
internal struct CapabilityPair
{
    internal CapabilityData Low;
    internal CapabilityData High;
}
