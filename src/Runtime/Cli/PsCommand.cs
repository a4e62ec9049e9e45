using System.Globalization;
using CommandLine;
using Hull.Linux;

namespace Hull.Runtime;

[Verb("ps", HelpText = "list the processes of a container")]
[Example("web", "the processes of web, as the host numbers them")]
[Example("--format json web", "their numbers alone")]
[Example("web -o pid,rss,args", "other columns: arguments of ps(1) follow the name")]
[OptionsEndAtFirstArgument]
internal sealed class PsOptions : ContainerOptions
{
    [Option('f', "format", MetaValue = "table|json", HelpText = "how to print them")]
    public ListFormat Format { get; set; }

    [Value(1, MetaName = "ps-arguments", HelpText = "arguments of ps(1): -ef when absent")]
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => PsCommand.Run(global, this);
}

/// <summary><c>hull ps</c>: the processes of a container, as the host numbers them; the table is the host's ps(1), shortened.</summary>
internal static class PsCommand
{
    internal static int Run(GlobalOptions global, PsOptions options)
    {
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        List<int> pids = ProcessesOf(directory.ReadCompleteRecord());
        StandardStreams.WriteOut(options.Format == ListFormat.Json ? Json(pids) : Table(pids, options.Arguments));
        return ExitStatus.Success;
    }

    private static List<int> ProcessesOf(ContainerRecord record)
    {
        HashSet<int> pids = CgroupProcesses.In(record.Cgroups);
        using OwnedFd? first = record.Process.Open();
        if (first is not null)
        {
            // A container without cgroups of its own has this one at least.
            pids.Add(record.Process.Pid);
        }

        return [.. pids.Order()];
    }

    private static string Json(List<int> pids) =>
        $"[{string.Join(',', pids.ConvertAll(pid => pid.ToString(CultureInfo.InvariantCulture)))}]\n";

    private static string Table(List<int> pids, IReadOnlyList<string> arguments)
    {
        (WaitStatus status, string output) = HostProgram.Run("ps", arguments.Count == 0 ? ["-ef"] : arguments);
        return status is { ExitCode: 0, Signal: 0 }
            ? ProcessTable.Keep(output, [.. pids])
            : throw new RuntimeError($"ps {string.Join(' ', arguments)} failed: {output.Trim().ReplaceLineEndings("; ")}");
    }
}

/// <summary>A table of ps(1) with the rows of some processes only.</summary>
internal static class ProcessTable
{
    /// <summary>The header and those rows.</summary>
    /// <exception cref="RuntimeError">The table does not say which process a row is about.</exception>
    public static string Keep(string table, HashSet<int> pids)
    {
        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string header = lines.Length == 0 ? "" : lines[0];
        string[] titles = header.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int column = Array.IndexOf(titles, "PID");
        if (column < 0)
        {
            throw new RuntimeError("couldn't find PID field in ps output") { Hint = "choose columns with pid among them: -o pid,args" };
        }

        int end = EndOfTitle(header);
        return string.Concat(lines.Where((line, number) => number == 0 || (ProcessOf(line, column, end) is { } pid && pids.Contains(pid))).Select(line => line + "\n"));
    }

    private static int EndOfTitle(string header)
    {
        int at = -1;
        do
        {
            at = header.IndexOf("PID", at + 1, StringComparison.Ordinal);
        }
        while ((at > 0 && header[at - 1] != ' ') || (at + 3 < header.Length && header[at + 3] != ' '));
        return at + 3;
    }

    // Numbers end where their title ends. Where a long name has pushed the row to the right they don't: then they are counted.
    private static int? ProcessOf(string line, int column, int end)
    {
        if (line.Length >= end && (line.Length == end || line[end] == ' '))
        {
            int start = line.LastIndexOf(' ', end - 1) + 1;
            if (Number(line[start..end]) is { } aligned)
            {
                return aligned;
            }
        }

        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return column < fields.Length ? Number(fields[column]) : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
