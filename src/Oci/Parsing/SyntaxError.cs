using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Hull.Oci;

/// <summary>
/// Says in words where a document is not JSON. The library's own texts are not used: they are stripped from the published binary.
/// </summary>
internal static class SyntaxError
{
    internal static bool FindInvalidUtf8(ReadOnlySpan<byte> utf8, Violations violations)
    {
        if (Utf8.IsValid(utf8))
        {
            return false;
        }

        int offset = 0;
        while (Rune.DecodeFromUtf8(utf8[offset..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        violations.Add(Rules.DocumentIsJson, SpecPath.Root, $"{Position(utf8, offset)}: byte 0x{utf8[offset]:x2} is not UTF-8");
        return true;
    }

    internal static void Report(ReadOnlySpan<byte> utf8, JsonException exception, bool complete, bool tooDeep, Violations violations)
    {
        int offset = Offset(utf8, exception);
        string position = Position(utf8, offset);
        if (complete)
        {
            violations.Add(Rules.DocumentEndsOnce, SpecPath.Root, $"{position}: {Found(utf8, offset)} after the end of the document");
        }
        else if (tooDeep && offset < utf8.Length && utf8[offset] is (byte)'{' or (byte)'[')
        {
            violations.Add(Rules.NestingIsBounded, SpecPath.Root, $"{position}: nested deeper than {DocumentReader.MaximumDepth} levels");
        }
        else
        {
            violations.Add(Rules.DocumentIsJson, SpecPath.Root, $"{position}: {Found(utf8, offset)}, which is not JSON");
        }
    }

    private static string Position(ReadOnlySpan<byte> utf8, int offset)
    {
        (int line, int column) = DocumentPosition.At(utf8, offset);
        return $"line {line}, column {column}";
    }

    private static int Offset(ReadOnlySpan<byte> utf8, JsonException exception)
    {
        int offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            int length = utf8[offset..].IndexOf((byte)'\n');
            if (length < 0)
            {
                break;
            }

            offset += length + 1;
        }

        return (int)Math.Min(utf8.Length, offset + (exception.BytePositionInLine ?? 0));
    }

    private static string Found(ReadOnlySpan<byte> utf8, int offset)
    {
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "the document is empty";
        }

        if (offset >= utf8.Length)
        {
            return "the document ends too early";
        }

        _ = Rune.DecodeFromUtf8(utf8[offset..], out Rune rune, out _);
        return rune.Value < ' ' ? $"control character 0x{rune.Value:x2}" : $"unexpected '{rune}'";
    }
}
