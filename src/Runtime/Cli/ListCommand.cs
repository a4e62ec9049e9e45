using System.Globalization;
using System.Text;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

internal enum ListFormat { Table, Json }

[Verb("list", HelpText = "list the containers below --root")]
[Example("", "all containers as a table")]
[Example("--format json", "the same for programs, on one line")]
[Example("hull list -q | xargs -rn1 hull delete --force", "remove them all")]
internal sealed class ListOptions : Command
{
    [Option('f', "format", MetaValue = "table|json", HelpText = "how to print them")]
    public ListFormat Format { get; set; }

    [Option('q', "quiet", HelpText = "print the names only")]
    public bool Quiet { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => ListCommand.Run(global, this, log);
}

/// <summary>Prints the containers below the root. One that cannot be read is a warning and hides no other.</summary>
internal static class ListCommand
{
    internal static int Run(GlobalOptions global, ListOptions options, Log log)
    {
        StoreRoot root = StoreRoot.Choose(global.Root);
        using ContainerStore? store = ContainerStore.OpenExisting(root);
        if (store is null && root.Explicit)
        {
            throw new RuntimeError($"opening the state directory {root.Path}", Errno.ENOENT);
        }

        List<string> ids = store?.Ids() ?? [];
        if (options.Quiet)
        {
            StandardStreams.WriteOut(string.Concat(ids.ConvertAll(id => id + "\n")));
            return ExitStatus.Success;
        }

        List<State> states = new(ids.Count);
        Span<byte> buffer = stackalloc byte[4096];
        foreach (string id in ids)
        {
            if (Read(store!, id, buffer, log) is { } state)
            {
                states.Add(state);
            }
        }

        StandardStreams.WriteOut(options.Format == ListFormat.Json ? StateDocument.Text(states) : Table(states));
        return ExitStatus.Success;
    }

    private static State? Read(ContainerStore store, string id, Span<byte> buffer, Log log)
    {
        try
        {
            if (store.Glance(id, buffer) is { Phase: RecordPhase.Complete } complete)
            {
                return StateDocument.Of(complete, StatusReading.StatusOf(complete));
            }

            using ContainerDirectory? directory = store.FindWhileOpen(id);
            if (directory?.ReadRecord() is { } record)
            {
                return StateDocument.Of(record, StatusReading.StatusOf(directory, record));
            }

            if (directory is not null && !directory.IsLockedByAnyProcess())
            {
                log.Warning($"container \"{id}\" has no record: its creation was interrupted; hull delete {id} removes what is left");
            }
        }
        catch (Exception broken) when (broken is RuntimeError or KernelException)
        {
            log.Warning(broken.Message);
        }

        return null;
    }

    internal static string Table(List<State> states)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]];
        foreach (State state in states)
        {
            string pid = (state.Pid ?? 0).ToString(CultureInfo.InvariantCulture);
            rows.Add([state.Id, pid, state.Status.SpecName(), state.Bundle, state.Created ?? "", state.Owner ?? ""]);
        }

        // Once for each column, not for each cell: a thousand containers would be compared a million times.
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        var table = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length - 1; column++)
            {
                table.Append(row[column].PadRight(Math.Max(12, widths[column] + 3)));
            }

            table.Append(row[^1]).Append('\n');
        }

        return table.ToString();
    }
}
