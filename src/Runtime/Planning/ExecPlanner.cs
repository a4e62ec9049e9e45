using Hull.Linux;
using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>
/// The table of contents of joining a container: a process is born into its pid namespace and its v2 cgroup, enters the others, and becomes
/// the program in the same way as the container's first one. Pure, like <see cref="CreatePlanner"/>.
/// </summary>
internal static class ExecPlanner
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>Plans a program that joins a container.</summary>
    /// <exception cref="RuntimeError">It asks for something that this host or this version cannot give.</exception>
    public static Plan Plan(ExecRequest request, HostFacts facts)
    {
        SettledNamespaces namespaces = SettledNamespaces.Of(request.Config.Linux?.Namespaces ?? []);
        SettledProgram program = SettledProgram.Of(request.Process, request.Config.Linux ?? new(), namespaces, request.Calling);
        var lanes = new Lanes();

        SeccompPlanning.Open(program, facts, lanes);
        TerminalPlanning.Connect(program, lanes);
        PidfdPlanning.Connect(program, lanes);
        AffinityPlanning.Initial(program.Process, lanes);
        SecurityPlanning.Open(program, lanes);

        lanes.Inside(new CloseDescriptors(FirstOwnDescriptor + program.PreservedDescriptors), Origins.Lifecycle("FD-01"));
        lanes.Inside(new ForbidTracing(), Origins.Lifecycle("LIFE-02"));
        IdentityPlanning.AdjustOomScore(program, lanes);
        EnterCgroups(request, lanes);
        ResctrlPlanning.Enter(request.Config.Linux?.IntelRdt, request.Id, lanes);
        JoinPlanning.Enter(request, namespaces, facts, lanes);
        AffinityPlanning.Final(program.Process, lanes);
        SessionPlanning.Leave(request.Id, program, !request.KeepKeyring, lanes);
        SchedulingPlanning.ChooseMemory(program, lanes);
        SecurityPlanning.LabelProgram(program, lanes);
        OpenRoot(program, namespaces, facts, lanes);
        TerminalPlanning.ReplaceNullDevice(program, facts, lanes);
        TerminalPlanning.Open(program, place: null, lanes);
        SchedulingPlanning.ChooseDomain(program, lanes);
        IdentityPlanning.FindHome(program, lanes);
        IdentityPlanning.BecomeUser(program, facts, lanes);

        Hand(program, lanes);
        IdentityPlanning.RunProgram(program, lanes);
        lanes.Beside(new AwaitProgram(), Origins.Lifecycle("OP-EXE-01"));
        return lanes.ToPlan();
    }

    /// <summary>Before anything else: afterwards no path leads to the host any more, and everything is to count against the container.</summary>
    private static void EnterCgroups(ExecRequest request, Lanes lanes)
    {
        ExecCgroups cgroups = request.Cgroups;
        if (cgroups.Unified.Length > 0)
        {
            lanes.BornInto(cgroups.Unified, cgroups.Chosen ? 0 : request.FirstProcess);
        }

        foreach (string directory in cgroups.Legacy)
        {
            lanes.Inside(new EnterCgroup(directory + "/tasks"), Origins.Linux("cgroupsPath", "CGP-04"));
        }
    }

    /// <summary>
    /// The root as the place that paths inside are looked up from, where any is: for a terminal of the container's devpts
    /// (<c>/dev/console</c> stays that of the container's first process), for its /etc/passwd and its /dev/null.
    /// </summary>
    private static void OpenRoot(SettledProgram program, SettledNamespaces namespaces, HostFacts facts, Lanes lanes)
    {
        // Without a mount namespace it is open since it was entered.
        bool isUsed = program.Process.Terminal || program.Process.Home is not null || TerminalPlanning.ReplacesNullDevice(program, facts);
        if (isUsed && namespaces.Has(NamespaceKinds.Mount))
        {
            lanes.Inside(new OpenRootfs("/", MakeMount: false), Origins.Root("path", "ROOT-02"));
        }
    }

    /// <summary>From <see cref="Checkpoint.Recorded"/> on, signals to us reach the program, and it no longer dies with us.</summary>
    private static void Hand(SettledProgram program, Lanes lanes)
    {
        Origin origin = Origins.Lifecycle("OP-EXE-01");
        lanes.MeetHost(Checkpoint.Ready, origin);
        PidfdPlanning.Send(program, "setns", lanes);
        SchedulingPlanning.Schedule(program, lanes);
        lanes.Beside(new RecordProcess(), origin);
        SeccompPlanning.Connect(program, lanes);
        lanes.MeetContainer(Checkpoint.Recorded, origin);
    }
}
