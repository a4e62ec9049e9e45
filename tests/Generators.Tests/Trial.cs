using System.Reflection;
using CommandLine;
using Hull.Generators.Dispatch;
using Hull.Generators.Options;
using Hull.Generators.Records;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Hull.Generators.Tests;

/// <summary>What the compiler and a generator say of a piece of source.</summary>
internal sealed class Trial
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp13);

    private static readonly CSharpCompilation Nothing = CSharpCompilation.Create(
        "Trial", [], References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static readonly CSharpCompilation Oci = Nothing.AddSyntaxTrees(
    [
        Parse("""
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            """),
        .. Resources().Select(Parse),
    ]);

    private readonly string source;

    private Trial(string source, CSharpCompilation surroundings, IIncrementalGenerator generator)
    {
        this.source = source;
        CSharpCompilation compilation = surroundings.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, Language, "Trial.cs"));
        CSharpGeneratorDriver.Create(generator)
            .WithUpdatedParseOptions(Language)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out var diagnostics);
        Diagnostics = [.. diagnostics];
        Compilation = generated;
    }

    /// <summary>What the generator reports.</summary>
    internal IReadOnlyList<Diagnostic> Diagnostics { get; }

    internal Compilation Compilation { get; }

    /// <summary>The errors of the compiler after generation, one line each.</summary>
    internal IEnumerable<string> Errors =>
        Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString());

    /// <summary>A document of the configuration, compiled with the sources of src/Oci.</summary>
    internal static Trial Record(string declarations) =>
        new($"using System.Text.Json.Serialization;\nnamespace Hull.Oci;\n{declarations}", Oci, new RecordGenerator());

    /// <summary>A class of options with what its reader is derived from.</summary>
    internal static Trial OptionClass(string declarations) =>
        new($"using CommandLine;\nusing System.Collections.Generic;\nnamespace Hull.Runtime;\n{declarations}", Nothing, new OptionGenerator());

    /// <summary>Records and the method that is to call an overload for each.</summary>
    internal static Trial Dispatch(string declarations) => new($"using Hull;\nnamespace Trials;\n{declarations}", Nothing, new DispatchGenerator());

    /// <summary>Each diagnostic as its id and the text of the source it is located at.</summary>
    internal IEnumerable<string> Located() => Diagnostics.Select(diagnostic =>
        $"{diagnostic.Id} {source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}");

    private static MetadataReference[] References() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(VerbAttribute).Assembly.Location),
    ];

    private static IEnumerable<string> Resources()
    {
        Assembly assembly = typeof(Trial).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cs", StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, Language);
}
