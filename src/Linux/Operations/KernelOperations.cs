using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>
/// Set a sysctl of a namespace that this process is in, through the host's procfs, which the container cannot change
/// (CVE-2025-31133, CVE-2025-52881). proc_sys(5)
/// </summary>
/// <param name="File">Its path below /proc: <c>sys/net/ipv4/ip_forward</c>.</param>
/// <param name="Value">What is written.</param>
public sealed record SetSysctl(CString File, CString Value) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"write \"{Value}\" to /proc/{File}";
}

/// <summary>
/// Set the label of the program, or of the keyrings and files that this process makes from now on; through the host's procfs, as
/// <see cref="SetSysctl"/> does (CVE-2019-16884). apparmor(7), selinux(8)
/// </summary>
/// <param name="File">The attribute below /proc: <c>thread-self/attr/exec</c>.</param>
/// <param name="OlderFile">Where kernels that lack the first have it; the default value when there is no other place.</param>
/// <param name="Label">What is written.</param>
/// <param name="MayLackModule">A kernel without the module does what the label says anyway.</param>
public sealed record SetSecurityLabel(CString File, CString OlderFile, CString Label, bool MayLackModule = false) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"write \"{Label}\" to /proc/{File}";
}

/// <summary>Choose the execution domain; execve keeps it. personality(2)</summary>
public sealed record SetPersonality(ExecutionDomain Domain) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"choose the execution domain {Domain}";
}

/// <summary>Choose the memory nodes that memory comes from; execve keeps the choice. set_mempolicy(2)</summary>
/// <param name="Mode">How nodes are chosen.</param>
/// <param name="Flags">What the nodes mean.</param>
/// <param name="Nodes">Bit n % 64 of number n / 64 is node n; empty for no nodes.</param>
public sealed record SetMemoryPolicy(MemoryPolicyMode Mode, MemoryPolicyFlags Flags, ImmutableArray<ulong> Nodes) : Operation
{
    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<int> nodes = Enumerable.Range(0, Nodes.Length * 64).Where(node => ((Nodes[node / 64] >> (node % 64)) & 1) == 1);
        string text = string.Join(",", nodes);
        return $"choose the memory policy {Mode}{(text.Length == 0 ? "" : $" of the nodes {text}")}{(Flags == MemoryPolicyFlags.None ? "" : $" ({Flags})")}";
    }
}

/// <summary>
/// Look up the user's home directory in the container's /etc/passwd. Without an entry, or without that file, it is <c>/</c>.
/// Nothing in the image can make this fail or wait. passwd(5)
/// </summary>
/// <param name="UserId">As the container numbers users.</param>
/// <param name="Home">The entry of the program's environment that is filled in.</param>
public sealed record FindHome(uint UserId, HomeVariable Home) : Operation
{
    /// <inheritdoc/>
    public override string Describe() => $"look up the home directory of user {UserId}";
}
