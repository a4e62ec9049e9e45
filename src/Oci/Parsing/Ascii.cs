using System.Text;

namespace Hull.Oci;

/// <summary>
/// Comparison of bytes with the ASCII names of the specification: loops, because names are short and the library's general code is
/// cold at start.
/// </summary>
internal static class Ascii
{
    internal static bool Equals(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.Length != name.Length)
        {
            return false;
        }

        for (int index = 0; index < utf8.Length; index++)
        {
            if (utf8[index] != name[index])
            {
                return false;
            }
        }

        return true;
    }

    internal static bool EqualsIgnoreCase(ReadOnlySpan<byte> utf8, string name)
    {
        if (utf8.Length != name.Length)
        {
            return false;
        }

        for (int index = 0; index < utf8.Length; index++)
        {
            if (utf8[index] != name[index] && Lower(utf8[index]) != Lower(name[index]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of valid UTF-8.</summary>
    internal static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    /// <summary>Copies bytes to letters; what is not ASCII equals no name of the specification either way.</summary>
    /// <returns>The number of letters.</returns>
    internal static int Widen(ReadOnlySpan<byte> utf8, Span<char> letters)
    {
        for (int index = 0; index < utf8.Length; index++)
        {
            letters[index] = (char)utf8[index];
        }

        return utf8.Length;
    }

    private static int Lower(int unit) => unit is >= 'A' and <= 'Z' ? unit + ('a' - 'A') : unit;
}
