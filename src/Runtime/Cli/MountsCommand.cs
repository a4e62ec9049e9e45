using System.Collections.Immutable;
using System.Text;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("mounts", HelpText = "add mounts to a running container, remove them again, or list its mounts")]
[Example("add web mounts.json", "mount what the file's array has, like mounts of config.json")]
[Example("remove web mounts.json", "unmount the destinations in it; only what was added can be removed")]
[Example("list web", "all its mounts; those that were added are marked")]
internal sealed class MountsOptions : Command
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to print the list")]
    public TextFormat Format { get; set; }

    [Value(0, MetaName = "add|remove|list", Required = true, HelpText = "what to do")]
    public string Action { get; set; } = "";

    [NamesContainer]
    [Value(1, MetaName = "container-id", Required = true, HelpText = "the container's name")]
    public string ContainerId { get; set; } = "";

    [Value(2, MetaName = "file", HelpText = "an array of mounts, or an object with one as mounts; - is standard input")]
    public string? File { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => MountsCommand.Run(global, this, log);
}

/// <summary><c>hull mounts</c>: mounts of a container that runs. All of a file are made or none; they end with the container.</summary>
internal static class MountsCommand
{
    internal static int Run(GlobalOptions global, MountsOptions options, Log log)
    {
        if (options.Action is not ("add" or "remove" or "list") || options.File is null != (options.Action == "list"))
        {
            throw new RuntimeError($"mounts: {CallerText.Quote(options.Action)} {(options.File is null ? "needs a file" : "takes no file, or is none of add, remove, list")}")
            {
                Hint = "hull mounts add ID FILE, hull mounts remove ID FILE, hull mounts list ID",
            };
        }

        StoreRoot root = StoreRoot.Choose(global.Root);
        if (options.Action == "list")
        {
            using ContainerDirectory listed = ContainerStore.Get(root, options.ContainerId);
            ContainerRecord known = listed.ReadCompleteRecord();
            StandardStreams.WriteOut(List(KeptConfig.ReadConfig(listed, known).Mounts ?? [], known.LiveMounts, options.Format));
            return ExitStatus.Success;
        }

        byte[] document = ReadFile(options.File!);
        using ContainerDirectory directory = ContainerStore.GetLocked(root, options.ContainerId, log);
        ContainerRecord record = directory.ReadCompleteRecord();
        ContainerStatus status = StatusReading.StatusOf(directory, record);
        if (status is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw new RuntimeError($"mounts {options.Action}: container \"{record.Id}\" is {status.SpecName()}: its mounts have ended with it");
        }

        Config kept = KeptConfig.ReadConfig(directory, record);
        ImmutableArray<Mount> mounts = Parse(options.File!, document, kept, log);
        if (options.Action == "add")
        {
            Add(directory, record, kept, mounts, log);
        }
        else
        {
            Remove(directory, record, kept, mounts);
        }

        return ExitStatus.Success;
    }

    /// <summary>The record comes first: a mount that is not in it could not be removed.</summary>
    private static void Add(ContainerDirectory directory, ContainerRecord record, Config kept, ImmutableArray<Mount> mounts, Log log)
    {
        var taken = record.LiveMounts.Select(mount => mount.Destination).ToHashSet(StringComparer.Ordinal);
        foreach (Mount mount in mounts)
        {
            if (!taken.Add(mount.Destination))
            {
                throw new RuntimeError($"mounts add: something is mounted on {mount.Destination} by mounts add already") { Hint = "remove that first" };
            }
        }

        ContainerRecord after = LiveMounts.Add(record, kept, mounts, log);
        try
        {
            directory.WriteRecord(after);
            directory.WriteConfig(Json.Write(kept with { Mounts = [.. kept.Mounts ?? [], .. mounts] }));
        }
        catch (KernelException failure)
        {
            var cleaning = new CleaningUp();
            cleaning.Try(() => LiveMounts.Remove(record, kept, [.. after.LiveMounts.Skip(record.LiveMounts.Length).Reverse()]));
            cleaning.Try(() => directory.WriteRecord(record));
            cleaning.ThrowAfter(failure, "what was mounted stays until the container ends");
            throw;
        }
    }

    private static void Remove(ContainerDirectory directory, ContainerRecord record, Config kept, ImmutableArray<Mount> mounts)
    {
        List<LiveMount> removed = [];
        foreach (Mount mount in mounts)
        {
            removed.Add(record.LiveMounts.Select(one => (LiveMount?)one).FirstOrDefault(one => one?.Destination == mount.Destination)
                ?? throw new RuntimeError($"mounts remove: nothing was mounted on {mount.Destination} by mounts add")
                {
                    Hint = $"hull mounts list {record.Id} marks what was",
                });
        }

        // What was added last may lie below what was added before.
        ImmutableArray<LiveMount> order = [.. record.LiveMounts.Where(removed.Contains).Reverse()];
        LiveMounts.Remove(record, kept, order);
        ImmutableArray<LiveMount> left = record.LiveMounts.RemoveAll(removed.Contains);
        List<Mount> all = [.. kept.Mounts ?? []];
        foreach (LiveMount one in order)
        {
            all.RemoveAt(all.FindLastIndex(mount => mount.Destination == one.Destination));
        }

        directory.WriteConfig(Json.Write(kept with { Mounts = [.. all] }));
        directory.WriteRecord(record with { LiveMounts = left });
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return file == "-" ? HostFiles.ReadOpened(StandardOutput.Input, "standard input") : HostFiles.ReadAll(Fd.CurrentDirectory, file);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"mounts {file}: {failure.Call}", failure.Errno);
        }
    }

    /// <summary>As a configuration would have them, so that they are read and checked by the same rules; their destinations as the record has them.</summary>
    private static ImmutableArray<Mount> Parse(string file, byte[] document, Config kept, Log log)
    {
        string name = file == "-" ? "standard input" : file;
        ReadOnlySpan<byte> text = document.AsSpan().TrimStart(" \t\r\n"u8);
        byte[] whole = text is [(byte)'[', ..]
            ? [.. "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"/\"},\"mounts\":"u8, .. text, .. "}"u8]
            : text is [(byte)'{', .. var rest] ? [.. "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"/\"},"u8, .. rest]
            : throw new RuntimeError($"{name}: it is neither an array of mounts nor an object with one as mounts");
        ParseResult<Config> parsed = ConfigDocument.Parse(whole);
        if (parsed.Value is null)
        {
            throw DocumentFaults.Refuse(name, parsed.Violations);
        }

        ImmutableArray<Mount> mounts = [.. parsed.Value.Mounts ?? []];
        ImmutableArray<Violation> violations = Validator.Validate(kept with { Mounts = [.. mounts] }, out ImmutableArray<Warning> warnings);
        DocumentFaults.Report([.. parsed.Warnings.Concat(warnings).Where(warning => warning.Path.ToString().StartsWith("mounts", StringComparison.Ordinal))], log);
        return !violations.IsEmpty ? throw DocumentFaults.Refuse(name, violations)
            : mounts.IsEmpty ? throw new RuntimeError($"{name}: it has no mounts")
            : [.. mounts.Select(mount => mount with { Destination = RootfsPath.Parse(mount.Destination).ToString() })];
    }

    private static string List(IReadOnlyList<Mount> mounts, ImmutableArray<LiveMount> added, TextFormat format)
    {
        int first = mounts.Count - added.Length;
        if (format == TextFormat.Json)
        {
            return Document(mounts, first);
        }

        var text = new StringBuilder();
        for (int i = 0; i < mounts.Count; i++)
        {
            Mount mount = mounts[i];
            text.Append(i >= first ? "+ " : "  ").Append(mount.Destination).Append("  ").Append(mount.Type ?? "bind").Append("  ").Append(mount.Source ?? "-")
                .Append("  ").Append(string.Join(',', mount.Options ?? [])).Append('\n');
        }

        return text.ToString();
    }

    private static string Document(IReadOnlyList<Mount> mounts, int first)
    {
        var json = new JsonText(indented: true);
        json.Open('[');
        for (int i = 0; i < mounts.Count; i++)
        {
            json.Open('{');
            json.Member("destination", mounts[i].Destination);
            json.Member("type", mounts[i].Type);
            json.Member("source", mounts[i].Source);
            json.Name("options");
            json.Open('[');
            foreach (string option in mounts[i].Options ?? [])
            {
                json.Value(option);
            }

            json.Close(']');
            json.Member("added", i >= first);
            json.Close('}');
        }

        json.Close(']');
        return json.ToString();
    }
}
