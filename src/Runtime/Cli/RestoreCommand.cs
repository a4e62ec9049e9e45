using CommandLine;
using Hull.Linux;

namespace Hull.Runtime;

[Verb("restore", HelpText = "let a saved container go on")]
[Example("--bundle /bundles/web --image-path /images/web web", "go on with web where checkpoint has saved it, and wait for its end")]
[Example("--detach --pid-file web.pid web", "leave it running, and note its process")]
[EndsWith("the program's own; 128 and the signal's number when a signal ended it; 1 when hull failed; with --detach 0 or 1")]
internal sealed class RestoreOptions : NewContainerOptions
{
    [Option("image-path", MetaValue = "DIR", HelpText = "where the images are: checkpoint in the current directory when absent")]
    public string? ImagePath { get; set; }

    [Option("work-path", MetaValue = "DIR", HelpText = "where CRIU's log and statistics go: beside the images when absent")]
    public string? WorkPath { get; set; }

    [Option("parent-path", MetaValue = "DIR", HelpText = "accepted: the images themselves name those that they build on")]
    public string? ParentPath { get; set; }

    [Option('d', "detach", HelpText = "do not wait: leave the container running")]
    public bool Detach { get; set; }

    [Option("tcp-established", HelpText = "restore established TCP connections")]
    public bool TcpEstablished { get; set; }

    [Option("tcp-close", HelpText = "restore TCP sockets closed")]
    public bool TcpClose { get; set; }

    [Option("ext-unix-sk", HelpText = "restore unix sockets that were connected to processes outside")]
    public bool ExtUnixSk { get; set; }

    [Option("shell-job", HelpText = "take the caller's terminal and session")]
    public bool ShellJob { get; set; }

    [Option("file-locks", HelpText = "restore file locks")]
    public bool FileLocks { get; set; }

    [Option("manage-cgroups-mode", MetaValue = "soft|full|strict|ignore", HelpText = "what CRIU restores of cgroups: soft")]
    public string? ManageCgroupsMode { get; set; }

    [Option("empty-ns", MetaValue = "network", HelpText = "accepted: networks are always restored empty")]
    public IReadOnlyList<string> EmptyNs { get; set; } = [];

    [Option("auto-dedup", HelpText = "punch out of the images what is restored")]
    public bool AutoDedup { get; set; }

    [Option("lazy-pages", HelpText = "bring memory from a page server when it is used")]
    public bool LazyPages { get; set; }

    [Option("network-lock", MetaValue = "iptables|nftables|skip", HelpText = "how packets of established connections were held back")]
    public string? NetworkLock { get; set; }

    [Option("lsm-profile", MetaValue = "TYPE:NAME", HelpText = "a security profile in place of the saved one")]
    public string? LsmProfile { get; set; }

    [Option("lsm-mount-context", MetaValue = "LABEL", HelpText = "an SELinux label of mounts in place of the saved one")]
    public string? LsmMountContext { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => RestoreCommand.Run(global, this, log);

    /// <summary>The request, checked.</summary>
    /// <exception cref="RuntimeError">An option has a value that it cannot have.</exception>
    public RestoreRequest ToRequest()
    {
        CriuFlags.CheckEmptyNamespaces(EmptyNs);
        string images = Hull.Runtime.Bundle.AbsolutePath(string.IsNullOrEmpty(ImagePath) ? "checkpoint" : ImagePath);
        return new RestoreRequest
        {
            ImagePath = images,
            WorkPath = string.IsNullOrEmpty(WorkPath) ? images : Hull.Runtime.Bundle.AbsolutePath(WorkPath),
            TcpEstablished = TcpEstablished,
            TcpClose = TcpClose,
            ExternalUnixSockets = ExtUnixSk,
            ShellJob = ShellJob,
            FileLocks = FileLocks,
            AutoDedup = AutoDedup,
            LazyPages = LazyPages,
            CgroupMode = CriuFlags.CgroupMode(ManageCgroupsMode),
            NetworkLock = CriuFlags.NetworkLock(NetworkLock),
            LsmProfile = string.IsNullOrEmpty(LsmProfile) ? null : LsmProfile,
            LsmMountContext = string.IsNullOrEmpty(LsmMountContext) ? null : LsmMountContext,
        };
    }
}

/// <summary><c>hull restore</c>: a container from images. It runs when this returns; attached, it lasts as long as its program and leaves nothing.</summary>
internal static class RestoreCommand
{
    internal static int Run(GlobalOptions global, RestoreOptions options, Log log)
    {
        RestoreRequest request = options.ToRequest();
        using RestoredContainer container = RestoredContainer.Make(options.Container(global, waitForStart: false, foreground: !options.Detach), request, log);

        // Others may work on it while we wait for its end.
        container.Directory.Unlock();
        if (options.Detach)
        {
            return ExitStatus.Success;
        }

        WaitStatus status = container.AwaitEnd();
        RunCommand.TellOutOfMemory(container.Record, status, log);
        RunCommand.Remove(container.Directory, container.Record, log);
        return status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode;
    }
}
