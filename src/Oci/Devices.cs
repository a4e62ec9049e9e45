using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>A device node that must exist in the container (DEV-01).</summary>
[WhenMissing(nameof(Rules.DeviceIsComplete))]
public sealed record Device
{
    /// <summary>The type of the node.</summary>
    [WhenUnknown(nameof(Rules.DeviceIsComplete))]
    public required DeviceType Type { get; init; }

    /// <summary>The full path inside the container.</summary>
    public required string Path { get; init; }

    /// <summary>The major number; absent only for a FIFO.</summary>
    public long? Major { get; init; }

    /// <summary>The minor number; absent only for a FIFO.</summary>
    public long? Minor { get; init; }

    /// <summary>The mode, written in decimal in the document; engines add the bits of the file's type (DEV-03).</summary>
    public uint? FileMode { get; init; }

    /// <summary>The owner, an id of the container (DEV-03).</summary>
    public uint? Uid { get; init; }

    /// <summary>The group, an id of the container (DEV-03).</summary>
    public uint? Gid { get; init; }
}

/// <summary>The types of device nodes, one letter in the document (DEV-01).</summary>
[LowerCaseNames]
[JsonConverter(typeof(SpecNameConverter<DeviceType>))]
public enum DeviceType
{
    /// <summary><c>c</c>.</summary>
    [SpecName("c")]
    Character,

    /// <summary><c>b</c>.</summary>
    [SpecName("b")]
    Block,

    /// <summary><c>u</c>, on Linux the same as <c>c</c> (DEV-06).</summary>
    [SpecName("u")]
    UnbufferedCharacter,

    /// <summary><c>p</c>.</summary>
    [SpecName("p")]
    Fifo,
}

/// <summary>A network interface of the host that moves into the container (NET-01).</summary>
public sealed record NetDevice
{
    /// <summary>Its name inside the container; absent means the same name (NET-01).</summary>
    public string? Name { get; init; }
}
