using Microsoft.CodeAnalysis;

namespace Hull.Generators.Options;

/// <summary>One class of options, as its attributes declare it.</summary>
internal sealed class OptionClass
{
    private static readonly string[] KnownOptionSettings = ["HelpText", "Hidden", "MetaValue"];
    private static readonly string[] KnownValueSettings = ["HelpText", "Hidden", "MetaName", "MetaValue", "Required"];

    private OptionClass(INamedTypeSymbol symbol) => Symbol = symbol;

    public INamedTypeSymbol Symbol { get; }

    public string FullName => Symbol.ToDisplayString();

    public string Verb { get; private set; } = "";

    public string Summary { get; private set; } = "";

    public bool OptionsEndAtFirstArgument { get; private set; }

    public List<Option> Options { get; } = [];

    public List<Argument> Arguments { get; } = [];

    /// <summary>What is declared but not understood: CommandLineParser, which prints the help, would read it differently.</summary>
    public List<Fault> Faults { get; } = [];

    public static OptionClass From(INamedTypeSymbol symbol, string verbAttribute, string endAttribute)
    {
        var found = new OptionClass(symbol);
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            string? name = attribute.AttributeClass?.ToDisplayString();
            found.OptionsEndAtFirstArgument |= name == endAttribute;
            if (name == verbAttribute)
            {
                found.Verb = (string)attribute.ConstructorArguments[0].Value!;
                found.Summary = Setting(attribute, "HelpText") as string ?? "";
            }
        }

        for (INamedTypeSymbol? type = symbol; type is not null; type = type.BaseType)
        {
            foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
            {
                found.Add(property);
            }
        }

        found.Arguments.Sort((left, right) => left.Position.CompareTo(right.Position));
        found.CheckArguments();
        found.CheckNames();
        return found;
    }

    private void Add(IPropertySymbol property)
    {
        foreach (AttributeData attribute in property.GetAttributes())
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case "CommandLine.OptionAttribute":
                    CheckSettable(property);
                    CheckSettings(property, attribute, KnownOptionSettings);
                    Options.Add(ToOption(property, attribute));
                    break;
                case "CommandLine.ValueAttribute":
                    CheckSettable(property);
                    CheckSettings(property, attribute, KnownValueSettings);
                    Arguments.Add(ToArgument(property, attribute));
                    break;
            }
        }
    }

    private Option ToOption(IPropertySymbol property, AttributeData attribute)
    {
        string? longName = null;
        char? shortName = null;
        foreach (TypedConstant argument in attribute.ConstructorArguments)
        {
            shortName = argument.Value as char? ?? shortName;
            longName = argument.Value as string ?? longName;
        }

        if (longName is null || longName.Length < 2)
        {
            Faults.Add(new Fault(Diagnostics.OptionName, property));
        }

        Kind kind = KindOf(property.Type);
        if (kind == Kind.Unknown)
        {
            Faults.Add(new Fault(Diagnostics.OptionType, property, property.Type.ToDisplayString()));
        }

        return new Option(property, longName ?? "", shortName, kind);
    }

    private Argument ToArgument(IPropertySymbol property, AttributeData attribute)
    {
        Kind kind = KindOf(property.Type);
        if (kind is not (Kind.Text or Kind.List))
        {
            Faults.Add(new Fault(Diagnostics.ArgumentType, property, property.Type.ToDisplayString()));
        }

        string name = Setting(attribute, "MetaName") as string ?? property.Name;
        bool required = Setting(attribute, "Required") is true;
        return new Argument(property, (int)attribute.ConstructorArguments[0].Value!, name, required, Setting(attribute, "Hidden") is true, kind);
    }

    private void CheckArguments()
    {
        for (var i = 0; i < Arguments.Count; i++)
        {
            if (Arguments[i].Position != i)
            {
                Faults.Add(new Fault(Diagnostics.ArgumentPosition, Arguments[i].Property));
            }

            if (Arguments[i].Kind == Kind.List && (i + 1 < Arguments.Count || !OptionsEndAtFirstArgument))
            {
                Faults.Add(new Fault(Diagnostics.ArgumentList, Arguments[i].Property));
            }
        }
    }

    private void CheckSettings(IPropertySymbol property, AttributeData attribute, string[] known)
    {
        foreach (KeyValuePair<string, TypedConstant> setting in attribute.NamedArguments)
        {
            if (!known.Contains(setting.Key))
            {
                Faults.Add(new Fault(Diagnostics.OptionSetting, property, setting.Key));
            }
        }
    }

    private void CheckSettable(IPropertySymbol property)
    {
        if (property.SetMethod is not { IsInitOnly: false, DeclaredAccessibility: Accessibility.Public or Accessibility.Internal })
        {
            Faults.Add(new Fault(Diagnostics.OptionNotSettable, property));
        }
    }

    private void CheckNames()
    {
        Dictionary<string, Option> taken = new(StringComparer.Ordinal);
        foreach (Option option in Options)
        {
            foreach (string name in new[] { "--" + option.LongName, "-" + option.ShortName })
            {
                if (taken.TryGetValue(name, out Option? other) && name != "-")
                {
                    Faults.Add(new Fault(Diagnostics.OptionTwice, option.Property, name, other.Property.Name));
                }

                taken[name] = option;
            }
        }
    }

    private static Kind KindOf(ITypeSymbol declared)
    {
        ITypeSymbol type = declared;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        bool isNullable = !SymbolEqualityComparer.Default.Equals(type, declared);
        return type.SpecialType switch
        {
            SpecialType.System_Boolean when !isNullable => Kind.Flag,
            SpecialType.System_String => Kind.Text,
            SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64 => Kind.Number,
            _ when type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T } list
                && list.TypeArguments[0].SpecialType == SpecialType.System_String => Kind.List,
            _ when type.TypeKind == TypeKind.Enum && !isNullable => Kind.Choice,
            _ => Kind.Unknown,
        };
    }

    private static object? Setting(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(setting => setting.Key == name).Value.Value;
}

internal enum Kind { Unknown, Flag, Text, Number, Choice, List }

internal sealed class Option(IPropertySymbol property, string longName, char? shortName, Kind kind)
{
    public IPropertySymbol Property { get; } = property;

    public string LongName { get; } = longName;

    public char? ShortName { get; } = shortName;

    public Kind Kind { get; } = kind;
}

internal sealed class Argument(IPropertySymbol property, int position, string name, bool required, bool hidden, Kind kind)
{
    public IPropertySymbol Property { get; } = property;

    public int Position { get; } = position;

    public string Name { get; } = name;

    public bool Required { get; } = required;

    public bool Hidden { get; } = hidden;

    public Kind Kind { get; } = kind;
}
