using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// <c>linux.resources</c> as settings of a unit (SDC-03), so that systemd neither undoes the limits when it next looks at the unit nor
/// gives away what they promise. It rounds and knows only some of them: the files of the cgroup are written as well afterwards (SDC-05),
/// and it is the writers of those that refuse what is wrong.
/// </summary>
/// <param name="properties">Where they go.</param>
/// <param name="isV2">The host has cgroup v2 alone.</param>
/// <param name="version">systemd's version: it refuses what it does not know yet.</param>
internal sealed class UnitResources(UnitProperties properties, bool isV2, int version)
{
    /// <summary>Adds everything that systemd has a setting for; <c>unified</c> comes last and wins (UNI-03).</summary>
    public void Add(Resources all)
    {
        foreach (ResourceField field in ResourceTable.Fields)
        {
            if (field.Unit is { } unit && unit.NameFor(isV2, version) is { } name && ValueOf(field, unit, all) is { } value)
            {
                properties.Set(name, value);
            }
        }

        foreach (KeyValuePair<string, string> entry in isV2 && all.Unified is { } files ? files.Entries : default)
        {
            AddFile(entry.Key, entry.Value);
        }
    }

    private BusValue? ValueOf(ResourceField field, UnitSetting unit, Resources all)
    {
        if (unit.From is { } from)
        {
            return from(all, isV2) is { } number ? BusValue.Of(number) : null;
        }

        if (field.Of(all) is not { IsSet: true } value)
        {
            return null;
        }

        if (value.List is { } list)
        {
            return BusValue.Bytes(CpuMask.Parse(list, field.Path));
        }

        // systemd counts as v2 does, and has "infinity" for -1 on v1 as well.
        CgroupFile file = isV2 ? field.V2!.Otherwise ?? field.V2 : field.V1!;
        return BusValue.Of(unit.AtLeast(value.Number == -1 ? ulong.MaxValue : file.Convert(value)));
    }

    /// <summary>A file of cgroup v2 that the configuration names itself (SDC-04). What systemd cannot take is left to the file alone.</summary>
    private void AddFile(string file, string value)
    {
        if (file == ResourceTable.CpuQuota.V2!.Name)
        {
            AddTime(value);
            return;
        }

        if (file == "memory.oom.group" && version >= 253)
        {
            properties.Set("OOMPolicy", BusValue.Of(value.Trim() == "1" ? "kill" : "continue"));
            return;
        }

        foreach (ResourceField field in ResourceTable.Fields)
        {
            if (field.V2 is { Otherwise: null } known && known.Name == file && field.Unit is { } unit && unit.NameFor(isV2: true, version) is { } name)
            {
                AddFile(field, unit, name, value);
            }
        }

        foreach ((string known, UnitSetting unit) in ResourceTable.UnifiedUnits)
        {
            if (known == file && unit.NameFor(isV2: true, version) is { } name && UnitValues.Number(value) is { } number)
            {
                properties.Set(name, number);
            }
        }
    }

    private void AddFile(ResourceField field, UnitSetting unit, string name, string value)
    {
        if (field == ResourceTable.Cpus || field == ResourceTable.Mems)
        {
            properties.Set(name, BusValue.Bytes(CpuMask.Parse(value, ResourceTable.Unified.Path.Property(field.V2!.Name))));
        }
        else if (field == ResourceTable.CpuIdle)
        {
            if (value.Trim() == "1")
            {
                properties.Set(name, 0);
            }
        }
        else if (UnitValues.Number(value) is { } number)
        {
            properties.Set(name, unit.AtLeast(number));
        }
    }

    // "50000 100000", "max 100000" or a quota alone.
    private void AddTime(string value)
    {
        string[] parts = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (1 or 2) || UnitValues.Number(parts[0]) is not { } quota || (parts.Length == 1 ? 0 : UnitValues.Number(parts[1])) is not { } period)
        {
            return;
        }

        if (period != 0 && ResourceTable.CpuPeriod.Unit!.NameFor(isV2: true, version) is { } name)
        {
            properties.Set(name, period);
        }

        if (UnitValues.QuotaPerSecond(quota > long.MaxValue ? -1 : (long)quota, period) is { } share)
        {
            properties.Set(ResourceTable.CpuQuota.Unit!.NameFor(isV2: true, version)!, share);
        }
    }
}
