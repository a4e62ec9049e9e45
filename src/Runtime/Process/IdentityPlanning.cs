using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The user of the program, what it may do, where it stands, and how it starts.</summary>
internal static class IdentityPlanning
{
    /// <summary>A program's directory that does not exist is made while the root can still be written to (PROC-03).</summary>
    public static void ProvideDirectory(ResolvedProgram program, PlanBuilder plan)
    {
        RootfsPath directory = RootfsPath.Parse(program.Process.Directory);
        if (!directory.IsRoot)
        {
            plan.Container(new MakeDirectory(directory), Origins.Process("cwd", "PROC-03"));
        }
    }

    /// <summary>Absent means that the caller's score stays (PROC-08).</summary>
    public static void AdjustOomScore(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.OomScoreAdjustment is { } value)
        {
            plan.Host(new SetOomScoreAdjustment(value), Origins.Process("oomScoreAdj", "PROC-08"));
        }
    }

    /// <summary>An environment without HOME gets the user's of the container's /etc/passwd, which may be for root's eyes only (PROC-04).</summary>
    public static void FindHome(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.Home is { } home)
        {
            plan.Container(new FindHome(program.Process.UserId, home), Origins.Process("env", "PROC-04"));
        }
    }

    /// <summary>Privileges only shrink from here on.</summary>
    public static void BecomeUser(ResolvedProgram program, HostFacts facts, PlanBuilder plan)
    {
        ResolvedProcess process = program.Process;
        RefuseNoId(process);
        SetLimits(process, facts, plan);

        // The same text that ProvideDirectory went by: what it made is where the program starts.
        Origin directory = Origins.Process("cwd", "PROC-02");
        string path = RootfsPath.Parse(process.Directory).ToString();
        plan.Container(new ChangeDirectory(path, Final: false), directory);

        ResolvedCapabilities wanted = process.Capabilities;
        CapabilitySet possible = Possible(program, facts);
        Warn(wanted, possible, process.UserId, facts, plan);
        Origin capabilities = Origins.Process("capabilities", "CAP-05");
        plan.Container(new LimitCapabilities(wanted.Bounding, facts.LastCapability), capabilities);

        Origin user = Origins.Process("user", "USR-01");
        bool keepGroups = facts.Rootless && process.AdditionalGroups.IsEmpty;
        plan.Container(new SetUser(process.UserId, process.GroupId, process.AdditionalGroups, keepGroups), user);

        CapabilitySet permitted = wanted.Permitted & possible;
        CapabilitySet inheritable = wanted.Inheritable & possible;
        CapabilitySet kept = SeccompPlanning.Needs(program, possible);
        plan.Container(
            new SetCapabilities(
                (wanted.Effective & permitted) | kept, permitted | kept, inheritable, wanted.Ambient & permitted & inheritable),
            capabilities);

        plan.Container(new ChangeDirectory(path, Final: true), directory);
        plan.Container(new SetUmask(process.Umask), Origins.Process("user", "USR-02"));
        if (process.NoNewPrivileges)
        {
            plan.Container(new SetNoNewPrivileges(), Origins.Process("noNewPrivileges", "PROC-07"));
        }

        if (process.Arguments.IsEmpty)
        {
            return;
        }

        plan.Container(new FindExecutable(Candidates(process), !process.Arguments[0].Contains('/', StringComparison.Ordinal)), Origins.Process("args", "PROC-06"));
    }

    /// <summary>The last steps: what could have hindered the earlier ones, and the program.</summary>
    public static void RunProgram(ResolvedProgram program, PlanBuilder plan)
    {
        ResolvedProcess process = program.Process;
        for (var i = 0; i < process.Limits.Length; i++)
        {
            if (process.Limits[i].Type == RlimitType.Nofile)
            {
                plan.Container(LimitOf(process.Limits[i]), Origins.Process("rlimits", i, "RLIM-02"));
            }
        }

        SeccompPlanning.Load(program, plan);
        plan.Container(
            program.Sockets.Run(Candidates(process), new CStringArray(process.Arguments), process.Environment, process.Home),
            Origins.Process("args", "PROC-05"));
    }

    /// <summary>
    /// Limits come before the capabilities that raising them needs are gone. The limit of open files is the exception: a
    /// low one would hinder the wait for start, so it is only raised here and set exactly at the end.
    /// </summary>
    private static void SetLimits(ResolvedProcess process, HostFacts facts, PlanBuilder plan)
    {
        for (var i = 0; i < process.Limits.Length; i++)
        {
            Rlimit limit = process.Limits[i];
            if (limit.Type != RlimitType.Nofile)
            {
                plan.Container(LimitOf(limit), Origins.Process("rlimits", i, "RLIM-02"));
            }
            else if (limit.Hard > facts.OpenFilesHard)
            {
                plan.Container(
                    new SetResourceLimit(ResourceLimit.OpenFiles, Math.Max(limit.Soft, facts.OpenFilesSoft), limit.Hard),
                    Origins.Process("rlimits", i, "RLIM-02"));
            }
        }
    }

    private static SetResourceLimit LimitOf(Rlimit limit) => new(ResourceOf(limit.Type), limit.Soft, limit.Hard);

    private static ResourceLimit ResourceOf(RlimitType type) => type switch
    {
        RlimitType.As => ResourceLimit.AddressSpace,
        RlimitType.Core => ResourceLimit.Core,
        RlimitType.Cpu => ResourceLimit.ProcessorTime,
        RlimitType.Data => ResourceLimit.Data,
        RlimitType.Fsize => ResourceLimit.FileSize,
        RlimitType.Locks => ResourceLimit.Locks,
        RlimitType.Memlock => ResourceLimit.LockedMemory,
        RlimitType.Msgqueue => ResourceLimit.MessageQueueBytes,
        RlimitType.Nice => ResourceLimit.Nice,
        RlimitType.Nofile => ResourceLimit.OpenFiles,
        RlimitType.Nproc => ResourceLimit.Processes,
        RlimitType.Rss => ResourceLimit.ResidentSet,
        RlimitType.Rtprio => ResourceLimit.RealTimePriority,
        RlimitType.Rttime => ResourceLimit.RealTimeTimeout,
        RlimitType.Sigpending => ResourceLimit.PendingSignals,
        RlimitType.Stack => ResourceLimit.Stack,
    };

    /// <summary>To setresuid(2) and setresgid(2) the highest number means "as it is": the program would stay root.</summary>
    private static void RefuseNoId(ResolvedProcess process)
    {
        if (process.UserId == uint.MaxValue || process.GroupId == uint.MaxValue)
        {
            throw Origins.Process("user", "USR-01").Refuse("4294967295 is no id of a user or group");
        }
    }

    /// <summary>What can be granted: in a user namespace of its own the container's root has everything there is.</summary>
    private static CapabilitySet Possible(ResolvedProgram program, HostFacts facts) =>
        program.InUserNamespace ? CapabilitySet.UpTo(facts.LastCapability) : facts.Capabilities;

    private static void Warn(ResolvedCapabilities wanted, CapabilitySet possible, uint user, HostFacts facts, PlanBuilder plan)
    {
        CapabilitySet granted = wanted.Permitted | wanted.Effective | wanted.Inheritable | wanted.Ambient;
        WarnOf(Beyond(granted, possible) | Beyond(wanted.Bounding, CapabilitySet.UpTo(facts.LastCapability)), "", "cannot be granted here", plan);
        WarnOf(Beyond(wanted.Effective & possible, wanted.Permitted), ".effective", "cannot be effective without being permitted", plan);
        // Root's program has what its bounding set has without that; Buildah writes such a set for every step of every build.
        CapabilitySet notAmbient = Beyond(wanted.Ambient & possible, wanted.Permitted & wanted.Inheritable);
        WarnOf(user == 0 ? Beyond(notAmbient, wanted.Bounding) : notAmbient, ".ambient", "cannot be ambient without being permitted and inheritable", plan);
    }

    private static CapabilitySet Beyond(CapabilitySet wanted, CapabilitySet limit) => new(wanted.Bits & ~limit.Bits);

    private static void WarnOf(CapabilitySet lost, string set, string reason, PlanBuilder plan)
    {
        if (lost != CapabilitySet.Empty)
        {
            plan.Warn($"process.capabilities{set}: left out, for it {reason}: {Hull.Linux.CapabilityNames.Describe(lost)}");
        }
    }

    /// <summary>The files that execvp(3) would try, in order.</summary>
    private static ImmutableArray<CString> Candidates(ResolvedProcess process)
    {
        if (process.Arguments.IsEmpty)
        {
            // No file has this name: it shows in the error when a container without a program is started.
            return [""];
        }

        string name = process.Arguments[0];
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return [name];
        }

        var candidates = ImmutableArray.CreateBuilder<CString>();
        foreach (string directory in SearchPath(process.Environment).Split(':'))
        {
            candidates.Add(directory.Length == 0 ? "./" + name : directory + "/" + name);
        }

        return candidates.ToImmutable();
    }

    /// <summary>PATH, or where the C library looks without one.</summary>
    private static string SearchPath(ImmutableArray<string> environment)
    {
        foreach (string entry in environment)
        {
            if (entry.StartsWith("PATH=", StringComparison.Ordinal))
            {
                return entry["PATH=".Length..];
            }
        }

        return "/bin:/usr/bin";
    }
}
