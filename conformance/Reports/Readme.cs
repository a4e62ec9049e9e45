namespace Hull.Conformance.Reports;

/// <summary>The generated parts of a README stand between two marks each.</summary>
internal static class Readme
{
    public static void Replace(string path, string part, string content)
    {
        string begin = $"<!-- {part}: generated, do not edit -->\n", end = $"<!-- end of {part} -->";
        var text = File.ReadAllText(path);
        int from = text.IndexOf(begin, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
        {
            throw new ArgumentException($"{path} has no place for the generated {part}: {begin.Trim()} and {end}");
        }

        File.WriteAllText(path, text[..(from + begin.Length)] + "\n" + content.Trim('\n') + "\n\n" + text[to..]);
    }
}
