using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// How a process comes into the namespaces of a container that exists: all of them through one descriptor, that of the container's first
/// process, so that no name of a namespace can mean another one by then. setns(2), kernel 5.8
/// </summary>
internal static class JoinPlanning
{
    /// <param name="rootfs">The container's root file system, as the host names it.</param>
    /// <param name="firstProcess">The container's first process, as the host numbers it.</param>
    public static void Enter(string rootfs, int firstProcess, ResolvedNamespaces namespaces, HostFacts facts, PlanBuilder plan)
    {
        NamespaceKinds all = namespaces.All;

        // A mount namespace of the container's own begins at its root; one that it has joined begins at that of others, and the container's is
        // where its first process has gone. That this was its process shows in that its namespaces can still be joined afterwards.
        bool hasRoot = namespaces.IsNew(NamespaceKinds.Mount);
        Origin origin = Origins.Linux("namespaces", "NS-03");
        if (!hasRoot)
        {
            string root = namespaces.IsJoined(NamespaceKinds.Mount) ? string.Create(CultureInfo.InvariantCulture, $"/proc/{firstProcess}/root") : rootfs;
            plan.Container(new OpenRootfs(root, MakeMount: false), Origins.Root("path", "ROOT-02"));
        }

        // A process that joins a pid namespace only sends its children there. With power over the host we go there for the moment of the clone;
        // without it, we could not come back, or get in only from within the user namespace, and a second process is the child.
        bool borrow = facts.MayEnterAndReturn && namespaces.Has(NamespaceKinds.Pid);
        if (borrow)
        {
            plan.CloneInto(Slot.ContainerProcess, NamespaceKinds.Pid);
            all &= ~NamespaceKinds.Pid;
        }

        if (all != 0)
        {
            plan.Container(new JoinNamespace(Slot.ContainerProcess, all), origin);
        }

        if (namespaces.Has(NamespaceKinds.User))
        {
            plan.Container(new SetRootIds(), origin);
        }

        if (!borrow && namespaces.Has(NamespaceKinds.Pid))
        {
            plan.Container(new ForkIntoPidNamespace(0), origin);
            plan.Host(new AwaitContainer(Checkpoint.Forked), origin);
        }

        if (!hasRoot)
        {
            plan.Container(new EnterRootfs(RootChange.ChangeRoot), Origins.Root("path", "ROOT-02"));
        }
    }
}
