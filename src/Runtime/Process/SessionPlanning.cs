using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What a container process must not share with its caller, and its names.</summary>
internal static class SessionPlanning
{
    /// <summary>
    /// A container with a user namespace: the caller's session keyring is left behind before its process is cloned. Where keys of the host's
    /// user are made, they count for that user, and exec finds them.
    /// </summary>
    public static void LeaveKeyringBefore(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.NewKeyring && container.Namespaces.Has(NamespaceKinds.User))
        {
            plan.HostBefore(new TakeSessionKeyring(NameOf(container.Id, container.Created), container.Program.Process.SelinuxLabel), Demand);
        }
    }

    /// <summary>What must not be shared with the caller is left behind, and the container gets its names.</summary>
    public static void Isolate(ResolvedContainer container, PlanBuilder plan)
    {
        plan.Container(new StartSession(), Demand);
        RenewKeyring(container, plan);
        if (container.Namespaces.IsNew(NamespaceKinds.Network))
        {
            plan.Container(new BringUpLoopback(), Origins.Linux("namespaces", "NS-09"));
        }

        if (!string.IsNullOrEmpty(container.Hostname))
        {
            plan.Container(new SetHostName(container.Hostname), Origins.Property("hostname", "HOST-01"));
        }

        if (!string.IsNullOrEmpty(container.Domainname))
        {
            plan.Container(new SetDomainName(container.Domainname), Origins.Property("domainname", "HOST-02"));
        }
    }

    /// <summary>A container that is restored: CRIU restores no keyring, so its processes get what CRIU has.</summary>
    public static void RenewKeyring(ResolvedContainer container, PlanBuilder plan)
    {
        if (container.NewKeyring && !container.Namespaces.Has(NamespaceKinds.User))
        {
            LeaveKeyring(NameOf(container.Id, container.Created), container.Program, isNew: true, plan);
        }
    }

    /// <summary>A program that joins a container: its keyring, while the process is still in the user namespace where that was made.</summary>
    public static void JoinKeyring(string id, string created, ResolvedProgram program, PlanBuilder plan) =>
        LeaveKeyring(NameOf(id, created), program, isNew: false, plan);

    /// <summary>A program that joins a container: the caller's session is left behind.</summary>
    public static void LeaveSession(PlanBuilder plan) => plan.Container(new StartSession(), Demand);

    private static void LeaveKeyring(string name, ResolvedProgram program, bool isNew, PlanBuilder plan)
    {
        SecurityPlanning.LabelKeys(program, plan);
        plan.Container(new JoinSessionKeyring(name, isNew), Demand);
    }

    private static Origin Demand => Origins.Lifecycle("PROC-11");

    // It begins as runc's does. Found by its name it must be this container's and no other's: keyrings of one that has just been deleted are
    // still there, and a program that guesses the name could hold one ready.
    private static string NameOf(string id, string created) => created.Length == 0 ? $"_ses.{id}" : $"_ses.{id}.{created}";
}
