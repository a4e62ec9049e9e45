using Microsoft.CodeAnalysis;

namespace Hull.Generators.Records;

/// <summary>The documents of a compilation: all records that are reached from them, and what of these cannot be read.</summary>
internal sealed class Schema
{
    public const string Document = "Hull.Oci.DocumentAttribute";
    public const string WhenMissing = "Hull.Oci.WhenMissingAttribute";
    public const string WhenUnknown = "Hull.Oci.WhenUnknownAttribute";
    public const string ReadWith = "Hull.Oci.ReadWithAttribute";
    public const string JsonPropertyName = "System.Text.Json.Serialization.JsonPropertyNameAttribute";

    private const int MaximumProperties = 64;

    private readonly Compilation compilation;
    private readonly INamedTypeSymbol? map;
    private readonly INamedTypeSymbol? rules;
    private readonly INamedTypeSymbol? reader;
    private readonly List<Fault> faults = [];
    private readonly HashSet<INamedTypeSymbol> known = new(SymbolEqualityComparer.Default);

    private Schema(Compilation compilation)
    {
        this.compilation = compilation;
        map = compilation.GetTypeByMetadataName("Hull.Oci.Map`1");
        rules = compilation.GetTypeByMetadataName("Hull.Oci.Rules");
        reader = compilation.GetTypeByMetadataName("Hull.Oci.DocumentReader");
    }

    /// <summary>The records in the order in which they are reached.</summary>
    public List<(INamedTypeSymbol Symbol, List<RecordProperty> Properties)> Records { get; } = [];

    public IReadOnlyList<Fault> Faults => faults;

    public static Schema From(Compilation compilation, IEnumerable<INamedTypeSymbol> documents)
    {
        Schema schema = new(compilation);
        foreach (INamedTypeSymbol document in documents)
        {
            schema.Add(document, document);
        }

        return schema;
    }

    public void Report(DiagnosticDescriptor descriptor, ISymbol at, params string[] arguments) => faults.Add(new Fault(descriptor, at, arguments));

    public bool IsMap(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, map);

    public bool HasRule(string name) => rules?.GetMembers(name).OfType<IPropertySymbol>().Any() is true;

    /// <summary>Whether DocumentReader has a method of this name for a property of this type.</summary>
    public bool CanRead(string method, ITypeSymbol type) => reader?.GetMembers(method).OfType<IMethodSymbol>().Any(
        candidate => candidate.Parameters.IsEmpty && SymbolEqualityComparer.Default.Equals(candidate.ReturnType, type)) is true;

    /// <summary>The only argument of an attribute; null without the attribute.</summary>
    public static string? Argument(ISymbol symbol, string attribute) => symbol.GetAttributes()
        .Where(data => data.AttributeClass?.ToDisplayString() == attribute && data.ConstructorArguments.Length == 1)
        .Select(data => data.ConstructorArguments[0].Value as string)
        .FirstOrDefault();

    public static bool Has(ISymbol symbol, string attribute) => symbol.GetAttributes().Any(data => data.AttributeClass?.ToDisplayString() == attribute);

    private void Add(INamedTypeSymbol record, ISymbol usedBy)
    {
        if (!known.Add(record))
        {
            return;
        }

        if (!SymbolEqualityComparer.Default.Equals(record.ContainingAssembly, compilation.Assembly) || record.IsAbstract
            || !record.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty))
        {
            Report(Diagnostics.NotCreatable, usedBy, record.ToDisplayString());
            return;
        }

        List<RecordProperty> properties = [.. PropertiesOf(record).Select(property => RecordProperty.From(property, this))];
        Records.Add((record, properties));
        CheckNames(record, properties);
        if (Argument(record, WhenMissing) is not null && !properties.Any(property => property.IsRequired))
        {
            Report(Diagnostics.UselessAttribute, record, "WhenMissing", "the record has no required property");
        }

        foreach (RecordProperty property in properties)
        {
            if (property.Shape is Shape.Record or Shape.Records or Shape.RecordMap)
            {
                Add((INamedTypeSymbol)property.Element, property.Symbol);
            }
            else if (property.Shape is Shape.Name or Shape.Names && !NameTable.Has(property.Element))
            {
                Report(Diagnostics.EnumWithoutNames, property.Symbol, property.Element.Name);
            }
        }
    }

    /// <summary>The declared properties, those of a base first; not what the compiler adds to a record.</summary>
    private static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol record)
    {
        IEnumerable<IPropertySymbol> own = record.GetMembers().OfType<IPropertySymbol>()
            .Where(property => !property.IsStatic && !property.IsImplicitlyDeclared && !property.IsIndexer);
        return record.BaseType is { SpecialType: SpecialType.None } parent ? PropertiesOf(parent).Concat(own) : own;
    }

    private void CheckNames(INamedTypeSymbol record, List<RecordProperty> properties)
    {
        if (properties.Count > MaximumProperties)
        {
            Report(Diagnostics.TooManyProperties, record, $"{properties.Count}");
        }

        // A name that differs only in case is taken as meant, so two of them could not be told apart.
        Dictionary<string, RecordProperty> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (RecordProperty property in properties)
        {
            if (taken.TryGetValue(property.JsonName, out RecordProperty? other))
            {
                Report(Diagnostics.NameTwice, property.Symbol, property.JsonName, other.Symbol.Name);
            }
            else
            {
                taken.Add(property.JsonName, property);
            }
        }
    }
}
