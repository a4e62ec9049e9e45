namespace Hull.Runtime;

/// <summary>Types as texts. D-Bus specification, "Summary of types"</summary>
internal static class BusSignature
{
    /// <summary>How deep arrays and structures may nest, each; variants count as well here.</summary>
    public const int DeepestNesting = 32;

    /// <summary>To which multiple a value of this type is aligned.</summary>
    public static int AlignmentOf(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 4,
    };

    /// <summary>The first single complete type of a signature.</summary>
    /// <exception cref="BusFormatException">There is none.</exception>
    public static string First(ReadOnlySpan<char> signature) => signature[..LengthOfFirst(signature, 0)].ToString();

    /// <summary>The types of which a signature is made.</summary>
    public static List<string> Split(ReadOnlySpan<char> signature)
    {
        var types = new List<string>();
        while (!signature.IsEmpty)
        {
            string first = First(signature);
            types.Add(first);
            signature = signature[first.Length..];
        }

        return types;
    }

    private static int LengthOfFirst(ReadOnlySpan<char> signature, int depth)
    {
        if (depth > DeepestNesting || signature.IsEmpty)
        {
            throw new BusFormatException(depth > DeepestNesting ? "a signature nests too deep" : "a signature ends too early");
        }

        return signature[0] switch
        {
            'y' or 'b' or 'n' or 'q' or 'i' or 'u' or 'x' or 't' or 'd' or 's' or 'o' or 'g' or 'v' or 'h' => 1,
            'a' when signature.Length > 1 && signature[1] == '{' => 1 + LengthOfEntry(signature[1..], depth + 1),
            'a' => 1 + LengthOfFirst(signature[1..], depth + 1),
            '(' => LengthOfStructure(signature, depth),
            _ => throw new BusFormatException($"'{signature[0]}' is no type"),
        };
    }

    private static int LengthOfStructure(ReadOnlySpan<char> signature, int depth)
    {
        int length = 1;
        while (length < signature.Length && signature[length] != ')')
        {
            length += LengthOfFirst(signature[length..], depth + 1);
        }

        return length > 1 && length < signature.Length ? length + 1 : throw new BusFormatException("a structure has no members or no end");
    }

    private static int LengthOfEntry(ReadOnlySpan<char> signature, int depth)
    {
        int key = 1 + LengthOfFirst(signature[1..], depth);
        int end = key == 2 && signature[1] != 'v' ? key + LengthOfFirst(signature[key..], depth) : signature.Length;
        return end < signature.Length && signature[end] == '}' ? end + 1 : throw new BusFormatException("a dictionary entry is not a key and a value");
    }
}
