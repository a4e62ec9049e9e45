using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Emphasis for people: only on a terminal, and not when NO_COLOR is set (no-color.org).</summary>
internal static class Colours
{
    /// <summary>Whoever reads this descriptor sees colours.</summary>
    internal static bool AreSeenAt(Fd stream) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "")
        && Terminals.IsTerminal(stream);

    /// <summary>The headings of a page of help in bold.</summary>
    internal static string Headings(string page) => string.Join('\n', page.Split('\n').Select(line =>
        line is [>= 'A' and <= 'Z', .., ':'] && !line.Any(char.IsLower) ? $"\e[1m{line}\e[0m" : line));

    /// <summary>The first word of a complaint.</summary>
    internal static string Level(LogLevel level, string word) => level == LogLevel.Error ? $"\e[1;31m{word}\e[0m" : $"\e[33m{word}\e[0m";
}
