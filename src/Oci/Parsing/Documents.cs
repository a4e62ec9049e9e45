using System.Collections.Immutable;
using System.Text.Json;

namespace Hull.Oci;

/// <summary>Reads a whole <c>config.json</c>.</summary>
public static class ConfigDocument
{
    /// <summary>
    /// Reads the document; every fault of form is reported, none is thrown. What the values mean together is
    /// <see cref="Validator"/>'s.
    /// </summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Config> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, RecordReaders.ReadConfig);
}

/// <summary>Reads a process alone, as <c>exec --process</c> gets it.</summary>
public static class ProcessDocument
{
    /// <summary>Reads the document; paths in its faults start at the process.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Process> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, RecordReaders.ReadProcess);
}

/// <summary>Reads resources alone, as <c>update --resources</c> gets them.</summary>
public static class ResourcesDocument
{
    /// <summary>Reads the document; paths in its faults start at the resources.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Resources> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, RecordReaders.ReadResources);
}

/// <summary>Reads a seccomp profile alone, of the specification's form or of an engine's.</summary>
public static class SeccompDocument
{
    /// <summary>Reads the document; paths in its faults start at the profile.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    public static ParseResult<Seccomp> Parse(ReadOnlySpan<byte> utf8) => Document.Parse(utf8, RecordReaders.ReadSeccomp);
}

/// <summary>What became of a document.</summary>
/// <typeparam name="T">What the document holds.</typeparam>
/// <param name="Value">What was read; null exactly when there is a violation.</param>
/// <param name="Violations">Everything that is wrong, in the order of the document.</param>
/// <param name="Warnings">What is worth saying, in the order of the document.</param>
public sealed record ParseResult<T>(T? Value, ImmutableArray<Violation> Violations, ImmutableArray<Warning> Warnings)
    where T : class
{
    /// <summary>
    /// What could be read although something is wrong: a value of another type counts as absent, and an item that cannot be read is not in its
    /// list. Null when nothing is left, and when nothing is wrong. Only for saying what else is wrong.
    /// </summary>
    public T? Remainder { get; init; }

    /// <summary>The items that are not in their lists, in the order of the document.</summary>
    internal IReadOnlyList<SpecPath> Lost { get; init; } = [];
}

/// <summary>Reads one record; null when it is absent or, then reported, faulty.</summary>
internal delegate T? RecordReader<T>(ref DocumentReader reader)
    where T : class;

internal static class Document
{
    internal static ParseResult<T> Parse<T>(ReadOnlySpan<byte> utf8, RecordReader<T> read)
        where T : class
    {
        Violations violations = new();
        T? value = SyntaxError.FindInvalidUtf8(utf8, violations) ? null : Read(utf8, read, violations);
        return violations.Any
            ? new ParseResult<T>(null, violations.All, violations.Warnings) { Remainder = value, Lost = violations.Lost }
            : new ParseResult<T>(value, [], violations.Warnings);
    }

    private static T? Read<T>(ReadOnlySpan<byte> utf8, RecordReader<T> read, Violations violations)
        where T : class
    {
        DocumentReader reader = new(utf8, violations);
        try
        {
            reader.Begin();
            T? value = read(ref reader);
            reader.End();
            return value;
        }
        catch (JsonException exception)
        {
            SyntaxError.Report(utf8, exception, reader.IsComplete, reader.IsTooDeep, violations);
            return null;
        }
    }
}
