using Hull.Linux;
using Hull.Oci;
using static Hull.Runtime.ResourceSteps;

namespace Hull.Runtime;

/// <summary>A device rule with every number and access given.</summary>
/// <param name="Allow">It allows; otherwise it denies.</param>
/// <param name="Type">The type of device; <see cref="BpfDeviceType.None"/> is both.</param>
/// <param name="Major">The major number; null is every one.</param>
/// <param name="Minor">The minor number; null is every one.</param>
/// <param name="Access">What it allows or denies.</param>
internal readonly record struct ResolvedDeviceRule(bool Allow, BpfDeviceType Type, uint? Major, uint? Minor, BpfDeviceAccess Access)
{
    /// <summary>Reading, writing and making nodes.</summary>
    public const BpfDeviceAccess EveryAccess = BpfDeviceAccess.Read | BpfDeviceAccess.Write | BpfDeviceAccess.MakeNode;

    /// <summary>A rule for character devices that allows everything.</summary>
    public static ResolvedDeviceRule AllowCharacter(uint major, uint? minor) => new(true, BpfDeviceType.Character, major, minor, EveryAccess);

    /// <summary>The rule of the configuration, checked.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="path">Its place, for errors.</param>
    public static ResolvedDeviceRule Of(DeviceRule rule, SpecPath path)
    {
        BpfDeviceType type = rule.Type switch
        {
            DeviceRuleType.Character => BpfDeviceType.Character,
            DeviceRuleType.Block => BpfDeviceType.Block,
            _ => BpfDeviceType.None,
        };
        var resolved = new ResolvedDeviceRule(
            rule.Allow, type, Number(rule.Major, path.Property("major")), Number(rule.Minor, path.Property("minor")), AccessOf(rule.Access, path.Property("access")));

        // The v1 controller reads "a" as every device and every access, whatever follows.
        return type != BpfDeviceType.None || resolved is { Major: null, Minor: null, Access: EveryAccess }
            ? resolved
            : throw Refusal.Of(path, "CGD-02", "type \"a\" means every device and every access: give type \"c\" or \"b\" to name some");
    }

    /// <summary>The accesses as the v1 controller and systemd write them: <c>rwm</c>.</summary>
    public string Letters =>
        (Access.HasFlag(BpfDeviceAccess.Read) ? "r" : "") + (Access.HasFlag(BpfDeviceAccess.Write) ? "w" : "")
        + (Access.HasFlag(BpfDeviceAccess.MakeNode) ? "m" : "");

    /// <summary>Every device that the other rule is about, this one is about too.</summary>
    public bool Covers(ResolvedDeviceRule other) =>
        (Type == BpfDeviceType.None || Type == other.Type) && (Major is null || Major == other.Major) && (Minor is null || Minor == other.Minor);

    /// <summary>As the v1 controller reads it: <c>c 10:* rwm</c>.</summary>
    public override string ToString()
    {
        char type = Type switch { BpfDeviceType.Character => 'c', BpfDeviceType.Block => 'b', _ => 'a' };
        return $"{type} {Describe(Major)}:{Describe(Minor)} {Letters}";
    }

    private static string Describe(uint? number) => number is { } value ? Text((long)value) : "*";

    private static uint? Number(long? number, SpecPath path) => number switch
    {
        null or -1 => null,
        < 0 or > uint.MaxValue => throw Refusal.Of(path, "CGD-01", $"{Text(number.Value)} is no device number"),
        _ => (uint)number.Value,
    };

    private static BpfDeviceAccess AccessOf(string? letters, SpecPath path)
    {
        BpfDeviceAccess access = 0;
        foreach (char letter in letters ?? "")
        {
            BpfDeviceAccess next = letter switch { 'r' => BpfDeviceAccess.Read, 'w' => BpfDeviceAccess.Write, 'm' => BpfDeviceAccess.MakeNode, _ => 0 };
            if (next == 0 || (access & next) != 0)
            {
                access = 0;
                break;
            }

            access |= next;
        }

        return access != 0 ? access
            : throw Refusal.Of(path, "CGD-02", $"\"{letters}\" must be made of the letters r, w and m, each at most once");
    }
}
