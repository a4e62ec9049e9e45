using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hull.Generators.Records;

/// <summary>Writes the readers of the configuration's records and the names of its enumerations (README.md).</summary>
[Generator]
public sealed class RecordGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Only text and faults leave these steps: they compare by value, so an edit elsewhere generates nothing anew.
        IncrementalValueProvider<ImmutableArray<Generated>> upper = Names(context, NameTable.UpperCase);
        IncrementalValueProvider<ImmutableArray<Generated>> lower = Names(context, NameTable.LowerCase);
        context.RegisterSourceOutput(upper.Combine(lower), (output, names) => AddNames(output, [.. names.Left, .. names.Right]));

        IncrementalValueProvider<ImmutableArray<INamedTypeSymbol>> documents = context.SyntaxProvider
            .ForAttributeWithMetadataName(Schema.Document, (node, _) => node is TypeDeclarationSyntax, (found, _) => (INamedTypeSymbol)found.TargetSymbol)
            .Collect();

        IncrementalValueProvider<(Generated? Readers, Generated? Merges, Generated? Ranges)> records =
            documents.Combine(context.CompilationProvider).Select((pair, _) => Read(pair.Left, pair.Right));
        context.RegisterSourceOutput(records.Select((generated, _) => generated.Readers), (output, readers) => Add(output, readers, "RecordReaders.g.cs"));
        context.RegisterSourceOutput(records.Select((generated, _) => generated.Merges), (output, merges) => Add(output, merges, "RecordMerges.g.cs"));
        context.RegisterSourceOutput(records.Select((generated, _) => generated.Ranges), (output, ranges) => Add(output, ranges, "RecordRanges.g.cs"));
    }

    private static IncrementalValueProvider<ImmutableArray<Generated>> Names(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(
            attribute, (node, _) => node is EnumDeclarationSyntax, (found, _) => NameTable.Read((INamedTypeSymbol)found.TargetSymbol)).Collect();

    private static void AddNames(SourceProductionContext context, List<Generated> tables)
    {
        foreach (Generated table in tables)
        {
            table.Report(context);
        }

        if (tables.Count > 0)
        {
            context.AddSource("SpecNames.g.cs", NameTable.Write([.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)]));
        }
    }

    private static void Add(SourceProductionContext context, Generated? generated, string file)
    {
        generated?.Report(context);
        if (generated is not null)
        {
            context.AddSource(file, generated.Code);
        }
    }

    private static (Generated? Readers, Generated? Merges, Generated? Ranges) Read(ImmutableArray<INamedTypeSymbol> documents, Compilation compilation)
    {
        if (documents.IsEmpty)
        {
            return default;
        }

        Schema schema = Schema.From(compilation, documents.OrderBy(document => document.Name, StringComparer.Ordinal));
        Generated readers = new(documents[0], "", RecordReaderSource.Write(schema), [.. schema.Faults]);
        int known = schema.Faults.Count;
        Generated merges = new(documents[0], "", MergeSource.Write(schema), [.. schema.Faults.Skip(known)]);
        known = schema.Faults.Count;
        Generated ranges = new(documents[0], "", RangeSource.Write(schema), [.. schema.Faults.Skip(known)]);
        return (readers, merges, ranges);
    }
}
