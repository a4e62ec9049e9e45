using System.Globalization;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("checkpoint", HelpText = "save a running container, to go on with it later or elsewhere")]
[Example("--image-path /images/web web", "save web and end it; hull restore --image-path /images/web lets it go on")]
[Example("--leave-running web", "save it to the directory checkpoint, and let it go on")]
[Example("--dry-run web", "say what would hinder that, and touch nothing")]
[EndsWith("0 when it is saved, or --dry-run found nothing that hinders it; 1 when not: then the container runs on")]
internal sealed class CheckpointOptions : ContainerOptions
{
    [Option("image-path", MetaValue = "DIR", HelpText = "where the images go: checkpoint in the current directory when absent")]
    public string? ImagePath { get; set; }

    [Option("work-path", MetaValue = "DIR", HelpText = "where CRIU's log and statistics go: beside the images when absent")]
    public string? WorkPath { get; set; }

    [Option("parent-path", MetaValue = "DIR", HelpText = "earlier images of --pre-dump that these build on, relative to --image-path")]
    public string? ParentPath { get; set; }

    [Option("leave-running", HelpText = "let the container go on afterwards")]
    public bool LeaveRunning { get; set; }

    [Option("pre-dump", HelpText = "save only the memory, and let the container go on: for --parent-path of a later checkpoint")]
    public bool PreDump { get; set; }

    [Option("tcp-established", HelpText = "keep established TCP connections")]
    public bool TcpEstablished { get; set; }

    [Option("tcp-skip-in-flight", HelpText = "leave out TCP connections that are not accepted yet")]
    public bool TcpSkipInFlight { get; set; }

    [Option("tcp-close", HelpText = "close established TCP connections")]
    public bool TcpClose { get; set; }

    [Option("ext-unix-sk", HelpText = "keep unix sockets that are connected to processes outside")]
    public bool ExtUnixSk { get; set; }

    [Option("shell-job", HelpText = "keep a terminal and a session of the caller")]
    public bool ShellJob { get; set; }

    [Option("file-locks", HelpText = "keep file locks")]
    public bool FileLocks { get; set; }

    [Option("link-remap", HelpText = "keep open files whose name is gone while another link to them stays")]
    public bool LinkRemap { get; set; }

    [Option("ghost-limit", MetaValue = "BYTES", HelpText = "the largest deleted file that is saved: 1 MiB when absent")]
    public uint GhostLimit { get; set; }

    [Option("auto-dedup", HelpText = "punch out of earlier images what these replace")]
    public bool AutoDedup { get; set; }

    [Option("lazy-pages", HelpText = "leave the memory to a page server, which the restore asks for it")]
    public bool LazyPages { get; set; }

    [Option("page-server", MetaValue = "ADDRESS:PORT", HelpText = "where the page server listens")]
    public string? PageServer { get; set; }

    [Option("status-fd", MetaValue = "N", HelpText = "a descriptor that gets a zero byte once the page server listens")]
    public int? StatusFd { get; set; }

    [Option("manage-cgroups-mode", MetaValue = "soft|full|strict|ignore", HelpText = "what CRIU keeps of cgroups: soft")]
    public string? ManageCgroupsMode { get; set; }

    [Option("empty-ns", MetaValue = "network", HelpText = "accepted: networks are always restored empty")]
    public IReadOnlyList<string> EmptyNs { get; set; } = [];

    [Option("network-lock", MetaValue = "iptables|nftables|skip", HelpText = "how packets of established connections are held back")]
    public string? NetworkLock { get; set; }

    [Option("timeout", MetaValue = "SECONDS", HelpText = "give up when the container is not frozen by then: 10 when absent")]
    public uint Timeout { get; set; }

    [Option("dry-run", HelpText = "say what would hinder a checkpoint, and touch nothing")]
    public bool DryRun { get; set; }

    [Option("format", MetaValue = "text|json", HelpText = "what is printed: nothing, or times and sizes; with --dry-run the findings")]
    public TextFormat Format { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => CheckpointCommand.Run(global, this, log);

    /// <summary>The request, checked.</summary>
    /// <exception cref="RuntimeError">An option has a value that it cannot have.</exception>
    public CheckpointRequest ToRequest()
    {
        CriuFlags.CheckEmptyNamespaces(EmptyNs);
        if (ParentPath is ['/', ..])
        {
            throw new RuntimeError("--parent-path must be relative: it is counted from --image-path");
        }

        string images = Bundle.AbsolutePath(string.IsNullOrEmpty(ImagePath) ? "checkpoint" : ImagePath);
        return new CheckpointRequest
        {
            ImagePath = images,
            WorkPath = string.IsNullOrEmpty(WorkPath) ? images : Bundle.AbsolutePath(WorkPath),
            ParentPath = string.IsNullOrEmpty(ParentPath) ? null : ParentPath,
            LeaveRunning = LeaveRunning,
            PreDump = PreDump,
            TcpEstablished = TcpEstablished,
            TcpSkipInFlight = TcpSkipInFlight,
            TcpClose = TcpClose,
            ExternalUnixSockets = ExtUnixSk,
            ShellJob = ShellJob,
            FileLocks = FileLocks,
            LinkRemap = LinkRemap,
            AutoDedup = AutoDedup,
            LazyPages = LazyPages,
            PageServer = CriuFlags.PageServer(PageServer),
            StatusDescriptor = StatusFd is { } status ? CheckStatus(status) : -1,
            CgroupMode = CriuFlags.CgroupMode(ManageCgroupsMode),
            NetworkLock = CriuFlags.NetworkLock(NetworkLock),
            Timeout = Timeout,
            GhostLimit = GhostLimit,
        };
    }

    private static int CheckStatus(int number)
    {
        const int accessMode = 3;
        SyscallResult flags = number < 0 ? SyscallResult.Failure(Errno.EBADF) : Descriptors.GetStatusFlags(new Fd(number));
        return flags.Failed ? throw new RuntimeError($"invalid --status-fd argument {number}", flags.Errno)
            : (flags.Value & accessMode) == (int)OpenFlags.ReadOnly ? throw new RuntimeError($"invalid --status-fd argument {number}: it is not writable")
            : number;
    }
}

/// <summary><c>hull checkpoint</c>: saves a running or paused container with CRIU. On failure the container goes on as it was.</summary>
internal static class CheckpointCommand
{
    internal static int Run(GlobalOptions global, CheckpointOptions options, Log log)
    {
        CheckpointRequest request = options.ToRequest();
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        if (options.DryRun)
        {
            return TryOut(request, directory, options.Format);
        }

        // Another checkpoint of it may take long, and is worth waiting for.
        if (!directory.Lock(log, int.MaxValue))
        {
            throw ContainerStore.DoesNotExist(options.ContainerId);
        }

        ContainerRecord record = directory.ReadCompleteRecord();
        CheckStatus(directory, record);
        CheckpointResult result = new Checkpointing(request, directory, record, log).Run();
        if (options.Format == TextFormat.Json)
        {
            StandardStreams.WriteOut(Text(record.Id, request, result));
        }

        return ExitStatus.Success;
    }

    private static void CheckStatus(ContainerDirectory directory, ContainerRecord record)
    {
        ContainerStatus status = StatusReading.StatusOf(directory, record);
        if (status is not (ContainerStatus.Running or ContainerStatus.Paused))
        {
            throw new RuntimeError($"Container cannot be checkpointed in {status.SpecName()} state")
            {
                Hint = status == ContainerStatus.Created ? $"hull start {record.Id} lets it run" : null,
            };
        }
    }

    /// <summary>Everything that is looked at before a checkpoint, and CRIU's own check of this kernel.</summary>
    private static int TryOut(CheckpointRequest request, ContainerDirectory directory, TextFormat format)
    {
        ContainerRecord record = directory.ReadCompleteRecord();
        CheckStatus(directory, record);
        List<CheckpointFinding> findings = [.. CheckpointTools.Look(request), .. ContainerInspection.Of(request, record, KeptConfig.ReadConfig(directory, record))];
        StandardStreams.WriteOut(format == TextFormat.Json ? Text(findings) : string.Concat(findings.Select(finding => $"{finding}\n")));
        return findings.Exists(finding => finding.Blocks) ? ExitStatus.Failure : ExitStatus.Success;
    }

    private static string Text(List<CheckpointFinding> findings)
    {
        var json = new JsonText(indented: true);
        json.Open('[');
        foreach (CheckpointFinding finding in findings)
        {
            json.Open('{');
            json.Member("kind", finding.Kind);
            json.Member("blocks", finding.Blocks);
            json.Member("text", finding.Text);
            json.Member("hint", finding.Hint);
            json.Close('}');
        }

        json.Close(']');
        return json.ToString();
    }

    private static string Text(string id, CheckpointRequest request, CheckpointResult result)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("id", id);
        json.Member("imagePath", request.ImagePath);
        json.Member("durationMicroseconds", result.Duration);
        json.Member("digestMicroseconds", result.DigestDuration);
        json.Member("freezingMicroseconds", result.Statistics?.Freezing ?? 0);
        json.Member("frozenMicroseconds", result.Statistics?.Frozen ?? 0);
        json.Member("pagesScanned", result.Statistics?.PagesScanned ?? 0);
        json.Member("pagesWritten", result.Statistics?.PagesWritten ?? 0);
        json.Member("imageBytes", result.Bytes);
        json.Close('}');
        return json.ToString();
    }
}
