using Hull.Linux;
using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>What a container process must not share with its caller, and its names.</summary>
internal static class SessionPlanning
{
    public static void Isolate(SettledContainer container, Lanes lanes)
    {
        lanes.Inside(new StartSession(), Origins.Lifecycle("PROC-11"));
        if (container.NewKeyring)
        {
            SecurityPlanning.LabelKeys(container.Program, lanes);
            lanes.Inside(new JoinSessionKeyring("_ses." + container.Id), Origins.Lifecycle("PROC-11"));
        }

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
