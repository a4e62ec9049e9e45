using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>
/// Kernel parameters of the container's namespaces. Set when hooks have had their turn, as the interface that a parameter names may be
/// made by one, and while the host's procfs is in sight.
/// </summary>
internal static class KernelParameterPlanning
{
    private const string DomainName = "kernel/domainname";

    /// <summary>What must be open before the container process exists.</summary>
    public static void Open(SettledContainer container, Lanes lanes)
    {
        if (!container.KernelParameters.IsEmpty)
        {
            lanes.OpenProcessFilesystem(Origins.Linux("sysctl", "SYSC-03"));
        }
    }

    public static void Set(SettledContainer container, Lanes lanes)
    {
        foreach ((string name, string value) in container.KernelParameters)
        {
            Origin origin = OriginOf(name);
            string path = SysctlName.ToPath(name) ?? throw origin.Refuse("is not the name of a kernel parameter");

            // The file of this one belongs to the host's root: in a user namespace only the system call may set it.
            lanes.Inside(path == DomainName ? new SetDomainName(value) : new SetKernelParameter("sys/" + path, value), origin);
        }
    }

    /// <summary>Parameters of a kind of namespace are set, so a joined one must not be the host's own (SYSC-02).</summary>
    public static bool Changes(SettledContainer container, NamespaceKinds kind)
    {
        foreach ((string name, _) in container.KernelParameters)
        {
            if (SysctlName.ToPath(name) is { } path && SysctlName.NamespaceOf(path) is { } type && SettledNamespaces.KindOf(type) == kind)
            {
                return true;
            }
        }

        return false;
    }

    private static Origin OriginOf(string name) => new(SpecPath.Root.Property("linux").Property("sysctl").Property(name), "SYSC-01");
}
