using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;
using CapabilityNames = Hull.Linux.CapabilityNames;

namespace Hull.Runtime;

/// <summary>
/// Compares a restored process, which stands still, with the configuration: what runs in the container was decided by the images, and must not be
/// able to do more than the configuration of this moment allows. Pure.
/// </summary>
internal static class RestoredRights
{
    private const string Filtered = "2";

    /// <summary>What is weaker than asked for, one sentence each.</summary>
    /// <param name="status">The text of /proc/PID/status. proc_pid_status(5)</param>
    public static IReadOnlyList<string> Excess(Config config, string status)
    {
        var excess = new List<string>();
        Process? process = config.Process;
        if (config.Linux?.Seccomp is not null && Field(status, "Seccomp") != Filtered)
        {
            excess.Add("its system calls are not filtered, and linux.seccomp asks for it");
        }

        if (process?.NoNewPrivileges == true && Field(status, "NoNewPrivs") != "1")
        {
            excess.Add("it may gain privileges, and process.noNewPrivileges forbids it");
        }

        AddCapabilities(ResolvedProcess.Of(process), status, excess);
        AddIds(config, status, excess);
        return excess;
    }

    /// <summary>No set may hold what the configuration's sets do not: a program can raise one of its sets only within the others.</summary>
    private static void AddCapabilities(ResolvedProcess process, string status, List<string> excess)
    {
        ResolvedCapabilities asked = process.Capabilities;
        CapabilitySet any = asked.Bounding | asked.Permitted | asked.Effective | asked.Inheritable | asked.Ambient;
        Add("CapBnd", "bounding", asked.Bounding);
        Add("CapPrm", "permitted", any);
        Add("CapEff", "effective", any);
        Add("CapInh", "inheritable", any);
        Add("CapAmb", "ambient", any);

        void Add(string field, string name, CapabilitySet allowed)
        {
            ulong held = ulong.TryParse(Field(status, field), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits) ? bits : ulong.MaxValue;
            if ((held & ~allowed.Bits) != 0)
            {
                excess.Add($"process.capabilities.{name} does not have {CapabilityNames.Describe(new CapabilitySet(held & ~allowed.Bits))}");
            }
        }
    }

    /// <summary>Root may become any other user; another user becomes root only by a program that gains privileges.</summary>
    private static void AddIds(Config config, string status, List<string> excess)
    {
        uint user = config.Process?.User?.Uid ?? 0, group = config.Process?.User?.Gid ?? 0;
        if (user == 0)
        {
            return;
        }

        uint root = OnHost(0, config, config.Linux?.UidMappings), rootGroup = OnHost(0, config, config.Linux?.GidMappings);
        if (Field(status, "Uid").Split('\t').Contains(root.ToString(CultureInfo.InvariantCulture)))
        {
            excess.Add($"it is root, and process.user is {user}");
        }

        if (group != 0 && Field(status, "Gid").Split('\t').Contains(rootGroup.ToString(CultureInfo.InvariantCulture)))
        {
            excess.Add($"it is of root's group, and process.user is of {group}");
        }
    }

    private static uint OnHost(uint id, Config config, IReadOnlyList<IdMapping>? mappings)
    {
        bool mapped = ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []).Has(NamespaceKinds.User);
        return (mapped ? IdMapping.HostIdOf(mappings ?? [], id) : null) ?? id;
    }

    private static string Field(string status, string name) => ProcessFields.Find(status, name) ?? "";
}
