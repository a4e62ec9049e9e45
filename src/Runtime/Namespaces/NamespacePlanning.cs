using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// How the container process comes into its namespaces. Nearly always it is cloned into all of them. Three requests need more:
/// joining a user namespace, joining a mount namespace from a new user namespace, and setting clocks; then a first process
/// arranges things and the container goes on in a second one. So it does where we, in a user namespace ourselves, could not come back
/// from a namespace that the process should be cloned into.
/// </summary>
internal static class NamespacePlanning
{
    /// <summary>
    /// What the host can enter for the moment of the clone. Not user, mount and time: the kernel lets no process with
    /// several threads enter those.
    /// </summary>
    private const NamespaceKinds Borrowable =
        NamespaceKinds.Pid | NamespaceKinds.Network | NamespaceKinds.Ipc | NamespaceKinds.Uts | NamespaceKinds.Cgroup;

    /// <summary>The cgroup namespace shows the cgroup one is in when it is made, so it comes after the cgroups.</summary>
    private const NamespaceKinds Late = NamespaceKinds.Cgroup;

    /// <summary>Opens and verifies what is joined, before anything is changed.</summary>
    public static void Open(ResolvedContainer container, PlanBuilder plan)
    {
        foreach (JoinedNamespace joined in container.Namespaces.Joined)
        {
            bool mustBeAnother = SysctlPlanning.Changes(container, joined.Kind);
            plan.HostBefore(
                new OpenNamespace(SlotOf(joined.Kind), joined.Kind, joined.Path, mustBeAnother), Origins.Linux("namespaces", joined.Index, "NS-04"));
        }

        RequireMappings(container, plan);
    }

    /// <summary>Mappings beside the path of a user namespace cannot be written: they must be its own.</summary>
    private static void RequireMappings(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.UserIdMappings.IsEmpty && container.GroupIdMappings.IsEmpty)
        {
            return;
        }

        foreach (JoinedNamespace joined in container.Namespaces.Joined)
        {
            if (joined.Kind == NamespaceKinds.User)
            {
                var require = new RequireIdMappings(joined.Path, container.UserIdMappings, container.GroupIdMappings);
                plan.HostBefore(require, Origins.Linux("uidMappings", "UMAP-03"));
            }
        }
    }

    /// <summary>Plans the clone and the steps from there.</summary>
    public static void Enter(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        ResolvedNamespaces namespaces = container.Namespaces;

        // Only the host may enter namespaces that belong to a user namespace above the container's; and only a process
        // inside the joined user namespace may enter those that belong to it, when the caller has no power here.
        bool power = facts.HasSystemAdministration;
        bool inSteps = NeedsTwoProcesses(namespaces, power, facts.MayEnterAndReturn) || !container.TimeOffsets.IsEmpty;
        NamespaceKinds borrowed = Borrowed(facts.MayEnterAndReturn, inSteps);
        foreach (JoinedNamespace joined in namespaces.Joined)
        {
            if ((joined.Kind & borrowed) != 0)
            {
                plan.CloneInto(SlotOf(joined.Kind), joined.Kind);
            }
        }

        if (inSteps)
        {
            EnterInSteps(container, power, borrowed, plan);
        }
        else
        {
            BeCloned(container, borrowed, plan);
        }
    }

    /// <summary>
    /// What the process is cloned into. A first process that will tell the pid of a second one must not be cloned into a joined pid
    /// namespace: the number it would tell is one of that namespace, and another process of the host has it.
    /// </summary>
    private static NamespaceKinds Borrowed(bool borrow, bool inSteps) =>
        !borrow ? default : inSteps ? Borrowable & ~NamespaceKinds.Pid : Borrowable;

    private static bool NeedsTwoProcesses(ResolvedNamespaces namespaces, bool power, bool borrow)
    {
        // Joining a pid namespace moves only the children of the process that joins.
        if ((!borrow && namespaces.IsJoined(NamespaceKinds.Pid)) || namespaces.IsJoined(NamespaceKinds.User))
        {
            return true;
        }

        // A process that is cloned into a new user namespace has no more power over what belongs to the caller's.
        NamespaceKinds before = power && !borrow ? NamespaceKinds.Mount | Borrowable : NamespaceKinds.Mount;
        return namespaces.IsNew(NamespaceKinds.User) && namespaces.Joined.Any(joined => (joined.Kind & before) != 0);
    }

    private static void BeCloned(ResolvedContainer container, NamespaceKinds borrowed, PlanBuilder plan)
    {
        ResolvedNamespaces namespaces = container.Namespaces;
        NamespaceKinds owned = namespaces.IsNew(NamespaceKinds.User) ? namespaces.New & NamespaceKinds.Ipc : 0;
        plan.CloneInto(namespaces.New & ~(Late | owned));
        if (namespaces.IsNew(NamespaceKinds.User))
        {
            Origin mappings = Origins.Linux("uidMappings", "UMAP-01");
            plan.Host(new WriteIdMappings(container.UserIdMappings, container.GroupIdMappings), mappings);
            plan.ContainerWaitsFor(Checkpoint.IdMapped, mappings);
            plan.Container(new SetRootIds(), mappings);
        }

        if (owned != 0)
        {
            // The root directory of its message queues belongs to the process that makes it: that must be the container's root by now.
            plan.Container(new MakeNamespaces(owned), Origins.Linux("namespaces", "NS-02"));
        }

        plan.Container(new ClearDumpable(), Origins.Lifecycle("LIFE-02"));
        Join(namespaces, ~borrowed, plan);
    }

    private static void EnterInSteps(ResolvedContainer container, bool power, NamespaceKinds borrowed, PlanBuilder plan)
    {
        ResolvedNamespaces namespaces = container.Namespaces;
        if (power)
        {
            // With power over the host: first what belongs to the host, then the user namespace, which ends that power.
            if (!namespaces.IsNew(NamespaceKinds.User))
            {
                SetClocks(container, plan);
            }

            Join(namespaces, ~(borrowed | NamespaceKinds.User), plan);
            EnterUserNamespace(container, power, plan);
        }
        else
        {
            EnterUserNamespace(container, power, plan);
            Join(namespaces, ~NamespaceKinds.User, plan);
        }

        NamespaceKinds here = namespaces.New & ~(NamespaceKinds.User | NamespaceKinds.Pid | NamespaceKinds.Time | Late);
        if (here != 0)
        {
            plan.Container(new MakeNamespaces(here), Origins.Linux("namespaces", "NS-02"));
        }

        // A joined pid namespace has processes already, which see the second process from its first moment: it inherits that none may look into
        // it (CVE-2016-9962). Else the second process forbids that, being alone until then.
        Origin untraced = Origins.Lifecycle("LIFE-02");
        bool watched = namespaces.IsJoined(NamespaceKinds.Pid) && !namespaces.IsJoined(NamespaceKinds.User);
        if (watched)
        {
            plan.Container(new ClearDumpable(), untraced);
        }

        Origin origin = Origins.Linux("namespaces", "NS-06");
        plan.Container(new ForkIntoPidNamespace(namespaces.New & NamespaceKinds.Pid), origin);
        plan.Host(new AwaitContainer(Checkpoint.Forked), origin);
        if (!watched)
        {
            plan.Container(new ClearDumpable(), untraced);
        }
    }

    private static void EnterUserNamespace(ResolvedContainer container, bool power, PlanBuilder plan)
    {
        if (container.Namespaces.IsJoined(NamespaceKinds.User))
        {
            JoinUserNamespace(container, power, plan);
        }
        else if (container.Namespaces.IsNew(NamespaceKinds.User))
        {
            Origin origin = Origins.Linux("uidMappings", "UMAP-01");
            plan.Container(new MakeNamespaces(NamespaceKinds.User), origin);
            SetClocks(container, plan);
            plan.HostWaitsFor(Checkpoint.WantsIdMappings, origin);
            plan.Host(new WriteIdMappings(container.UserIdMappings, container.GroupIdMappings), origin);
            plan.ContainerWaitsFor(Checkpoint.IdMapped, origin);
            plan.Container(new SetRootIds(), origin);
        }
        else if (!power)
        {
            SetClocks(container, plan);
        }
    }

    /// <summary>
    /// A joined user namespace has processes already, which may look into every process there: into this one, which still stands in the
    /// host's mount namespace, only until it forbids that (CVE-2016-9962). So that comes first, except where the clocks can be set only
    /// inside: the file for that belongs to root once tracing is forbidden.
    /// </summary>
    private static void JoinUserNamespace(ResolvedContainer container, bool power, PlanBuilder plan)
    {
        Origin untraced = Origins.Lifecycle("LIFE-02");
        if (power)
        {
            plan.Container(new ClearDumpable(), untraced);
            Join(container.Namespaces, NamespaceKinds.User, plan);
        }
        else
        {
            Join(container.Namespaces, NamespaceKinds.User, plan);
            SetClocks(container, plan);
            plan.Container(new ClearDumpable(), untraced);
        }

        plan.Container(new SetRootIds(), Origins.Linux("namespaces", "NS-03"));
    }

    /// <summary>
    /// A new time namespace and its clocks. Before the process becomes root of a user namespace: the file that sets them belongs to the one that
    /// the process was when it could last be traced.
    /// </summary>
    private static void SetClocks(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Time))
        {
            plan.Container(new MakeNamespaces(NamespaceKinds.Time), Origins.Linux("namespaces", "NS-02"));
        }

        if (!container.TimeOffsets.IsEmpty)
        {
            plan.Container(new SetTimeOffsets(OffsetLines(container)), Origins.Linux("timeOffsets", "TIME-01"));
        }
    }

    private static void Join(ResolvedNamespaces namespaces, NamespaceKinds which, PlanBuilder plan)
    {
        foreach (JoinedNamespace joined in namespaces.Joined)
        {
            if ((joined.Kind & which) != 0)
            {
                plan.Container(new JoinNamespace(SlotOf(joined.Kind), joined.Kind), Origins.Linux("namespaces", joined.Index, "NS-03"));
            }
        }
    }

    private static string OffsetLines(ResolvedContainer container)
    {
        var lines = new StringBuilder();
        foreach ((string clock, TimeOffset offset) in container.TimeOffsets)
        {
            lines.Append(clock).Append(' ').Append(offset.Secs ?? 0).Append(' ').Append(offset.Nanosecs ?? 0).Append('\n');
        }

        return lines.ToString();
    }

    private static Slot SlotOf(NamespaceKinds kind) => kind switch
    {
        NamespaceKinds.Pid => Slot.PidNamespace,
        NamespaceKinds.Network => Slot.NetworkNamespace,
        NamespaceKinds.Mount => Slot.MountNamespace,
        NamespaceKinds.Ipc => Slot.IpcNamespace,
        NamespaceKinds.Uts => Slot.UtsNamespace,
        NamespaceKinds.User => Slot.UserNamespace,
        NamespaceKinds.Cgroup => Slot.CgroupNamespace,
        _ => Slot.TimeNamespace,
    };
}
