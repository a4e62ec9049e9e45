namespace Hull.Runtime;

/// <summary>A container's name: it becomes the name of a directory, so it is looked at before it is part of any path (OP-CRE-01).</summary>
internal static class ContainerId
{
    /// <summary>The longest file name.</summary>
    public const int MaximumLength = 255;

    private const int LongestShown = 80;

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
        : throw new RuntimeError($"invalid container ID \"{CallerText.Printable(id, LongestShown)}\": use 1 to {MaximumLength} letters, digits or _ + . - and not \".\" or \"..\"");
}
