using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The change of a container's unit that goes before that of its cgroup (SDC-05): otherwise systemd, at its next reload, would write the
/// old limits over the new ones.
/// </summary>
internal sealed class UnitUpdate : IDisposable
{
    private readonly UnitManager _systemd;
    private readonly string _unit;
    private readonly ImmutableArray<UnitProperty> _before;

    private UnitUpdate(UnitManager systemd, string unit, ImmutableArray<UnitProperty> before)
    {
        _systemd = systemd;
        _unit = unit;
        _before = before;
    }

    /// <summary>Tells systemd what has changed; null for a container without a unit, or when nothing has that it has a setting for.</summary>
    /// <param name="before">The container's resources as they are.</param>
    /// <param name="after">As they will be.</param>
    public static UnitUpdate? Apply(ContainerRecord record, Resources before, Resources after, HostFacts facts)
    {
        if (record.Unit.Length == 0)
        {
            return null;
        }

        return Apply(UnitManager.Connect(record.UnitOfUser), record.Unit, before, after, facts);
    }

    /// <summary>The same with a systemd that is connected: it is closed with the result, or at once when there is none.</summary>
    internal static UnitUpdate? Apply(UnitManager systemd, string unit, Resources before, Resources after, HostFacts facts)
    {
        try
        {
            SystemdFacts about = systemd.Ask();
            bool isV2 = facts.Cgroups.Layout == CgroupLayout.V2;
            ImmutableArray<UnitProperty> old = UnitPlanning.Limits(before, isV2, about), all = UnitPlanning.Limits(after, isV2, about);
            ImmutableArray<UnitProperty> changed = all.RemoveAll(old.Contains);
            if (changed.IsEmpty)
            {
                systemd.Dispose();
                return null;
            }

            systemd.SetProperties(unit, changed);
            return new UnitUpdate(systemd, unit, Opposite(changed, old));
        }
        catch
        {
            systemd.Dispose();
            throw;
        }
    }

    /// <summary>Tells systemd what it was. The cgroup's files are written by that, so they must have been taken back before.</summary>
    /// <returns>Nothing, or the end of a message: that systemd keeps the change.</returns>
    public string TakeBack()
    {
        try
        {
            _systemd.SetProperties(_unit, _before);
            return "";
        }
        catch (Exception refused) when (refused is RuntimeError or KernelException)
        {
            // The failure that this follows from is the one to be told first.
            var names = new List<string>(_before.Length);
            foreach (UnitProperty property in _before)
            {
                names.Add(property.Name);
            }

            return $" (and could not be taken back: {string.Join(", ", names)} of unit {_unit}: {(refused as RuntimeError)?.Action ?? refused.Message})";
        }
    }

    /// <summary>What takes these changes back: the old value, or none.</summary>
    internal static ImmutableArray<UnitProperty> Opposite(ImmutableArray<UnitProperty> changed, ImmutableArray<UnitProperty> old)
    {
        var opposite = ImmutableArray.CreateBuilder<UnitProperty>(changed.Length);
        foreach (UnitProperty property in changed)
        {
            UnitProperty? before = null;
            foreach (UnitProperty one in old)
            {
                before = one.Name == property.Name ? one : before;
            }

            opposite.Add(before ?? new UnitProperty(property.Name, Unset(property)));
        }

        return opposite.MoveToImmutable();
    }

    // Protected memory is none at 0; everything else is unlimited, or left to systemd, at infinity.
    private static BusValue Unset(UnitProperty property) => property.Value is BusArray array
        ? new BusArray(array.ElementSignature, [])
        : BusValue.Of(property.Name is "MemoryLow" or "MemoryMin" ? 0 : ulong.MaxValue);

    public void Dispose() => _systemd.Dispose();
}
