using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A compiled profile: what seccomp(2) takes.</summary>
/// <param name="Instructions">The program; <see cref="MaximumLength"/> at most.</param>
/// <param name="Flags">How it is to be loaded (SEC-05).</param>
internal sealed record SeccompProgram(ImmutableArray<FilterInstruction> Instructions, SeccompFilterFlags Flags)
{
    /// <summary>BPF_MAXINSNS: the kernel takes no longer program.</summary>
    public const int MaximumLength = 4096;
}
