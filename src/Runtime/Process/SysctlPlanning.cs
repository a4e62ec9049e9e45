using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Kernel parameters of the container's namespaces. Set after the hooks, as one of them may make the interface that a parameter
/// names, and before the root changes, while the host's procfs can be reached.
/// </summary>
internal static class SysctlPlanning
{
    private const string DomainName = "kernel/domainname";

    /// <summary>What must be open before the container process exists.</summary>
    public static void Open(ResolvedContainer container, PlanBuilder plan)
    {
        if (!container.Sysctls.IsEmpty)
        {
            plan.OpenProcessFilesystem(Origins.Linux("sysctl", "SYSC-03"));
        }
    }

    public static void Set(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        foreach ((string name, string value) in container.Sysctls)
        {
            Origin origin = OriginOf(name);
            string path = SysctlName.ToPath(name) ?? throw origin.Refuse("is not the name of a kernel parameter");

            if (path == SysctlName.PidMaximum && !facts.Kernel.AtLeast(6, 14))
            {
                throw origin.Refuse("does not belong to the pid namespace on this kernel; it would change the host", "Linux 6.14 or newer has one for each pid namespace");
            }

            // The file of this one belongs to the host's root: in a user namespace only the system call may set it.
            plan.Container(path == DomainName ? new SetDomainName(value) : new SetSysctl("sys/" + path, value), origin);
        }
    }

    /// <summary>Parameters of a kind of namespace are set, so a joined one must not be the host's own (SYSC-02).</summary>
    public static bool Changes(ResolvedContainer container, NamespaceKinds kind)
    {
        foreach ((string name, _) in container.Sysctls)
        {
            if (SysctlName.ToPath(name) is { } path && SysctlName.NamespaceOf(path) is { } type && ResolvedNamespaces.KindOf(type) == kind)
            {
                return true;
            }
        }

        return false;
    }

    private static Origin OriginOf(string name) => new(SpecPath.Root.Property("linux").Property("sysctl").Property(name), "SYSC-01");
}
