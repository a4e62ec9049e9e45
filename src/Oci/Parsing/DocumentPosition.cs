using System.Text.Json;

namespace Hull.Oci;

/// <summary>A place in the text of a document; both count from 1, and a column is a character.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
public readonly record struct DocumentPosition(int Line, int Column)
{
    /// <summary>Where a value begins; for one that is not there, what would contain it; for a document that is no JSON, its first letter.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="path">The value. Names that differ in case alone are found, as the readers find them.</param>
    public static DocumentPosition Of(ReadOnlySpan<byte> utf8, SpecPath path)
    {
        long offset = 0;
        try
        {
            var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DocumentReader.MaximumDepth });
            json.Read();
            offset = json.TokenStartIndex;
            foreach ((string? name, int index) in path.Steps())
            {
                if (!(name is null ? FindItem(ref json, index) : FindMember(ref json, name)))
                {
                    break;
                }

                offset = json.TokenStartIndex;
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // No JSON, or a name that is no text: what is known of the way to it is the answer.
        }

        return At(utf8, (int)offset);
    }

    /// <summary>The position of a byte.</summary>
    internal static DocumentPosition At(ReadOnlySpan<byte> utf8, int offset)
    {
        ReadOnlySpan<byte> before = utf8[..offset];
        int line = before.Count((byte)'\n') + 1;
        ReadOnlySpan<byte> lineBefore = before[(before.LastIndexOf((byte)'\n') + 1)..];
        int column = 1;
        foreach (byte unit in lineBefore)
        {
            // Bytes 10xxxxxx continue a character.
            column += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return new DocumentPosition(line, column);
    }

    private static bool FindMember(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Utf8JsonReader found = default;
        bool isFound = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isExact = json.ValueTextEquals(name);
            bool isMeant = isExact || (!isFound && string.Equals(json.GetString(), name, StringComparison.OrdinalIgnoreCase));
            json.Read();
            if (isExact)
            {
                return true;
            }

            if (isMeant)
            {
                found = json;
                isFound = true;
            }

            json.Skip();
        }

        json = isFound ? found : json;
        return isFound;
    }

    private static bool FindItem(ref Utf8JsonReader json, int index)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }
}
