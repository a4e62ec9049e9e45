using Hull.Linux;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>What the v1 controller does with its files, after the kernel's security/device_cgroup.c.</summary>
internal sealed class V1DeviceController
{
    private readonly Dictionary<(BpfDeviceType, uint?, uint?), BpfDeviceAccess> _exceptions = [];
    private bool _allows = true;

    /// <summary>A write to devices.allow or devices.deny.</summary>
    public void Write(ResolvedDeviceRule rule)
    {
        if (rule.Type == BpfDeviceType.None)
        {
            _allows = rule.Allow;
            _exceptions.Clear();
            return;
        }

        // An exception is found again only by exactly the same numbers.
        var key = (rule.Type, rule.Major, rule.Minor);
        BpfDeviceAccess access = _exceptions.GetValueOrDefault(key);
        _exceptions[key] = rule.Allow != _allows ? access | rule.Access : access & ~rule.Access;
    }

    /// <summary>Whether a use is allowed.</summary>
    public bool Allows(DeviceUse use)
    {
        var matching = _exceptions.Where(one =>
            one.Value != 0 && one.Key.Item1 == use.Type && (one.Key.Item2 ?? use.Major) == use.Major && (one.Key.Item3 ?? use.Minor) == use.Minor);
        return _allows ? matching.All(one => (one.Value & use.Access) == 0) : matching.Any(one => (use.Access & ~one.Value) == 0);
    }
}
