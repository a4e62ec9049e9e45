using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The table of contents of joining a container: a process is cloned into its pid namespace and its v2 cgroup, enters the others, and becomes
/// the program as the container's first one does. Pure, like <see cref="CreatePlanner"/>.
/// </summary>
internal static class ExecPlanner
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>Plans a program that joins a container.</summary>
    /// <exception cref="RuntimeError">It asks for something that this host or this version cannot give.</exception>
    public static Plan Plan(ExecRequest request, HostFacts facts)
    {
        ResolvedNamespaces namespaces = ResolvedNamespaces.Of(request.Config.Linux?.Namespaces ?? []);
        LinuxConfig linux = request.Config.Linux ?? new LinuxConfig();
        ResolvedSeccomp seccomp = SeccompPlanning.Resolve(linux.Seccomp, waitsForStart: false, request.Bundle);
        ResolvedProgram program = ResolvedProgram.Of(request.Process, linux, namespaces, seccomp, request.Attachment);
        var plan = new PlanBuilder();

        SeccompPlanning.Open(program, facts, plan);
        TerminalPlanning.Connect(program, plan);
        PidfdPlanning.Connect(program, plan);
        AffinityPlanning.Initial(program.Process, plan);
        SecurityPlanning.Open(program, plan);

        plan.Container(new CloseDescriptors(FirstOwnDescriptor + program.PreservedDescriptors), Origins.Lifecycle("FD-01"));
        plan.Container(new ClearDumpable(), Origins.Lifecycle("LIFE-02"));
        IdentityPlanning.AdjustOomScore(program, plan);
        EnterCgroups(request, plan);
        ResctrlPlanning.Enter(request.Config.Linux?.IntelRdt, request.Id, plan);
        if (!request.KeepKeyring)
        {
            SessionPlanning.JoinKeyring(request.Id, request.Created, program, plan);
        }

        JoinPlanning.Enter(request.Rootfs, request.FirstProcess, namespaces, facts, plan);
        if (request.Config.Root?.Readonly == true && !namespaces.Has(NamespaceKinds.Mount))
        {
            RootPlanning.Close(namespaces, plan);
        }

        AffinityPlanning.Final(program.Process, plan);
        SessionPlanning.LeaveSession(plan);
        SchedulingPlanning.ChooseMemory(program, plan);
        SecurityPlanning.LabelProgram(program, plan);
        OpenRoot(program, namespaces, facts, plan);
        TerminalPlanning.ReplaceNullDevice(program, facts, plan);
        TerminalPlanning.Open(program, place: null, plan);
        SchedulingPlanning.ChooseDomain(program, plan);
        IdentityPlanning.FindHome(program, plan);
        IdentityPlanning.BecomeUser(program, facts, plan);

        HandOver(program, plan);
        IdentityPlanning.RunProgram(program, plan);
        plan.Host(new AwaitProgram(), Origins.Lifecycle("OP-EXE-01"));
        return plan.ToPlan();
    }

    /// <summary>Before anything else: afterwards no path leads to the host any more, and everything is to count against the container.</summary>
    private static void EnterCgroups(ExecRequest request, PlanBuilder plan)
    {
        ExecCgroups cgroups = request.Cgroups;
        if (cgroups.V2.Length > 0)
        {
            plan.CloneInto(cgroups.V2, cgroups.Chosen ? 0 : request.FirstProcess);
        }

        foreach (string directory in cgroups.V1)
        {
            plan.Container(new EnterCgroup(directory + "/tasks"), Origins.Linux("cgroupsPath", "CGP-04"));
        }
    }

    /// <summary>
    /// The root as the place that paths inside are looked up from, where any is: for a terminal of the container's devpts
    /// (<c>/dev/console</c> stays that of the container's first process), for its /etc/passwd and its /dev/null.
    /// </summary>
    private static void OpenRoot(ResolvedProgram program, ResolvedNamespaces namespaces, HostFacts facts, PlanBuilder plan)
    {
        // Without a mount namespace of the container's own it is open since it was entered.
        bool isUsed = program.Process.Terminal || program.Process.Home is not null || TerminalPlanning.ReplacesNullDevice(program, facts);
        if (isUsed && namespaces.IsNew(NamespaceKinds.Mount))
        {
            plan.Container(new OpenRootfs("/", MakeMount: false), Origins.Root("path", "ROOT-02"));
        }
    }

    /// <summary>From <see cref="Checkpoint.Recorded"/> on, signals to us reach the program, and it no longer dies with us.</summary>
    private static void HandOver(ResolvedProgram program, PlanBuilder plan)
    {
        Origin origin = Origins.Lifecycle("OP-EXE-01");
        plan.HostWaitsFor(Checkpoint.Ready, origin);
        PidfdPlanning.Send(program, "setns", plan);
        SchedulingPlanning.Schedule(program, plan);
        plan.Host(new RecordProcess(), origin);
        SeccompPlanning.Connect(program, plan);
        plan.ContainerWaitsFor(Checkpoint.Recorded, origin);
    }
}
