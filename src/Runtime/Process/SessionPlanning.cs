using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What a container process must not share with its caller, and its names.</summary>
internal static class SessionPlanning
{
    /// <summary>The caller's session and keyring are left behind.</summary>
    public static void Leave(string id, ResolvedProgram program, bool newKeyring, PlanBuilder plan)
    {
        plan.Container(new StartSession(), Origins.Lifecycle("PROC-11"));
        if (newKeyring)
        {
            SecurityPlanning.LabelKeys(program, plan);
            plan.Container(new JoinSessionKeyring("_ses." + id), Origins.Lifecycle("PROC-11"));
        }
    }

    public static void Isolate(ResolvedContainer container, PlanBuilder plan)
    {
        Leave(container.Id, container.Program, container.NewKeyring, plan);
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
}
