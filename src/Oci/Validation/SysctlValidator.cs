namespace Hull.Oci;

/// <summary>Kernel parameters (SYSC): only those of a namespace of the container may be written, all others are the host's.</summary>
internal static class SysctlValidator
{
    internal static void Check(Config config, NamespaceSet namespaces, SpecPath parent, Violations violations)
    {
        if (config.Linux?.Sysctl is not Map<string> sysctl)
        {
            return;
        }

        foreach (KeyValuePair<string, string> entry in sysctl.Entries)
        {
            if (SysctlName.ToPath(entry.Key) is not string name)
            {
                violations.Add(
                    Rules.SysctlNameIsPath,
                    parent.Property("sysctl").Property(entry.Key),
                    "is not the name of a kernel parameter such as net.ipv4.ip_forward");
            }
            else if (Refusal(name, config, namespaces) is string refusal)
            {
                violations.Add(Rules.SysctlIsNamespaced, parent.Property("sysctl").Property(entry.Key), refusal);
            }
        }
    }

    private static string? Refusal(string name, Config config, NamespaceSet namespaces)
    {
        if (name == "kernel/hostname")
        {
            return "is set by hostname, not as a kernel parameter";
        }

        if (name == "kernel/domainname" && config.Domainname is { Length: > 0 })
        {
            return "conflicts with domainname, which sets the same";
        }

        return SysctlName.NamespaceOf(name) is not NamespaceType type
            ? "does not belong to a namespace; it would change the host"
            : namespaces.Has(type)
                ? null
                : $"needs a {type.SpecName()} namespace in linux.namespaces; without it, it is the host's";
    }
}
