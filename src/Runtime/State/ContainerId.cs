namespace Hull.Runtime;

/// <summary>A container's name: it becomes the name of a directory, so it is looked at before it is part of any path (OP-CRE-01).</summary>
internal static class ContainerId
{
    /// <summary>The longest file name.</summary>
    public const int MaximumLength = 255;

    /// <summary>Letters, digits and <c>_ + . -</c>, not <c>.</c> or <c>..</c>, at most 255 of them.</summary>
    public static bool IsValid(string id)
    {
        if (id.Length is 0 or > MaximumLength || id is "." or "..")
        {
            return false;
        }

        foreach (char letter in id)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '+' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The id as it is, or an error that names it.</summary>
    public static string Check(string id) => IsValid(id)
        ? id
        : throw new RuntimeError($"invalid container ID \"{Printable(id)}\": use 1 to {MaximumLength} letters, digits or _ + . - and not \".\" or \"..\"");

    // One line, whatever it holds, and not all of it.
    private static string Printable(string id)
    {
        Span<char> shown = stackalloc char[Math.Min(id.Length, 80)];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = char.IsControl(id[i]) ? '?' : id[i];
        }

        return id.Length > shown.Length ? $"{shown}…" : new string(shown);
    }
}
