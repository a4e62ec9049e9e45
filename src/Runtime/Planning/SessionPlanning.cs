using Hull.Linux;
using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>What a container process must not share with its caller, and its names.</summary>
internal static class SessionPlanning
{
    /// <summary>The caller's session and keyring are left behind.</summary>
    public static void Leave(string id, SettledProgram program, bool newKeyring, Lanes lanes)
    {
        lanes.Inside(new StartSession(), Origins.Lifecycle("PROC-11"));
        if (newKeyring)
        {
            SecurityPlanning.LabelKeys(program, lanes);
            lanes.Inside(new JoinSessionKeyring("_ses." + id), Origins.Lifecycle("PROC-11"));
        }
    }

    public static void Isolate(SettledContainer container, Lanes lanes)
    {
        Leave(container.Id, container.Program, container.NewKeyring, lanes);
        if (container.Namespaces.IsNew(NamespaceKinds.Network))
        {
            lanes.Inside(new BringUpLoopback(), Origins.Linux("namespaces", "NS-09"));
        }

        if (!string.IsNullOrEmpty(container.Hostname))
        {
            lanes.Inside(new SetHostName(container.Hostname), Origins.Property("hostname", "HOST-01"));
        }

        if (!string.IsNullOrEmpty(container.Domainname))
        {
            lanes.Inside(new SetDomainName(container.Domainname), Origins.Property("domainname", "HOST-02"));
        }
    }
}
