using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The table of contents of a restore. The process that is cloned becomes CRIU, in the container's cgroups and with what restored processes only
/// inherit: session keyring, I/O priority, memory policy. CRIU makes the container's processes as children of hull. Pure.
/// </summary>
internal static class RestorePlanner
{
    private const int FirstOwnDescriptor = 3;
    private const uint UsualUmask = 0x12;

    /// <summary>Plans it.</summary>
    /// <param name="manifest">What is known of the images; null when they have none.</param>
    /// <param name="staging">A directory of the container's own, where mounts with mapped owners are prepared.</param>
    /// <param name="criu">The last operation of the process that is cloned.</param>
    /// <param name="cgroups">What CRIU does with cgroups: where it leaves them alone, it makes no namespace of them either.</param>
    public static RestorePlan Plan(CreateRequest request, HostFacts facts, Manifest? manifest, string staging, Execute criu, CriuCgroupMode cgroups)
    {
        ResolvedContainer container = CreatePlanner.Resolve(request);
        if (container.Namespaces.IsJoined(NamespaceKinds.Cgroup))
        {
            throw Origins.Linux("namespaces", "NS-04").Refuse("CRIU cannot restore a container into the cgroup namespace of others");
        }

        var plan = new PlanBuilder();
        NamespacePlanning.Open(container, plan);
        ResctrlPlanning.Make(container, plan);
        TerminalPlanning.Connect(container.Program, plan);
        PidfdPlanning.Connect(container.Program, plan);
        plan.Container(new CloseDescriptors(FirstOwnDescriptor), Origins.Lifecycle("FD-01"));
        SessionPlanning.LeaveKeyringBefore(container, plan);
        SessionPlanning.RenewKeyring(container, plan);
        ResctrlPlanning.Enter(container.IntelRdt, container.Id, plan);
        ResolvedContainer outside = cgroups == CriuCgroupMode.Ignore ? container : WithoutCgroupNamespace(container);
        CgroupSteps cgroup = facts.Systemd is null
            ? CgroupPlanning.Plan(container.Id, container.CgroupsPath, container.Resources, container.Program.Process.Terminal, facts)
            : UnitPlanning.Plan(container, facts);
        CgroupStepsPlanning.Make(outside, facts, cgroup, plan);
        ImmutableArray<KeyValuePair<string, string>> mounts = StageMounts(container, facts, cgroup, manifest, staging, plan);
        CgroupStepsPlanning.EnterForNamespace(outside, facts, cgroup, plan);
        CgroupStepsPlanning.EnterAtLast(outside, facts, cgroup, plan);
        SchedulingPlanning.ChooseMemory(container.Program, plan);
        plan.Container(new SetUmask(UsualUmask), Origins.Lifecycle("LIFE-02"));
        plan.Container(criu, Origins.Lifecycle("LIFE-02"));
        plan.Host(new AwaitProgram(), Origins.Lifecycle("LIFE-02"));
        SchedulingPlanning.SetIoPriority(container.Program, plan);
        LetCriuRestore(container, plan);
        return new RestorePlan(plan.ToPlan(), mounts);
    }

    /// <summary>CRIU's namespaces that exist, and what it calls them.</summary>
    public static ImmutableArray<JoinedNamespaceFile> Joined(ResolvedNamespaces namespaces)
    {
        const NamespaceKinds byDescriptor = NamespaceKinds.Network | NamespaceKinds.Pid | NamespaceKinds.Mount | NamespaceKinds.Cgroup;
        return
        [
            .. namespaces.Joined.Where(joined => (joined.Kind & byDescriptor) == 0)
                .Select(joined => new JoinedNamespaceFile(NamespaceNames.FileOf(joined.Kind), joined.Path)),
        ];
    }

    private static void LetCriuRestore(ResolvedContainer container, PlanBuilder plan)
    {
        Origin origin = Origins.Lifecycle("LIFE-02");
        plan.Host(new RestoreImages(RestorePart.Namespaces), origin);
        foreach ((string name, Oci.NetDevice device) in container.NetDevices)
        {
            plan.Host(new MoveNetworkDevice(name, device.Name is { Length: > 0 } inside ? inside : name, IntoJoined: false), Origins.Linux("netDevices", "NET-01"));
        }

        Run(HookKind.Prestart, container.Hooks.Prestart, plan);
        Run(HookKind.CreateRuntime, container.Hooks.CreateRuntime, plan);
        plan.Host(new RestoreImages(RestorePart.Processes), origin);
        if (container.Program.Process.Terminal)
        {
            plan.Host(container.Program.Foreground ? new AdoptConsole(TakeSize: true) : new SendConsole(), Origins.Process("terminal", "TTY-04"));
        }

        plan.Host(new RestoreImages(RestorePart.Check), origin);
        PidfdPlanning.Send(container.Program, "standard", plan);
        plan.Host(new RecordContainer(), origin);
        plan.Host(new RestoreImages(RestorePart.Resume), origin);
    }

    private static void Run(HookKind kind, ImmutableArray<HookCall> hooks, PlanBuilder plan)
    {
        if (!hooks.IsEmpty)
        {
            plan.Host(new RunHooks(kind, hooks, Oci.ContainerStatus.Creating), HookPlanning.Of(kind, "HOOK-03"));
        }
    }

    /// <summary>
    /// CRIU stands in a mount namespace of its own, which ends with it: the root is a mount there, as CRIU wants it, and so are binds whose owners
    /// are mapped; the host never sees any of them, whatever is killed.
    /// </summary>
    private static ImmutableArray<KeyValuePair<string, string>> StageMounts(
        ResolvedContainer container, HostFacts facts, CgroupSteps cgroup, Manifest? manifest, string staging, PlanBuilder plan)
    {
        ImmutableArray<RestoredMount> mounts = RestoredMounts.Of(container, facts, cgroup, manifest?.ExternalMounts ?? []);
        Origin root = Origins.Root("path", "ROOT-02");
        plan.CloneInto(NamespaceKinds.Mount);
        plan.Container(new SetPropagation("/", MountFlags.Slave | MountFlags.Recursive), root);
        var external = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var served = ImmutableArray.CreateBuilder<HostMount>();
        foreach (RestoredMount mount in mounts)
        {
            string source = mount.Source;
            if (mount.Owners is not null)
            {
                source = string.Create(CultureInfo.InvariantCulture, $"{staging}/{served.Count}");
                if (served.Count == 0)
                {
                    plan.HostBefore(new OpenMountHelper(), Origins.Lifecycle("IDM-01"));
                    plan.Container(new OpenRootfs("/", MakeMount: false), root);
                    plan.Container(
                        new MountFilesystem(RootfsPath.Parse(staging), "tmpfs", "tmpfs", [], MountAttributes.None, FilesystemMountFlags.None, []),
                        Origins.Lifecycle("IDM-01"));
                }

                served.Add(new HostMount(mount.Source, mount.Recursive, NoFollow: false, FromHost: false, mount.Owners));
                var changes = new MountChanges(0, 0, 0, 0, 0, []);
                BindMountFlags flags = BindMountFlags.HostMounts | (mount.Recursive ? BindMountFlags.Recursive : 0);
                plan.Container(new BindMount(RootfsPath.Parse(source), mount.Source, flags, changes), Origins.Lifecycle("IDM-01"));
            }

            external.Add(KeyValuePair.Create(mount.Name, source));
        }

        if (served.Count > 0)
        {
            plan.Host(new ServeMounts(served.ToImmutable()), Origins.Lifecycle("IDM-01"));
        }

        plan.Container(new OpenRootfs(container.Rootfs + "/", MakeMount: true), root);
        return external.ToImmutable();
    }

    /// <summary>CRIU makes the cgroup namespace; CRIU itself stays in the host's.</summary>
    private static ResolvedContainer WithoutCgroupNamespace(ResolvedContainer container) =>
        container with { Namespaces = container.Namespaces with { New = container.Namespaces.New & ~NamespaceKinds.Cgroup } };
}
