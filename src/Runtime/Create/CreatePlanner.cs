using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The table of contents of a container's creation: each line is a planner, in the order in which its steps happen.
/// Pure: a configuration and facts about the host go in, a plan comes out.
/// </summary>
internal static class CreatePlanner
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>The configuration with every absent property resolved, and its filter of system calls compiled.</summary>
    /// <exception cref="RuntimeError">The configuration asks for something that this version cannot give.</exception>
    public static ResolvedContainer Resolve(CreateRequest request) =>
        ResolvedContainer.Of(request, SeccompPlanning.Resolve(request.Config.Linux?.Seccomp, request.WaitForStart, request.Bundle));

    /// <summary>Plans a container.</summary>
    /// <exception cref="RuntimeError">The configuration asks for something that this host or this version cannot give.</exception>
    public static Plan Plan(CreateRequest request, HostFacts facts)
    {
        ResolvedContainer container = Resolve(request);
        var plan = new PlanBuilder();

        RootPlanning.Check(container);
        NamespacePlanning.Open(container, plan);
        HookPlanning.Open(container, plan);
        SysctlPlanning.Open(container, plan);
        SecurityPlanning.Open(container.Program, plan);
        ResctrlPlanning.Make(container, plan);
        OpenStartSocket(container, plan);
        SeccompPlanning.Open(container.Program, facts, plan);
        TerminalPlanning.Connect(container.Program, plan);
        PidfdPlanning.Connect(container.Program, plan);

        plan.Container(new CloseDescriptors(FirstOwnDescriptor + container.Program.PreservedDescriptors), Origins.Lifecycle("FD-01"));
        SessionPlanning.LeaveKeyringBefore(container, plan);
        NamespacePlanning.Enter(container, facts, plan);
        NetworkDevicePlanning.Move(container, facts, plan);
        ResctrlPlanning.Enter(container.IntelRdt, container.Id, plan);
        SessionPlanning.Isolate(container, plan);
        var hostMounts = new HostMounts(container, facts);
        RootPlanning.Open(container, hostMounts, plan);
        MaskPlanning.Hold(container, plan);
        CgroupSteps cgroup = facts.Systemd is null
            ? CgroupPlanning.Plan(container.Id, container.CgroupsPath, container.Resources, container.Program.Process.Terminal, facts)
            : UnitPlanning.Plan(container, facts);
        CgroupStepsPlanning.Make(container, facts, cgroup, plan);
        CgroupStepsPlanning.EnterForNamespace(container, facts, cgroup, plan);
        MountPlanning.Mount(container, facts, cgroup, hostMounts, plan);
        DevicePlanning.Provide(container, facts, hostMounts, plan);
        hostMounts.Start(plan);
        IdentityPlanning.ProvideDirectory(container.Program, plan);
        IdentityPlanning.AdjustOomScore(container.Program, plan);
        CgroupStepsPlanning.EnterAtLast(container, facts, cgroup, plan);
        AffinityPlanning.OfFirstProcess(plan);
        SchedulingPlanning.ChooseMemory(container.Program, plan);
        HookPlanning.BeforeRootChange(container, plan);
        SysctlPlanning.Set(container, facts, plan);
        SecurityPlanning.LabelProgram(container.Program, plan);
        RootPlanning.Enter(container, facts, plan);
        TerminalPlanning.ReplaceNullDevice(container.Program, facts, plan);
        TerminalPlanning.Open(container.Program, RootfsPath.Parse("/dev/console"), plan);
        MaskPlanning.Hide(container, plan);
        MountPlanning.Finish(container, plan);
        RootPlanning.Propagate(container, plan);
        SchedulingPlanning.ChooseDomain(container.Program, plan);
        IdentityPlanning.FindHome(container.Program, plan);
        IdentityPlanning.BecomeUser(container.Program, facts, plan);

        HandOver(container, plan);
        Start(container, plan);
        if (!container.WaitForStart)
        {
            plan.Host(new AwaitProgram(), Origins.Lifecycle("OP-STR-02"));
        }

        return plan.ToPlan();
    }

    /// <summary>What the container process does once it may run its program: the end of every plan.</summary>
    public static void Start(ResolvedContainer container, PlanBuilder plan)
    {
        HookPlanning.BeforeProgram(container, plan);
        IdentityPlanning.RunProgram(container.Program, plan);
    }

    private static void OpenStartSocket(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.WaitForStart)
        {
            plan.HostBefore(new OpenStartSocket(), Origins.Lifecycle("LIFE-06"));
        }
    }

    /// <summary>From <see cref="Checkpoint.Recorded"/> on, the container process outlives its creator.</summary>
    private static void HandOver(ResolvedContainer container, PlanBuilder plan)
    {
        Origin origin = Origins.Lifecycle("OP-CRE-02");
        plan.HostWaitsFor(Checkpoint.Ready, origin);
        PidfdPlanning.Send(container.Program, "standard", plan);
        SchedulingPlanning.Schedule(container.Program, plan);
        plan.Host(new RecordContainer(), origin);
        if (!container.WaitForStart)
        {
            SeccompPlanning.Connect(container.Program, plan);
        }

        plan.ContainerWaitsFor(Checkpoint.Recorded, origin);
        if (container.WaitForStart)
        {
            plan.Container(new WaitForStart(), Origins.Lifecycle("LIFE-06"));
        }
    }
}
