using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A row of the table of resources.</summary>
internal sealed class ResourceField
{
    private readonly string _group;
    private readonly string? _name;
    private readonly Func<Resources, ResourceValue>? _value;
    private readonly Func<Resources, bool>? _isGiven;
    private readonly bool _zeroCounts;

    /// <summary>A property of one value.</summary>
    /// <param name="group">The property of <c>linux.resources</c> that holds it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="value">Its value.</param>
    /// <param name="zeroCounts">Zero is a value like others; otherwise it says nothing, as in the documents of zeros that engines send.</param>
    /// <param name="v1">The file of cgroup v1.</param>
    /// <param name="v2">The file of cgroup v2; null where only v1 has this property.</param>
    /// <param name="unit">systemd's setting.</param>
    /// <param name="option">The option of <c>update</c>.</param>
    /// <param name="alwaysOnV2">The value that v2 has at any time although it has no file for it.</param>
    /// <param name="ignored">Why neither version has it, for a warning.</param>
    /// <param name="byHand">What writes it, where one file is not one value.</param>
    public ResourceField(
        string group, string name, Func<Resources, ResourceValue> value, bool zeroCounts = false, CgroupFile? v1 = null, CgroupFile? v2 = null,
        UnitSetting? unit = null, string? option = null, long? alwaysOnV2 = null, string? ignored = null, Action<CgroupResources, Resources>? byHand = null)
    {
        _group = group;
        ByHand = byHand;
        _name = name;
        _value = value;
        _zeroCounts = zeroCounts;
        V1 = v1;
        V2 = v2;
        Unit = unit;
        Option = option;
        AlwaysOnV2 = alwaysOnV2;
        Ignored = ignored;
    }

    /// <summary>Lists and maps: more than one value.</summary>
    /// <param name="group">The property of <c>linux.resources</c>.</param>
    /// <param name="isGiven">Whether it has an entry.</param>
    /// <param name="byHand">What writes it.</param>
    public ResourceField(string group, Func<Resources, bool> isGiven, Action<CgroupResources, Resources> byHand)
    {
        _group = group;
        _isGiven = isGiven;
        ByHand = byHand;
    }

    /// <summary>The file of cgroup v1.</summary>
    public CgroupFile? V1 { get; }

    /// <summary>The file of cgroup v2.</summary>
    public CgroupFile? V2 { get; }

    /// <summary>systemd's setting.</summary>
    public UnitSetting? Unit { get; }

    /// <summary>The option of <c>update</c>.</summary>
    public string? Option { get; }

    /// <summary>The value that v2 has without a file.</summary>
    public long? AlwaysOnV2 { get; }

    /// <summary>Why it is ignored.</summary>
    public string? Ignored { get; }

    /// <summary>What writes it instead of its row alone.</summary>
    public Action<CgroupResources, Resources>? ByHand { get; }

    /// <summary>Where it stands in the configuration.</summary>
    public SpecPath Path => PathBelow(ResourceSteps.All);

    /// <summary>Where it stands below the resources.</summary>
    public SpecPath PathBelow(SpecPath resources) => _name is null ? resources.Property(_group) : resources.Property(_group).Property(_name);

    /// <summary>It asks for something.</summary>
    public bool IsGiven(Resources all) => _isGiven is null ? Of(all).IsSet : _isGiven(all);

    /// <summary>What it says; nothing where it is absent, empty or a zero that does not count.</summary>
    public ResourceValue Of(Resources all)
    {
        ResourceValue value = _value is null ? default : _value(all);
        return value.List is null && value.Number == 0 && !_zeroCounts ? default : value;
    }
}

/// <summary>What a property says: a number, or a list as text.</summary>
internal readonly struct ResourceValue
{
    private readonly bool _isUnsigned;

    private ResourceValue(long number, bool isUnsigned)
    {
        Number = number;
        _isUnsigned = isUnsigned;
        IsSet = true;
    }

    private ResourceValue(string list)
    {
        List = list;
        IsSet = true;
    }

    /// <summary>Whether it says anything.</summary>
    public bool IsSet { get; }

    /// <summary>The number, of one without a sign its bits; a truth value is 1 or 0.</summary>
    public long Number { get; }

    /// <summary>The list; null for a number.</summary>
    public string? List { get; }

    /// <summary>The number, not more than the largest with a sign.</summary>
    public long Clamped => _isUnsigned && Number < 0 ? long.MaxValue : Number;

    /// <summary>For the kernel.</summary>
    public string Text => List ?? (_isUnsigned ? ResourceSteps.Text((ulong)Number) : ResourceSteps.Text(Number));

    public static implicit operator ResourceValue(long? number) => number is { } value ? new(value, isUnsigned: false) : default;

    public static implicit operator ResourceValue(ulong? number) => number is { } value ? new((long)value, isUnsigned: true) : default;

    public static implicit operator ResourceValue(bool? flag) => flag is { } value ? new(value ? 1 : 0, isUnsigned: false) : default;

    public static implicit operator ResourceValue(string? list) => string.IsNullOrEmpty(list) ? default : new(list);
}

/// <summary>The file of a cgroup that a property is written to.</summary>
/// <param name="controller">The controller that it belongs to.</param>
/// <param name="name">Its name.</param>
/// <param name="rule">The rule that says so.</param>
/// <param name="convert">From the property's number to the file's, with the largest for <c>max</c>; null where they are the same.</param>
/// <param name="mayLackFor">The value that a kernel without the file has anyway.</param>
/// <param name="otherwise">The file to write where the kernel lacks this one.</param>
/// <param name="hint">What to do when the kernel refuses the value.</param>
internal sealed class CgroupFile(
    string controller, string name, string rule, Func<long, ulong>? convert = null, long? mayLackFor = null, CgroupFile? otherwise = null, ResourceHint? hint = null)
{
    /// <summary>The controller that it belongs to.</summary>
    public string Controller => controller;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The rule that says so.</summary>
    public string Rule => rule;

    /// <summary>The file to write where the kernel lacks this one.</summary>
    public CgroupFile? Otherwise => otherwise;

    /// <summary>Whether a kernel may lack it and be right all the same.</summary>
    public bool MayLackFor(ResourceValue value) => mayLackFor is { } number && value.Number == number;

    /// <summary>The property's number as the file and systemd count it; the largest is unlimited.</summary>
    public ulong Convert(ResourceValue value) => convert is null ? (ulong)value.Number : convert(value.Number);

    /// <summary>What is written.</summary>
    public string TextOf(ResourceValue value) => convert is null ? value.Text : convert(value.Number) is var number && number == ulong.MaxValue ? "max" : ResourceSteps.Text(number);

    /// <summary>The hint where this is the file and it says something about the error.</summary>
    public string? HintFor(string file, Errno errno) => hint is not null && file == name ? hint.For(errno) : null;
}

/// <summary>What to do when the kernel refuses a value.</summary>
internal sealed class ResourceHint(string text, params Errno[] errors)
{
    public string? For(Errno errno) => Array.IndexOf(errors, errno) < 0 ? null : text;
}

/// <summary>A setting of a systemd unit (systemd.resource-control(5)), a number or, of a list, its bits.</summary>
/// <param name="v1">Its name where cgroups are v1; null where systemd has none.</param>
/// <param name="v2">Its name where they are v2.</param>
/// <param name="since">The first version of systemd that knows it; 0 for all in use.</param>
/// <param name="atLeast">The smallest value that it takes.</param>
/// <param name="from">Its value where that is not the property's own: of the resources, and whether cgroups are v2.</param>
internal sealed class UnitSetting(string? v1, string v2, int since = 0, ulong atLeast = 0, Func<Resources, bool, ulong?>? from = null)
{
    /// <summary>Its name on this kind of host, where this version of systemd knows it.</summary>
    public string? NameFor(bool isV2, int version) => version < since ? null : isV2 ? v2 : v1;

    /// <summary>The number, or the smallest that is taken.</summary>
    public ulong AtLeast(ulong number) => Math.Max(atLeast, number);

    /// <summary>Computes its value where that is not the property's own.</summary>
    public Func<Resources, bool, ulong?>? From => from;
}
