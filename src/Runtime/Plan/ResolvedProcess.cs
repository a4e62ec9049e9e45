using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The program, with nothing left open.</summary>
internal sealed record ResolvedProcess
{
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The environment but for <see cref="Home"/>; of several entries for one name the last has won.</summary>
    public required ImmutableArray<string> Environment { get; init; }

    /// <summary>HOME, which the container's /etc/passwd tells; null where the environment tells it.</summary>
    public required HomeVariable? Home { get; init; }

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

    public required ResolvedCapabilities Capabilities { get; init; }

    /// <summary>The processors of a program that joins a container (AFF-01).</summary>
    public required ExecCpuAffinity Affinity { get; init; }

    public required Scheduler? Scheduler { get; init; }

    public required IoPriority? IoPriority { get; init; }

    /// <summary>The AppArmor profile; null for none.</summary>
    public required string? ApparmorProfile { get; init; }

    /// <summary>The SELinux label; null for none.</summary>
    public required string? SelinuxLabel { get; init; }

    /// <summary>What runc and crun use when the configuration says nothing (USR-02 would keep the caller's).</summary>
    private const uint DefaultUmask = 0x12;

    /// <summary>What a container is created with that has no program: <c>start</c>, which needs one, will find nothing to run (PROC-01).</summary>
    public static Process None => new() { Cwd = "/", Args = [] };

    /// <summary>Resolves the program of a configuration.</summary>
    /// <exception cref="RuntimeError">There is no program to run (PROC-01).</exception>
    public static ResolvedProcess Of(Process? process)
    {
        if (process is null)
        {
            throw Origins.Property("process", "PROC-01").Refuse("required, but not set", "say what the container runs, at least process.cwd and process.args");
        }

        ImmutableArray<string> environment = WithoutRepetition(process.Env ?? [], out bool hasHome);
        User user = process.User ?? new User { Uid = 0, Gid = 0 };
        return new ResolvedProcess
        {
            Arguments = [.. process.Args],
            Environment = environment,
            Home = hasHome ? null : new HomeVariable(),
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
            Capabilities = ResolvedCapabilities.Of(process.Capabilities ?? new Oci.Capabilities()),
            Affinity = process.ExecCpuAffinity ?? new ExecCpuAffinity(),
            Scheduler = process.Scheduler,
            IoPriority = process.IoPriority,
            ApparmorProfile = string.IsNullOrEmpty(process.ApparmorProfile) ? null : process.ApparmorProfile,
            SelinuxLabel = string.IsNullOrEmpty(process.SelinuxLabel) ? null : process.SelinuxLabel,
        };
    }

    /// <summary>The last entry of each name; an empty HOME is none.</summary>
    private static ImmutableArray<string> WithoutRepetition(IReadOnlyList<string> environment, out bool hasHome)
    {
        hasHome = false;
        // Names are looked up from the end, so that 100,000 entries cost no more than 100,000 steps.
        var seen = new HashSet<string>(environment.Count, StringComparer.Ordinal);
        var kept = new List<string>(environment.Count);
        for (var i = environment.Count - 1; i >= 0; i--)
        {
            string entry = environment[i];
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (!seen.Add(equals < 0 ? entry : entry[..equals]) || entry == "HOME=")
            {
                continue;
            }

            hasHome |= entry.StartsWith("HOME=", StringComparison.Ordinal);
            kept.Add(entry);
        }

        kept.Reverse();
        return [.. kept];
    }
}

/// <summary>The five sets, as bits. Names that are not known are left out; validation has warned of them (CAP-02).</summary>
internal sealed record ResolvedCapabilities(
    CapabilitySet Effective,
    CapabilitySet Permitted,
    CapabilitySet Inheritable,
    CapabilitySet Bounding,
    CapabilitySet Ambient)
{
    public static ResolvedCapabilities Of(Oci.Capabilities capabilities) => new(
        SetOf(capabilities.Effective),
        SetOf(capabilities.Permitted),
        SetOf(capabilities.Inheritable),
        SetOf(capabilities.Bounding),
        SetOf(capabilities.Ambient));

    private static CapabilitySet SetOf(IReadOnlyList<string>? names)
    {
        CapabilitySet set = default;
        foreach (string name in names ?? [])
        {
            int capability = Oci.CapabilityNames.NumberOf(name);
            set = capability < 0 ? set : set.With(capability);
        }

        return set;
    }
}

/// <summary>The hooks of all six kinds, with nothing left open.</summary>
internal sealed record ResolvedHooks(
    ImmutableArray<HookCall> Prestart,
    ImmutableArray<HookCall> CreateRuntime,
    ImmutableArray<HookCall> CreateContainer,
    ImmutableArray<HookCall> StartContainer,
    ImmutableArray<HookCall> Poststart,
    ImmutableArray<HookCall> Poststop)
{
    /// <param name="hooks">As configured.</param>
    /// <param name="environment">The program's: a startContainer hook without one of its own gets it (HOOK-05).</param>
    /// <param name="home">What belongs to that environment and is found out later.</param>
    public static ResolvedHooks Of(Hooks hooks, ImmutableArray<string> environment, HomeVariable? home = null) => new(
        Resolve(hooks.Prestart, [], null),
        Resolve(hooks.CreateRuntime, [], null),
        Resolve(hooks.CreateContainer, [], null),
        Resolve(hooks.StartContainer, environment, home),
        Resolve(hooks.Poststart, [], null),
        Resolve(hooks.Poststop, [], null));

    private static ImmutableArray<HookCall> Resolve(IReadOnlyList<Hook>? hooks, ImmutableArray<string> environment, HomeVariable? home)
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
                checked((int)Math.Min((hook.Timeout ?? 0) * 1000L, int.MaxValue)),
                hook.Env is null ? home : null));
        }

        return calls.MoveToImmutable();
    }
}

/// <summary>The kinds of hooks in documents and messages.</summary>
internal static class HookKinds
{
    /// <summary>The kind as the specification writes it.</summary>
    public static string NameOf(HookKind kind) => kind switch
    {
        HookKind.Prestart => "prestart",
        HookKind.CreateRuntime => "createRuntime",
        HookKind.CreateContainer => "createContainer",
        HookKind.StartContainer => "startContainer",
        HookKind.Poststart => "poststart",
        HookKind.Poststop => "poststop",
    };

    /// <summary>The beginning of a message about a hook, which engines and their tests match: <c>error running prestart hook #0</c>.</summary>
    /// <param name="property">Which: <c>hooks.prestart[0]</c>.</param>
    public static string Running(string property)
    {
        int bracket = property.IndexOf('[', StringComparison.Ordinal);
        return $"error running {property["hooks.".Length..bracket]} hook #{property[(bracket + 1)..^1]}";
    }
}
