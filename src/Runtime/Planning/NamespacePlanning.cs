using System.Text;
using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>
/// How the container process comes into its namespaces. Nearly always it is born into all of them. Three wishes need more:
/// joining a user namespace, joining a mount namespace from a new user namespace, and setting clocks; then a first process
/// arranges things and the container goes on in a second one. So it does where we, in a user namespace ourselves, could not come back
/// from a namespace that the process should be born into.
/// </summary>
internal static class NamespacePlanning
{
    /// <summary>
    /// What the host can enter for the moment of the birth. Not user, mount and time: the kernel lets no process with
    /// several threads enter those.
    /// </summary>
    private const NamespaceKinds Borrowable =
        NamespaceKinds.Pid | NamespaceKinds.Network | NamespaceKinds.Ipc | NamespaceKinds.Uts | NamespaceKinds.Cgroup;

    /// <summary>The cgroup namespace shows the cgroup one is in when it is made, so it comes after the cgroups.</summary>
    private const NamespaceKinds Late = NamespaceKinds.Cgroup;

    /// <summary>Opens and verifies what is joined, before anything is changed.</summary>
    public static void Open(SettledContainer container, Lanes lanes)
    {
        foreach (JoinedNamespace joined in container.Namespaces.Joined)
        {
            bool mustBeAnother = KernelParameterPlanning.Changes(container, joined.Kind);
            lanes.Before(
                new OpenNamespace(SlotOf(joined.Kind), joined.Kind, joined.Path, mustBeAnother), Origins.Linux("namespaces", joined.Index, "NS-04"));
        }
    }

    /// <summary>Plans the birth and the way from there.</summary>
    public static void Enter(SettledContainer container, HostFacts facts, Lanes lanes)
    {
        SettledNamespaces namespaces = container.Namespaces;

        // Only the host may enter namespaces that belong to a user namespace above the container's; and only a process
        // inside the joined user namespace may enter those that belong to it, when the caller has no power here.
        bool power = facts.HasSystemAdministration;
        bool inSteps = NeedsTwoProcesses(namespaces, power, facts.MayEnterAndReturn) || !container.TimeOffsets.IsEmpty;
        NamespaceKinds borrowed = Borrowed(facts.MayEnterAndReturn, inSteps);
        foreach (JoinedNamespace joined in namespaces.Joined)
        {
            if ((joined.Kind & borrowed) != 0)
            {
                lanes.BornInto(SlotOf(joined.Kind), joined.Kind);
            }
        }

        if (inSteps)
        {
            EnterInSteps(container, power, borrowed, lanes);
        }
        else
        {
            BeBorn(container, borrowed, lanes);
        }
    }

    /// <summary>
    /// What the process is born into. A first process that will tell the pid of a second one must not be born into a joined pid
    /// namespace: the number it would tell is one of that namespace, and another process of the host has it.
    /// </summary>
    private static NamespaceKinds Borrowed(bool borrow, bool inSteps) =>
        !borrow ? default : inSteps ? Borrowable & ~NamespaceKinds.Pid : Borrowable;

    private static bool NeedsTwoProcesses(SettledNamespaces namespaces, bool power, bool borrow)
    {
        // Joining a pid namespace moves only the children of who joins.
        if ((!borrow && namespaces.IsJoined(NamespaceKinds.Pid)) || namespaces.IsJoined(NamespaceKinds.User))
        {
            return true;
        }

        // Who is born into a new user namespace has no more power over what belongs to the caller's.
        NamespaceKinds before = power && !borrow ? NamespaceKinds.Mount | Borrowable : NamespaceKinds.Mount;
        return namespaces.IsNew(NamespaceKinds.User) && namespaces.Joined.Any(joined => (joined.Kind & before) != 0);
    }

    private static void BeBorn(SettledContainer container, NamespaceKinds borrowed, Lanes lanes)
    {
        SettledNamespaces namespaces = container.Namespaces;
        NamespaceKinds owned = namespaces.IsNew(NamespaceKinds.User) ? namespaces.New & NamespaceKinds.Ipc : 0;
        lanes.BornInto(namespaces.New & ~(Late | owned));
        if (namespaces.IsNew(NamespaceKinds.User))
        {
            Origin mappings = Origins.Linux("uidMappings", "UMAP-01");
            lanes.Beside(new WriteIdMappings(container.UserIdMappings, container.GroupIdMappings), mappings);
            lanes.MeetContainer(Checkpoint.IdMapped, mappings);
            lanes.Inside(new BecomeNamespaceRoot(), mappings);
        }

        if (owned != 0)
        {
            // The root directory of its message queues belongs to who makes it: that must be the container's root by now.
            lanes.Inside(new MakeNamespaces(owned), Origins.Linux("namespaces", "NS-02"));
        }

        lanes.Inside(new ForbidTracing(), Origins.Lifecycle("LIFE-02"));
        Join(namespaces, ~borrowed, lanes);
    }

    private static void EnterInSteps(SettledContainer container, bool power, NamespaceKinds borrowed, Lanes lanes)
    {
        SettledNamespaces namespaces = container.Namespaces;
        if (power)
        {
            // With power over the host: first what belongs to the host, then the user namespace, which ends that power.
            if (!namespaces.IsNew(NamespaceKinds.User))
            {
                SetClocks(container, lanes);
            }

            Join(namespaces, ~(borrowed | NamespaceKinds.User), lanes);
            EnterUserNamespace(container, power, lanes);
        }
        else
        {
            EnterUserNamespace(container, power, lanes);
            Join(namespaces, ~NamespaceKinds.User, lanes);
        }

        NamespaceKinds here = namespaces.New & ~(NamespaceKinds.User | NamespaceKinds.Pid | NamespaceKinds.Time | Late);
        if (here != 0)
        {
            lanes.Inside(new MakeNamespaces(here), Origins.Linux("namespaces", "NS-02"));
        }

        // Somebody lives in a joined pid namespace and sees the second process from its first moment: it inherits that nobody may look into
        // it (CVE-2016-9962). Else the second process forbids that, being alone until then.
        Origin untraced = Origins.Lifecycle("LIFE-02");
        bool watched = namespaces.IsJoined(NamespaceKinds.Pid) && !namespaces.IsJoined(NamespaceKinds.User);
        if (watched)
        {
            lanes.Inside(new ForbidTracing(), untraced);
        }

        Origin origin = Origins.Linux("namespaces", "NS-06");
        lanes.Inside(new ContinueInNewProcess(namespaces.New & NamespaceKinds.Pid), origin);
        lanes.Beside(new AwaitContainer(Checkpoint.Forked), origin);
        if (!watched)
        {
            lanes.Inside(new ForbidTracing(), untraced);
        }
    }

    private static void EnterUserNamespace(SettledContainer container, bool power, Lanes lanes)
    {
        if (container.Namespaces.IsJoined(NamespaceKinds.User))
        {
            JoinUserNamespace(container, power, lanes);
        }
        else if (container.Namespaces.IsNew(NamespaceKinds.User))
        {
            Origin origin = Origins.Linux("uidMappings", "UMAP-01");
            lanes.Inside(new MakeNamespaces(NamespaceKinds.User), origin);
            SetClocks(container, lanes);
            lanes.MeetHost(Checkpoint.WantsIdMappings, origin);
            lanes.Beside(new WriteIdMappings(container.UserIdMappings, container.GroupIdMappings), origin);
            lanes.MeetContainer(Checkpoint.IdMapped, origin);
            lanes.Inside(new BecomeNamespaceRoot(), origin);
        }
        else if (!power)
        {
            SetClocks(container, lanes);
        }
    }

    /// <summary>
    /// Somebody lives in a joined user namespace, and may look into every process there: into this one, which still stands in the
    /// host's mount namespace, only until it forbids that (CVE-2016-9962). So that comes first, except where the clocks can be set only
    /// inside: the file for that belongs to root once tracing is forbidden.
    /// </summary>
    private static void JoinUserNamespace(SettledContainer container, bool power, Lanes lanes)
    {
        Origin untraced = Origins.Lifecycle("LIFE-02");
        if (power)
        {
            lanes.Inside(new ForbidTracing(), untraced);
            Join(container.Namespaces, NamespaceKinds.User, lanes);
        }
        else
        {
            Join(container.Namespaces, NamespaceKinds.User, lanes);
            SetClocks(container, lanes);
            lanes.Inside(new ForbidTracing(), untraced);
        }

        lanes.Inside(new BecomeNamespaceRoot(), Origins.Linux("namespaces", "NS-03"));
    }

    /// <summary>
    /// A new time namespace and its clocks. Before the process becomes root of a user namespace: the file that sets them belongs to who
    /// the process was when it could last be traced.
    /// </summary>
    private static void SetClocks(SettledContainer container, Lanes lanes)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Time))
        {
            lanes.Inside(new MakeNamespaces(NamespaceKinds.Time), Origins.Linux("namespaces", "NS-02"));
        }

        if (!container.TimeOffsets.IsEmpty)
        {
            lanes.Inside(new SetTimeOffsets(OffsetLines(container)), Origins.Linux("timeOffsets", "TIME-01"));
        }
    }

    private static void Join(SettledNamespaces namespaces, NamespaceKinds which, Lanes lanes)
    {
        foreach (JoinedNamespace joined in namespaces.Joined)
        {
            if ((joined.Kind & which) != 0)
            {
                lanes.Inside(new JoinNamespace(SlotOf(joined.Kind), joined.Kind), Origins.Linux("namespaces", joined.Index, "NS-03"));
            }
        }
    }

    private static string OffsetLines(SettledContainer container)
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
