using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// What hull prints. Without System.Console: it would start threads, and then no container process could be forked.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Prints what was asked for. A reader that has gone away is no error; a full disk is.</summary>
    internal static void WriteOut(string text)
    {
        SyscallResult written = StandardOutput.WriteAll(StandardOutput.Output, text);
        if (written.Errno is not (Errno.None or Errno.EPIPE))
        {
            throw new RuntimeError("writing to standard output", written.Errno);
        }
    }

    /// <summary>Prints a complaint. When that fails there is nowhere left to say so.</summary>
    internal static void WriteError(string text) => StandardOutput.WriteAll(StandardOutput.Error, text);
}

/// <summary>Colours and bold text: only on a terminal, and not when NO_COLOR is set (no-color.org).</summary>
internal static class Colours
{
    /// <summary>What is written to this descriptor may have colours.</summary>
    internal static bool AreSeenAt(Fd stream) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "")
        && Terminals.IsTerminal(stream);

    /// <summary>The headings of a page of help in bold.</summary>
    internal static string Headings(string page) => string.Join('\n', page.Split('\n').Select(line =>
        line is [>= 'A' and <= 'Z', .., ':'] && !line.Any(char.IsLower) ? $"\e[1m{line}\e[0m" : line));

    /// <summary>The level at the beginning of a message, coloured.</summary>
    internal static string Level(LogLevel level, string name) => level == LogLevel.Error ? $"\e[1;31m{name}\e[0m" : $"\e[33m{name}\e[0m";
}
