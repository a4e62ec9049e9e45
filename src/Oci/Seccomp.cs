using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>
/// The filter of system calls (config-linux.md, "Seccomp"). Engines keep their profiles in a form of their own, with conditions and a map of
/// architectures that they resolve for each container; what is theirs is read too, to be told from the specification's and to be resolved.
/// </summary>
[Document]
public sealed record Seccomp
{
    /// <summary>What happens to a call no rule names (SEC-01).</summary>
    [WhenMissing(nameof(Rules.SeccompActionIsKnown))]
    [WhenUnknown(nameof(Rules.SeccompActionIsKnown))]
    public required SeccompAction DefaultAction { get; init; }

    /// <summary>The errno of the default action; absent means EPERM (SEC-02).</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>The architectures beside the native one (SEC-04).</summary>
    [WhenUnknown(nameof(Rules.SeccompArchitecturesAreKnown))]
    public IReadOnlyList<SeccompArchitecture>? Architectures { get; init; }

    /// <summary>Flags of seccomp(2); absent is not the same as empty (SEC-05).</summary>
    [WhenUnknown(nameof(Rules.SeccompFlagsAreKnown))]
    public IReadOnlyList<SeccompFlag>? Flags { get; init; }

    /// <summary>The socket that gets the notification descriptor (SECL-01).</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Opaque data sent to that socket (SECL-04).</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SeccompSyscall>? Syscalls { get; init; }

    /// <summary>Of an engine's profile: which architectures go with which native one. Ignored in a configuration.</summary>
    public IReadOnlyList<SeccompArchitectureMap>? ArchMap { get; init; }

    /// <summary>Rules have an engine's conditions, which the kernel's filter cannot ask.</summary>
    public bool IsOfAnEngine()
    {
        foreach (SeccompSyscall syscall in Syscalls ?? [])
        {
            if (syscall.IsConditional())
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Of an engine's profile: the architectures whose calls a native one takes as well.</summary>
public sealed record SeccompArchitectureMap
{
    /// <summary>The native one; absent for one that this runtime does not know.</summary>
    public string? Architecture { get; init; }

    /// <summary>Those that go with it.</summary>
    public IReadOnlyList<string>? SubArchitectures { get; init; }
}

/// <summary>Of an engine's profile: when a rule is there (<c>includes</c>: all of it must hold) or is not (<c>excludes</c>: any of it).</summary>
public sealed record SeccompCondition
{
    /// <summary>Capabilities of the container.</summary>
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>Processors, by Go's names: <c>amd64</c>.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>The oldest kernel: <c>4.8</c>.</summary>
    public string? MinKernel { get; init; }

    /// <summary>It says anything.</summary>
    internal bool IsGiven() => Caps is { Count: > 0 } || Arches is { Count: > 0 } || !string.IsNullOrEmpty(MinKernel);
}

/// <summary>A rule: these calls, with these arguments, get this action (SEC-06).</summary>
public sealed record SeccompSyscall
{
    /// <summary>Names of system calls; unknown ones are skipped, so they stay strings (SEC-06).</summary>
    [WhenMissing(nameof(Rules.SeccompNamesAreGiven))]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What happens (SEC-01).</summary>
    [WhenMissing(nameof(Rules.SeccompActionIsKnown))]
    [WhenUnknown(nameof(Rules.SeccompActionIsKnown))]
    public required SeccompAction Action { get; init; }

    /// <summary>The errno or trace data of the action; absent means EPERM (SEC-03).</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions, all of which must hold (SEC-07).</summary>
    public IReadOnlyList<SeccompArgument>? Args { get; init; }

    /// <summary>Of an engine's profile: the rule is there only if this holds. Ignored in a configuration.</summary>
    public SeccompCondition? Includes { get; init; }

    /// <summary>Of an engine's profile: the rule is not there if any of this holds. Ignored in a configuration.</summary>
    public SeccompCondition? Excludes { get; init; }

    /// <summary>An engine's conditions say when the rule is there.</summary>
    internal bool IsConditional() => Includes?.IsGiven() == true || Excludes?.IsGiven() == true;
}

/// <summary>A condition on one argument of a call (SEC-07).</summary>
[WhenMissing(nameof(Rules.SeccompArgumentIsValid))]
public sealed record SeccompArgument
{
    /// <summary>The argument, 0 to 5.</summary>
    public required uint Index { get; init; }

    /// <summary>What it is compared with; the mask of <see cref="SeccompOperator.MaskedEqual"/>.</summary>
    public required ulong Value { get; init; }

    /// <summary>What the masked argument is compared with; absent means 0.</summary>
    public ulong? ValueTwo { get; init; }

    /// <summary>The comparison.</summary>
    [WhenUnknown(nameof(Rules.SeccompArgumentIsValid))]
    public required SeccompOperator Op { get; init; }
}

/// <summary>The actions; in the document with the prefix <c>SCMP_ACT_</c> (SEC-01).</summary>
[UpperCaseNames("SCMP_ACT_")]
[JsonConverter(typeof(SpecNameConverter<SeccompAction>))]
public enum SeccompAction
{
    /// <summary>The old name of <see cref="KillThread"/>.</summary>
    Kill,

    /// <summary>Kill the thread.</summary>
    KillThread,

    /// <summary>Kill the process.</summary>
    KillProcess,

    /// <summary>Send SIGSYS.</summary>
    Trap,

    /// <summary>Fail with an errno.</summary>
    Errno,

    /// <summary>Ask the tracer.</summary>
    Trace,

    /// <summary>Let it pass.</summary>
    Allow,

    /// <summary>Let it pass and log it.</summary>
    Log,

    /// <summary>Ask the listener.</summary>
    Notify,
}

/// <summary>The comparisons; in the document with the prefix <c>SCMP_CMP_</c> (SEC-07).</summary>
[UpperCaseNames("SCMP_CMP_")]
[JsonConverter(typeof(SpecNameConverter<SeccompOperator>))]
public enum SeccompOperator
{
    /// <summary><c>NE</c>.</summary>
    [SpecName("NE")]
    NotEqual,

    /// <summary><c>LT</c>, unsigned.</summary>
    [SpecName("LT")]
    LessThan,

    /// <summary><c>LE</c>, unsigned.</summary>
    [SpecName("LE")]
    LessOrEqual,

    /// <summary><c>EQ</c>.</summary>
    [SpecName("EQ")]
    Equal,

    /// <summary><c>GE</c>, unsigned.</summary>
    [SpecName("GE")]
    GreaterOrEqual,

    /// <summary><c>GT</c>, unsigned.</summary>
    [SpecName("GT")]
    GreaterThan,

    /// <summary><c>MASKED_EQ</c>: (argument and value) == valueTwo.</summary>
    [SpecName("MASKED_EQ")]
    MaskedEqual,
}

/// <summary>The flags of seccomp(2); in the document with the prefix <c>SECCOMP_FILTER_FLAG_</c> (SEC-05).</summary>
[UpperCaseNames("SECCOMP_FILTER_FLAG_")]
[JsonConverter(typeof(SpecNameConverter<SeccompFlag>))]
public enum SeccompFlag
{
    /// <summary>Synchronise all threads; without meaning for a process that has one.</summary>
    [SpecName("TSYNC")]
    ThreadSync,

    /// <summary>Log every action except allow.</summary>
    Log,

    /// <summary>Leave the speculative store bypass alone.</summary>
    [SpecName("SPEC_ALLOW")]
    SpeculationAllow,

    /// <summary>Only a fatal signal interrupts a notified call.</summary>
    [SpecName("WAIT_KILLABLE_RECV")]
    WaitKillableReceive,
}
