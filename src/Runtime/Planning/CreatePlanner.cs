using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;
using Hull.Runtime.Planning.Cgroups;
using Hull.Runtime.Planning.Units;

namespace Hull.Runtime.Planning;

/// <summary>
/// The table of contents of a container's creation: each line is a chapter, in the order in which things happen.
/// Pure: a configuration and facts about the host go in, a plan comes out.
/// </summary>
internal static class CreatePlanner
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>Plans a container.</summary>
    /// <exception cref="RuntimeError">The configuration asks for something that this host or this version cannot give.</exception>
    public static Plan Plan(CreateRequest request, HostFacts facts)
    {
        SettledContainer container = SettledContainer.Of(request);
        var lanes = new Lanes();

        RootPlanning.Check(container);
        NamespacePlanning.Open(container, lanes);
        HookPlanning.Open(container, lanes);
        KernelParameterPlanning.Open(container, lanes);
        SecurityPlanning.Open(container.Program, lanes);
        ResctrlPlanning.Make(container, lanes);
        OpenGate(container, lanes);
        SeccompPlanning.Open(container.Program, facts, lanes);
        TerminalPlanning.Connect(container.Program, lanes);
        PidfdPlanning.Connect(container.Program, lanes);

        lanes.Inside(new CloseDescriptors(FirstOwnDescriptor + container.Program.PreservedDescriptors), Origins.Lifecycle("FD-01"));
        NamespacePlanning.Enter(container, facts, lanes);
        NetworkDevicePlanning.Move(container, facts, lanes);
        ResctrlPlanning.Enter(container.IntelRdt, container.Id, lanes);
        SessionPlanning.Isolate(container, lanes);
        RootPlanning.Open(container, lanes);
        MaskPlanning.Hold(container, lanes);
        CgroupSteps cgroup = facts.Systemd is null
            ? CgroupPlanning.Plan(container.Id, container.CgroupsPath, container.Resources, container.Program.Process.Terminal, facts)
            : UnitPlanning.Plan(container, facts);
        CgroupStepsPlanning.Make(container, facts, cgroup, lanes);
        CgroupStepsPlanning.EnterForNamespace(container, facts, cgroup, lanes);
        MountPlanning.Mount(container, facts, cgroup, lanes);
        DevicePlanning.Provide(container, facts, lanes);
        IdentityPlanning.ProvideDirectory(container.Program, lanes);
        IdentityPlanning.AdjustOomScore(container.Program, lanes);
        CgroupStepsPlanning.EnterAtLast(container, facts, cgroup, lanes);
        SchedulingPlanning.ChooseMemory(container.Program, lanes);
        HookPlanning.BeforeRootChange(container, lanes);
        KernelParameterPlanning.Set(container, lanes);
        SecurityPlanning.LabelProgram(container.Program, lanes);
        RootPlanning.Enter(container, facts, lanes);
        TerminalPlanning.ReplaceNullDevice(container.Program, facts, lanes);
        TerminalPlanning.Open(container.Program, RootfsPath.Parse("/dev/console"), lanes);
        MaskPlanning.Hide(container, lanes);
        MountPlanning.Finish(container, lanes);
        RootPlanning.Propagate(container, lanes);
        SchedulingPlanning.ChooseDomain(container.Program, lanes);
        IdentityPlanning.FindHome(container.Program, lanes);
        IdentityPlanning.BecomeUser(container.Program, facts, lanes);

        Hand(container, lanes);
        Start(container, lanes);
        if (!container.WaitForStart)
        {
            lanes.Beside(new AwaitProgram(), Origins.Lifecycle("OP-STR-02"));
        }

        return lanes.ToPlan();
    }

    /// <summary>What the container process does once it may run its program: the end of every plan.</summary>
    public static void Start(SettledContainer container, Lanes lanes)
    {
        HookPlanning.BeforeProgram(container, lanes);
        IdentityPlanning.RunProgram(container.Program, lanes);
    }

    private static void OpenGate(SettledContainer container, Lanes lanes)
    {
        if (container.WaitForStart)
        {
            lanes.Before(new OpenGate(), Origins.Lifecycle("LIFE-06"));
        }
    }

    /// <summary>From <see cref="Checkpoint.Recorded"/> on, the container process outlives its creator.</summary>
    private static void Hand(SettledContainer container, Lanes lanes)
    {
        Origin origin = Origins.Lifecycle("OP-CRE-02");
        lanes.MeetHost(Checkpoint.Ready, origin);
        PidfdPlanning.Send(container.Program, "standard", lanes);
        SchedulingPlanning.Schedule(container.Program, lanes);
        lanes.Beside(new RecordContainer(), origin);
        if (!container.WaitForStart)
        {
            SeccompPlanning.Connect(container.Program, lanes);
        }

        lanes.MeetContainer(Checkpoint.Recorded, origin);
        if (container.WaitForStart)
        {
            lanes.Inside(new WaitForStart(), Origins.Lifecycle("LIFE-06"));
        }
    }
}
