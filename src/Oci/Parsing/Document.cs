using System.Collections.Immutable;
using System.Text.Json;

namespace Hull.Oci;

/// <summary>Reads one record; null when it is absent or, then reported, faulty.</summary>
internal delegate T? RecordReader<T>(ref DocumentReader reader)
    where T : class;

internal static class Document
{
    internal static ParseResult<T> Parse<T>(ReadOnlySpan<byte> utf8, RecordReader<T> read)
        where T : class
    {
        Findings findings = new();
        T? value = SyntaxError.FindInvalidUtf8(utf8, findings) ? null : Read(utf8, read, findings);
        ImmutableArray<Violation> violations = findings.Violations;
        return new ParseResult<T>(violations.IsEmpty ? value : null, violations, findings.Warnings);
    }

    private static T? Read<T>(ReadOnlySpan<byte> utf8, RecordReader<T> read, Findings findings)
        where T : class
    {
        DocumentReader reader = new(utf8, findings);
        try
        {
            reader.Begin();
            T? value = read(ref reader);
            reader.End();
            return value;
        }
        catch (JsonException exception)
        {
            SyntaxError.Report(utf8, exception, reader.IsComplete, reader.IsTooDeep, findings);
            return null;
        }
    }
}
