namespace Hull.Runtime.Tests.Architecture;

/// <summary>Source files as people write them.</summary>
internal static class Sources
{
    /// <summary>Every C# file of a folder, without what a build has put there.</summary>
    internal static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>The same text with comments, strings and characters blanked out: line by line as long as before.</summary>
    internal static string WithoutText(string source)
    {
        char[] code = source.ToCharArray();
        for (var at = 0; at < code.Length;)
        {
            int end = EndOfText(source, at);
            for (int i = at; i < end; i++)
            {
                code[i] = source[i] == '\n' ? '\n' : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return new string(code);
    }

    /// <summary>Where the comment or literal that begins here ends; here, when none does.</summary>
    private static int EndOfText(string source, int at)
    {
        string rest = source.Substring(at, Math.Min(3, source.Length - at));
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            return Until(source, at, "\n");
        }

        if (rest.StartsWith("/*", StringComparison.Ordinal))
        {
            return Until(source, at + 2, "*/") + 2;
        }

        if (rest.StartsWith("\"\"\"", StringComparison.Ordinal))
        {
            int quotes = source.AsSpan(at).IndexOfAnyExcept('"');
            return Until(source, at + quotes, new string('"', quotes)) + quotes;
        }

        if (rest[0] == '"')
        {
            bool verbatim = at > 0 && (source[at - 1] == '@' || (at > 1 && source[at - 1] == '$' && source[at - 2] == '@'));
            bool interpolated = at > 0 && (source[at - 1] == '$' || (at > 1 && source[at - 1] == '@' && source[at - 2] == '$'));
            return EndOfString(source, at + 1, verbatim, interpolated);
        }

        if (rest[0] == '\'')
        {
            int closing = at + (rest.Length > 1 && rest[1] == '\\' ? 3 : 2);
            return Until(source, closing, "'") + 1;
        }

        return at;
    }

    private static int EndOfString(string source, int at, bool verbatim, bool interpolated)
    {
        var holes = 0;
        while (at < source.Length)
        {
            char here = source[at];
            if (holes == 0 && here == '\\' && !verbatim)
            {
                at += 2;
                continue;
            }

            if (interpolated && here is '{' or '}' && at + 1 < source.Length && source[at + 1] == here && holes == 0)
            {
                at += 2;
                continue;
            }

            if (interpolated && here == '{')
            {
                holes++;
            }
            else if (interpolated && here == '}')
            {
                holes--;
            }
            else if (holes > 0 && here is '"' or '\'')
            {
                at = Math.Max(EndOfText(source, at), at + 1);
                continue;
            }
            else if (here == '"')
            {
                return at + 1;
            }

            at++;
        }

        return at;
    }

    private static int Until(string source, int from, string end)
    {
        int found = from >= source.Length ? -1 : source.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found;
    }
}
