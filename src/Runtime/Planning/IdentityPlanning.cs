using System.Collections.Immutable;
using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>Who the program is, what it may do, where it stands, and how it starts.</summary>
internal static class IdentityPlanning
{
    /// <summary>A program's directory that does not exist is made while the root can still be written to (PROC-03).</summary>
    public static void ProvideDirectory(SettledProgram program, Lanes lanes)
    {
        RootfsPath directory = RootfsPath.Parse(program.Process.Directory);
        if (!directory.IsRoot)
        {
            lanes.Inside(new MakeDirectory(directory), Origins.Process("cwd", "PROC-03"));
        }
    }

    /// <summary>Absent means that the caller's score stays (PROC-08).</summary>
    public static void AdjustOomScore(SettledProgram program, Lanes lanes)
    {
        if (program.Process.OomScoreAdjustment is { } value)
        {
            lanes.Beside(new SetOomScoreAdjustment(value), Origins.Process("oomScoreAdj", "PROC-08"));
        }
    }

    /// <summary>An environment without HOME gets the user's of the container's /etc/passwd, which may be for root's eyes only (PROC-04).</summary>
    public static void FindHome(SettledProgram program, Lanes lanes)
    {
        if (program.Process.Home is { } home)
        {
            lanes.Inside(new FindHome(program.Process.UserId, home), Origins.Process("env", "PROC-04"));
        }
    }

    /// <summary>Privileges only shrink from here on.</summary>
    public static void BecomeUser(SettledProgram program, HostFacts facts, Lanes lanes)
    {
        SettledProcess process = program.Process;
        RefuseNoId(process);
        SetLimits(process, facts, lanes);

        // The same text that ProvideDirectory went by: what it made is where the program starts.
        Origin directory = Origins.Process("cwd", "PROC-02");
        string path = RootfsPath.Parse(process.Directory).ToString();
        lanes.Inside(new ChangeDirectory(path, Final: false), directory);

        SettledCapabilities wanted = process.Capabilities;
        CapabilitySet possible = Possible(program, facts);
        Warn(wanted, possible, process.UserId, facts, lanes);
        Origin capabilities = Origins.Process("capabilities", "CAP-05");
        lanes.Inside(new LimitCapabilities(wanted.Bounding, facts.LastCapability), capabilities);

        Origin user = Origins.Process("user", "USR-01");
        bool keepGroups = facts.Rootless && process.AdditionalGroups.IsEmpty;
        lanes.Inside(new SetUser(process.UserId, process.GroupId, process.AdditionalGroups, keepGroups), user);

        CapabilitySet permitted = wanted.Permitted & possible;
        CapabilitySet inheritable = wanted.Inheritable & possible;
        CapabilitySet kept = SeccompPlanning.Needs(program, possible);
        lanes.Inside(
            new SetCapabilities(
                (wanted.Effective & permitted) | kept, permitted | kept, inheritable, wanted.Ambient & permitted & inheritable),
            capabilities);

        lanes.Inside(new ChangeDirectory(path, Final: true), directory);
        lanes.Inside(new SetUmask(process.Umask), Origins.Process("user", "USR-02"));
        if (process.NoNewPrivileges)
        {
            lanes.Inside(new SetNoNewPrivileges(), Origins.Process("noNewPrivileges", "PROC-07"));
        }

        if (process.Arguments.IsEmpty)
        {
            return;
        }

        lanes.Inside(new FindExecutable(Candidates(process), !process.Arguments[0].Contains('/', StringComparison.Ordinal)), Origins.Process("args", "PROC-06"));
    }

    /// <summary>The last steps: what could have hindered the earlier ones, and the program.</summary>
    public static void RunProgram(SettledProgram program, Lanes lanes)
    {
        SettledProcess process = program.Process;
        for (var i = 0; i < process.Limits.Length; i++)
        {
            if (process.Limits[i].Type == RlimitType.Nofile)
            {
                lanes.Inside(LimitOf(process.Limits[i]), Origins.Process("rlimits", i, "RLIM-02"));
            }
        }

        SeccompPlanning.Load(program, lanes);
        lanes.Inside(
            program.Sockets.Run(Candidates(process), new CStringArray(process.Arguments), process.Environment, process.Home),
            Origins.Process("args", "PROC-05"));
    }

    /// <summary>
    /// Limits come before the capabilities that raising them needs are gone. The limit of open files is the exception: a
    /// low one would hinder the wait for start, so it is only raised here and set exactly at the end.
    /// </summary>
    private static void SetLimits(SettledProcess process, HostFacts facts, Lanes lanes)
    {
        for (var i = 0; i < process.Limits.Length; i++)
        {
            Rlimit limit = process.Limits[i];
            if (limit.Type != RlimitType.Nofile)
            {
                lanes.Inside(LimitOf(limit), Origins.Process("rlimits", i, "RLIM-02"));
            }
            else if (limit.Hard > facts.OpenFilesHard)
            {
                lanes.Inside(
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
        _ => ResourceLimit.Stack,
    };

    /// <summary>To setresuid(2) and setresgid(2) the highest number means "as it is": the program would stay root.</summary>
    private static void RefuseNoId(SettledProcess process)
    {
        if (process.UserId == uint.MaxValue || process.GroupId == uint.MaxValue)
        {
            throw Origins.Process("user", "USR-01").Refuse("4294967295 is no id of a user or group");
        }
    }

    /// <summary>What can be granted: in a user namespace of its own the container's root has everything there is.</summary>
    private static CapabilitySet Possible(SettledProgram program, HostFacts facts) =>
        program.InUserNamespace ? CapabilitySet.UpTo(facts.LastCapability) : facts.Capabilities;

    private static void Warn(SettledCapabilities wanted, CapabilitySet possible, uint user, HostFacts facts, Lanes lanes)
    {
        CapabilitySet granted = wanted.Permitted | wanted.Effective | wanted.Inheritable | wanted.Ambient;
        WarnOf(Beyond(granted, possible) | Beyond(wanted.Bounding, CapabilitySet.UpTo(facts.LastCapability)), "", "cannot be granted here", lanes);
        WarnOf(Beyond(wanted.Effective & possible, wanted.Permitted), ".effective", "cannot be effective without being permitted", lanes);
        // Root's program gets what is permitted without it; Buildah writes such a set for every step of every build.
        if (user != 0)
        {
            WarnOf(
                Beyond(wanted.Ambient & possible, wanted.Permitted & wanted.Inheritable), ".ambient",
                "cannot be ambient without being permitted and inheritable", lanes);
        }
    }

    private static CapabilitySet Beyond(CapabilitySet wanted, CapabilitySet limit) => new(wanted.Bits & ~limit.Bits);

    private static void WarnOf(CapabilitySet lost, string set, string reason, Lanes lanes)
    {
        if (lost != CapabilitySet.Empty)
        {
            lanes.Warn($"process.capabilities{set}: left out, for it {reason}: {Hull.Linux.CapabilityNames.Describe(lost)}");
        }
    }

    /// <summary>The files that execvp(3) would try, in order.</summary>
    private static ImmutableArray<CString> Candidates(SettledProcess process)
    {
        if (process.Arguments.IsEmpty)
        {
            // No file has this name: whoever starts a container without a program is told so.
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
