namespace Hull.Oci;

/// <summary>
/// The names the specification gives to the values of each enumeration, in the order of the enumeration, separated by spaces: the one
/// table that reading, writing and error texts share. src/Generators writes the tables from the enumerations' attributes. Text, not
/// arrays: arrays would be made at start, by a static constructor.
/// </summary>
public static partial class SpecNames
{
    /// <summary>The value of the enumeration with this name, or -1.</summary>
    internal static int IndexOf(string names, ReadOnlySpan<char> name)
    {
        int index = 0;
        ReadOnlySpan<char> rest = names;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> first = First(rest);
            if (first.SequenceEqual(name))
            {
                return index;
            }

            rest = rest.Length == first.Length ? default : rest[(first.Length + 1)..];
            index++;
        }

        return -1;
    }

    /// <summary>The name of a value of the enumeration.</summary>
    internal static string At(string names, int index)
    {
        ReadOnlySpan<char> rest = names;
        for (; index > 0; index--)
        {
            rest = rest[(First(rest).Length + 1)..];
        }

        return First(rest).ToString();
    }

    /// <summary>All names, for an error text.</summary>
    internal static string Enumerate(string names) => names.Replace(" ", ", ", StringComparison.Ordinal);

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> names)
    {
        int space = names.IndexOf(' ');
        return space < 0 ? names : names[..space];
    }
}
