using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;
using static Hull.Runtime.ResolvedDeviceRule;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources.devices</c>: the configuration's rules in their order, then those that always hold. v1 has a controller that takes
/// them one by one; in v2 a program attached to the cgroup is asked about every use of a device.
/// </summary>
internal static class DeviceRules
{
    // Always allowed: making any node, the default devices, terminals, and tun (CGD-04).
    private static readonly ImmutableArray<ResolvedDeviceRule> AlwaysAllowed =
    [
        new(true, BpfDeviceType.Character, null, null, BpfDeviceAccess.MakeNode),
        new(true, BpfDeviceType.Block, null, null, BpfDeviceAccess.MakeNode),
        AllowCharacter(1, 3), AllowCharacter(1, 5), AllowCharacter(1, 7), AllowCharacter(1, 8), AllowCharacter(1, 9),
        AllowCharacter(5, 0), AllowCharacter(136, null), AllowCharacter(5, 2), AllowCharacter(10, 200),
    ];

    /// <summary>The rules in force, in order.</summary>
    /// <param name="rules"><c>linux.resources.devices</c>.</param>
    /// <param name="terminal">The container gets a terminal: /dev/console is a device it uses.</param>
    public static ImmutableArray<ResolvedDeviceRule> Resolve(IReadOnlyList<DeviceRule> rules, bool terminal)
    {
        var resolved = ImmutableArray.CreateBuilder<ResolvedDeviceRule>(rules.Count + AlwaysAllowed.Length + 1);
        for (int i = 0; i < rules.Count; i++)
        {
            resolved.Add(Of(rules[i], Devices.Index(i)));
        }

        resolved.AddRange(AlwaysAllowed);
        if (terminal)
        {
            resolved.Add(AllowCharacter(5, 1));
        }

        return resolved.ToImmutable();
    }

    /// <summary>Adds a write to the v1 controller for each rule: a new cgroup starts with what its parent may.</summary>
    /// <param name="configured">How many of the rules, from the first, are the configuration's.</param>
    public static void AddV1(ResourceSteps steps, string directory, ImmutableArray<ResolvedDeviceRule> rules, int configured)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            string file = rules[i].Allow ? "devices.allow" : "devices.deny";
            steps.Write(directory, file, rules[i].ToString(), i < configured ? Devices.Index(i) : Devices, i < configured ? "CGD-01" : "CGD-04");
        }
    }
}
