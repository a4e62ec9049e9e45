using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>The program, with nothing left open.</summary>
internal sealed record SettledProcess
{
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The environment; of several entries for one name the last has won.</summary>
    public required ImmutableArray<string> Environment { get; init; }

    public required string Directory { get; init; }

    public required uint UserId { get; init; }

    public required uint GroupId { get; init; }

    public required ImmutableArray<uint> AdditionalGroups { get; init; }

    public required uint Umask { get; init; }

    public required bool Terminal { get; init; }

    /// <summary>The size of that terminal; null without one (TTY-03).</summary>
    public required ConsoleSize? ConsoleSize { get; init; }

    public required bool NoNewPrivileges { get; init; }

    public required int? OomScoreAdjustment { get; init; }

    public required ImmutableArray<Rlimit> Limits { get; init; }

    public required SettledCapabilities Capabilities { get; init; }

    /// <summary>The processors of a program that joins a container (AFF-01).</summary>
    public required ExecCpuAffinity Affinity { get; init; }

    /// <summary>What runc and crun use when the configuration says nothing (USR-02 would keep the caller's).</summary>
    private const uint DefaultUmask = 0x12;

    /// <summary>Settles the program of a configuration.</summary>
    /// <exception cref="RuntimeError">There is no program to run (PROC-01).</exception>
    public static SettledProcess Of(Process? process)
    {
        if (process is null)
        {
            throw Origins.Property("process", "PROC-01").Refuse("required, but not set", "say what the container runs, at least process.cwd and process.args");
        }

        User user = process.User ?? new User { Uid = 0, Gid = 0 };
        return new SettledProcess
        {
            Arguments = [.. process.Args],
            Environment = WithoutRepetition(process.Env ?? []),
            Directory = process.Cwd,
            UserId = user.Uid,
            GroupId = user.Gid,
            AdditionalGroups = [.. user.AdditionalGids ?? []],
            Umask = user.Umask ?? DefaultUmask,
            Terminal = process.Terminal ?? false,
            ConsoleSize = process.Terminal == true ? process.ConsoleSize : null,
            NoNewPrivileges = process.NoNewPrivileges ?? false,
            OomScoreAdjustment = process.OomScoreAdj,
            Limits = [.. process.Rlimits ?? []],
            Capabilities = SettledCapabilities.Of(process.Capabilities ?? new Oci.Capabilities()),
            Affinity = process.ExecCpuAffinity ?? new ExecCpuAffinity(),
        };
    }

    private static ImmutableArray<string> WithoutRepetition(IReadOnlyList<string> environment)
    {
        // Names are looked up from the end, so that 100,000 entries cost no more than 100,000 steps.
        var seen = new HashSet<string>(environment.Count, StringComparer.Ordinal);
        var kept = new List<string>(environment.Count);
        for (var i = environment.Count - 1; i >= 0; i--)
        {
            string entry = environment[i];
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (seen.Add(equals < 0 ? entry : entry[..equals]))
            {
                kept.Add(entry);
            }
        }

        kept.Reverse();
        return [.. kept];
    }
}

/// <summary>The five sets, as bits. Names that the specification does not know are kept apart, for the warning (CAP-02).</summary>
internal sealed record SettledCapabilities(
    CapabilitySet Effective,
    CapabilitySet Permitted,
    CapabilitySet Inheritable,
    CapabilitySet Bounding,
    CapabilitySet Ambient,
    ImmutableArray<string> Unknown)
{
    public static SettledCapabilities Of(Oci.Capabilities capabilities)
    {
        var unknown = ImmutableArray.CreateBuilder<string>();
        return new SettledCapabilities(
            SetOf(capabilities.Effective, unknown),
            SetOf(capabilities.Permitted, unknown),
            SetOf(capabilities.Inheritable, unknown),
            SetOf(capabilities.Bounding, unknown),
            SetOf(capabilities.Ambient, unknown),
            unknown.ToImmutable());
    }

    private static CapabilitySet SetOf(IReadOnlyList<string>? names, ImmutableArray<string>.Builder unknown)
    {
        CapabilitySet set = default;
        foreach (string name in names ?? [])
        {
            int capability = Oci.CapabilityNames.NumberOf(name);
            if (capability >= 0)
            {
                set = set.With(capability);
            }
            else if (!unknown.Contains(name))
            {
                unknown.Add(name);
            }
        }

        return set;
    }
}

/// <summary>The hooks of all six kinds, with nothing left open.</summary>
internal sealed record SettledHooks(
    ImmutableArray<HookCall> Prestart,
    ImmutableArray<HookCall> CreateRuntime,
    ImmutableArray<HookCall> CreateContainer,
    ImmutableArray<HookCall> StartContainer,
    ImmutableArray<HookCall> Poststart,
    ImmutableArray<HookCall> Poststop)
{
    /// <param name="hooks">As configured.</param>
    /// <param name="environment">The program's: a startContainer hook without one of its own gets it (HOOK-05).</param>
    public static SettledHooks Of(Hooks hooks, ImmutableArray<string> environment) => new(
        Settle(hooks.Prestart, []),
        Settle(hooks.CreateRuntime, []),
        Settle(hooks.CreateContainer, []),
        Settle(hooks.StartContainer, environment),
        Settle(hooks.Poststart, []),
        Settle(hooks.Poststop, []));

    private static ImmutableArray<HookCall> Settle(IReadOnlyList<Hook>? hooks, ImmutableArray<string> environment)
    {
        if (hooks is null || hooks.Count == 0)
        {
            return [];
        }

        var calls = ImmutableArray.CreateBuilder<HookCall>(hooks.Count);
        foreach (Hook hook in hooks)
        {
            calls.Add(new HookCall(
                hook.Path,
                hook.Args is { Count: > 0 } arguments ? [.. arguments] : [hook.Path],
                hook.Env is { } own ? [.. own] : environment,
                checked((int)Math.Min((hook.Timeout ?? 0) * 1000L, int.MaxValue))));
        }

        return calls.MoveToImmutable();
    }
}
