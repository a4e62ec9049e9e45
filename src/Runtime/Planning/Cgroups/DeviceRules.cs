using Hull.Oci;
using static Hull.Runtime.Planning.Cgroups.ResourceSteps;

namespace Hull.Runtime.Planning.Cgroups;

/// <summary><c>linux.resources.devices</c> as writes to the v1 devices controller: a new cgroup starts with what its parent may.</summary>
internal static class DeviceRules
{
    // Always allowed: making any node, the default devices, terminals, and tun (CGD-04).
    private static readonly string[] AlwaysAllowed =
    [
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 136:* rwm", "c 5:2 rwm", "c 10:200 rwm",
    ];

    /// <summary>Adds the rules in their order, then the ones that always hold.</summary>
    /// <param name="terminal">The container gets a terminal: /dev/console is a device it uses.</param>
    public static void Add(ResourceSteps steps, string directory, IReadOnlyList<DeviceRule> rules, bool terminal)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            SpecPath path = Devices.Index(i);
            steps.Write(directory, rules[i].Allow ? "devices.allow" : "devices.deny", Line(rules[i], path), path, "CGD-01");
        }

        foreach (string rule in AlwaysAllowed)
        {
            steps.Write(directory, "devices.allow", rule, Devices, "CGD-04");
        }

        if (terminal)
        {
            steps.Write(directory, "devices.allow", "c 5:1 rwm", Devices, "CGD-04");
        }
    }

    /// <summary>There is a rule that takes something away: without a devices controller that cannot be kept (CGD-05).</summary>
    public static bool AreRestrictive(IReadOnlyList<DeviceRule>? rules)
    {
        foreach (DeviceRule rule in rules ?? [])
        {
            if (!rule.Allow)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The kernel's form of a rule: <c>c 10:* rwm</c>.</summary>
    internal static string Line(DeviceRule rule, SpecPath path)
    {
        string access = Access(rule.Access, path.Property("access"));
        string major = Number(rule.Major, path.Property("major"));
        string minor = Number(rule.Minor, path.Property("minor"));
        switch (rule.Type ?? DeviceRuleType.All)
        {
            case DeviceRuleType.Character: return $"c {major}:{minor} {access}";
            case DeviceRuleType.Block: return $"b {major}:{minor} {access}";
            default:
                // The kernel reads "a" as every device and every access, whatever follows.
                if (major != "*" || minor != "*" || access.Length != 3)
                {
                    throw Refusal.Of(path, "CGD-02", "type \"a\" means every device and every access: give type \"c\" or \"b\" to name some");
                }

                return "a *:* rwm";
        }
    }

    private static string Number(long? number, SpecPath path) => number switch
    {
        null or -1 => "*",
        < 0 or > uint.MaxValue => throw Refusal.Of(path, "CGD-01", $"{Text(number.Value)} is no device number"),
        _ => Text(number.Value),
    };

    private static string Access(string? access, SpecPath path)
    {
        string known = "";
        foreach (char letter in "rwm")
        {
            known += (access ?? "").Contains(letter, StringComparison.Ordinal) ? letter : "";
        }

        return known.Length > 0 && known.Length == access!.Length
            ? known
            : throw Refusal.Of(path, "CGD-02", $"\"{access}\" must be made of the letters r, w and m, each at most once");
    }
}
