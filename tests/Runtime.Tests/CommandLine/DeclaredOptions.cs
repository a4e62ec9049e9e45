using System.Reflection;
using CommandLine;

namespace Hull.Runtime.Tests.CommandLines;

/// <summary>A class of options, as reflection sees its attributes: independent of what the generator made of them.</summary>
internal sealed class DeclaredOptions
{
    public DeclaredOptions(Type type)
    {
        Type = type;
        PropertyInfo[] properties = type.GetProperties();
        Options = [.. properties.Where(property => property.IsDefined(typeof(OptionAttribute))).Select(property => new DeclaredOption(property))];
        Properties = [.. properties.Where(property => property.IsDefined(typeof(OptionAttribute)) || property.IsDefined(typeof(ValueAttribute)))];
        EndAtFirstArgument = type.IsDefined(typeof(OptionsEndAtFirstArgumentAttribute));
        ValueAttribute[] values = [.. properties.Select(property => property.GetCustomAttribute<ValueAttribute>()).OfType<ValueAttribute>()];
        MaximumArguments = properties.Any(property => property.IsDefined(typeof(ValueAttribute)) && property.PropertyType == typeof(IReadOnlyList<string>))
            ? int.MaxValue
            : values.Length;
    }

    public Type Type { get; }

    public IReadOnlyList<DeclaredOption> Options { get; }

    public IReadOnlyList<PropertyInfo> Properties { get; }

    public bool EndAtFirstArgument { get; }

    public int MaximumArguments { get; }

    public bool HasLists => Options.Any(option => option.IsList);

    public DeclaredOption? Find(string name) =>
        Options.FirstOrDefault(option => name.Length == 1 ? option.ShortName == name : option.LongName == name);

    internal static DeclaredOptions[] All() =>
        [.. CommandTable.OptionClasses().Append(typeof(GlobalOptions)).Select(type => new DeclaredOptions(type))];
}

internal sealed class DeclaredOption(PropertyInfo property)
{
    private readonly OptionAttribute _attribute = property.GetCustomAttribute<OptionAttribute>()!;

    public PropertyInfo Property { get; } = property;

    public string LongName => _attribute.LongName;

    public string ShortName => _attribute.ShortName;

    public bool IsHidden => _attribute.Hidden;

    public bool IsFlag => Property.PropertyType == typeof(bool);

    public bool IsList => Property.PropertyType == typeof(IReadOnlyList<string>);

    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
}
