using Microsoft.CodeAnalysis;

namespace Hull.Generators.Records;

/// <summary>What a property holds, as far as its reader has to know: a single value or several. Special has a method of its own.</summary>
internal enum Shape { Unreadable, Text, Truth, Number, Name, Record, Texts, Numbers, Names, Records, TextMap, RecordMap, Special }

/// <summary>One property of a record, as its declaration and its attributes say it is read.</summary>
internal sealed class RecordProperty
{
    private RecordProperty(IPropertySymbol symbol, string jsonName)
    {
        Symbol = symbol;
        JsonName = jsonName;
    }

    public IPropertySymbol Symbol { get; }

    /// <summary>Its name in the document: that of the property in camelCase, or that of [JsonPropertyName].</summary>
    public string JsonName { get; }

    public Shape Shape { get; private set; }

    /// <summary>What is read: the type without Nullable, the items of a list or the values of a map.</summary>
    public ITypeSymbol Element { get; private set; } = null!;

    public bool IsRequired => Symbol.IsRequired;

    /// <summary>The rule that is broken when a required property is absent: its own, or that of its record.</summary>
    public string? WhenMissing { get; private set; }

    /// <summary>The rule that is broken by a name the enumeration does not have.</summary>
    public string? WhenUnknown { get; private set; }

    /// <summary>The method of DocumentReader that reads it instead of what its type says.</summary>
    public string? ReadWith { get; private set; }

    public static RecordProperty From(IPropertySymbol symbol, Schema schema)
    {
        string name = Schema.Argument(symbol, Schema.JsonPropertyName) ?? char.ToLowerInvariant(symbol.Name[0]) + symbol.Name.Substring(1);
        RecordProperty property = new(symbol, name)
        {
            WhenMissing = Schema.Argument(symbol, Schema.WhenMissing) ?? (symbol.IsRequired ? Schema.Argument(symbol.ContainingType, Schema.WhenMissing) : null),
            WhenUnknown = Schema.Argument(symbol, Schema.WhenUnknown),
            ReadWith = Schema.Argument(symbol, Schema.ReadWith),
        };
        property.Classify(schema);
        property.Check(schema);
        return property;
    }

    private void Classify(Schema schema)
    {
        ITypeSymbol type = Symbol.Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        Element = type;
        if (ReadWith is not null)
        {
            Shape = Shape.Special;
        }
        else if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T } list)
        {
            Element = list.TypeArguments[0];
            Shape = Single(Element) switch
            {
                Shape.Text => Shape.Texts,
                Shape.Number when Element.SpecialType == SpecialType.System_UInt32 => Shape.Numbers,
                Shape.Name => Shape.Names,
                Shape.Record => Shape.Records,
                _ => Shape.Unreadable,
            };
        }
        else if (type is INamedTypeSymbol { Arity: 1 } map && schema.IsMap(map))
        {
            Element = map.TypeArguments[0];
            Shape = Single(Element) switch
            {
                Shape.Text => Shape.TextMap,
                Shape.Record => Shape.RecordMap,
                _ => Shape.Unreadable,
            };
        }
        else
        {
            Shape = Single(type);
        }
    }

    private static Shape Single(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => Shape.Text,
        SpecialType.System_Boolean => Shape.Truth,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
            or SpecialType.System_UInt16 => Shape.Number,
        SpecialType.None when type.TypeKind == TypeKind.Enum => Shape.Name,
        SpecialType.None when type is INamedTypeSymbol { TypeKind: TypeKind.Class, Arity: 0 } => Shape.Record,
        _ => Shape.Unreadable,
    };

    private void Check(Schema schema)
    {
        if (Shape == Shape.Unreadable)
        {
            schema.Report(Diagnostics.UnreadableType, Symbol, Symbol.Type.ToDisplayString());
        }

        if (Symbol.DeclaredAccessibility != Accessibility.Public || Symbol.SetMethod is not { IsInitOnly: true, DeclaredAccessibility: Accessibility.Public })
        {
            schema.Report(Diagnostics.NotInit, Symbol);
        }

        if (IsRequired == (Symbol.NullableAnnotation == NullableAnnotation.Annotated))
        {
            schema.Report(Diagnostics.NullabilityMismatch, Symbol);
        }

        CheckRules(schema);
        if (ReadWith is not null && !schema.CanRead(ReadWith, Symbol.Type))
        {
            schema.Report(Diagnostics.NoSuchMethod, Symbol, ReadWith, Symbol.Type.ToDisplayString());
        }
    }

    private void CheckRules(Schema schema)
    {
        if (IsRequired && WhenMissing is null)
        {
            schema.Report(Diagnostics.RequiredWithoutRule, Symbol);
        }
        else if (!IsRequired && WhenMissing is not null)
        {
            schema.Report(Diagnostics.UselessAttribute, Symbol, "WhenMissing", "the property is not required");
        }

        bool hasNames = Shape is Shape.Name or Shape.Names;
        if (hasNames && WhenUnknown is null)
        {
            schema.Report(Diagnostics.NamesWithoutRule, Symbol);
        }
        else if (!hasNames && WhenUnknown is not null)
        {
            schema.Report(Diagnostics.UselessAttribute, Symbol, "WhenUnknown", "the property is no enumeration");
        }

        foreach (string? rule in new[] { WhenMissing, WhenUnknown })
        {
            if (rule is not null && !schema.HasRule(rule))
            {
                schema.Report(Diagnostics.NoSuchRule, Symbol, rule);
            }
        }
    }
}
