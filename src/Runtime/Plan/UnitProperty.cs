using System.Collections.Immutable;

namespace Hull.Runtime;

/// <summary>A property of a unit. systemd.resource-control(5), org.freedesktop.systemd1(5)</summary>
internal readonly record struct UnitProperty(string Name, BusValue Value)
{
    public override string ToString() => $"{Name}={Value}";
}

/// <summary>Properties while they are collected: of two with one name the later counts, in the place of the earlier.</summary>
internal sealed class UnitProperties
{
    private readonly ImmutableArray<UnitProperty>.Builder _properties = ImmutableArray.CreateBuilder<UnitProperty>(24);

    public void Set(string name, BusValue value)
    {
        for (int i = 0; i < _properties.Count; i++)
        {
            if (_properties[i].Name == name)
            {
                _properties[i] = new UnitProperty(name, value);
                return;
            }
        }

        _properties.Add(new UnitProperty(name, value));
    }

    public void Set(string name, bool value) => Set(name, BusValue.Of(value));

    public void Set(string name, ulong value) => Set(name, BusValue.Of(value));

    public ImmutableArray<UnitProperty> All => _properties.ToImmutable();
}
