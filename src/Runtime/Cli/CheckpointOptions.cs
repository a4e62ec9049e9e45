using CommandLine;

namespace Hull.Runtime;

internal enum ManageCgroupsMode { Soft, Full, Strict, Ignore }

/// <summary>
/// What CRIU is told. Both commands are hidden until they work, and their help fails: `podman` takes a successful
/// `checkpoint --help` as the promise that containers can be checkpointed.
/// </summary>
internal abstract class CriuOptions : CommandOptions
{
    [Option("image-path", MetaValue = "DIR", HelpText = "where the image is")]
    public string? ImagePath { get; set; }

    [Option("work-path", MetaValue = "DIR", HelpText = "where CRIU keeps its log")]
    public string? WorkPath { get; set; }

    [Option("tcp-established", HelpText = "with open TCP connections")]
    public bool TcpEstablished { get; set; }

    [Option("ext-unix-sk", HelpText = "with UNIX sockets whose other end is outside")]
    public bool ExternalUnixSockets { get; set; }

    [Option("shell-job", HelpText = "with processes that belong to a shell's session")]
    public bool ShellJob { get; set; }

    [Option("lazy-pages", HelpText = "load the memory on demand")]
    public bool LazyPages { get; set; }

    [Option("file-locks", HelpText = "with file locks")]
    public bool FileLocks { get; set; }

    [Option("manage-cgroups-mode", MetaValue = "soft|full|strict|ignore", HelpText = "what to do about cgroups")]
    public ManageCgroupsMode ManageCgroupsMode { get; set; }

    [Option("empty-ns", MetaValue = "NAMESPACE", HelpText = "make this namespace anew, empty; may be repeated")]
    public IReadOnlyList<string> EmptyNamespaces { get; set; } = [];

    [Option("auto-dedup", HelpText = "free the parts of the image that were read")]
    public bool AutoDedup { get; set; }
}

[Verb("checkpoint", Hidden = true, HelpText = "save a running container to disk")]
internal sealed class CheckpointOptions : CriuOptions
{
    [Option("parent-path", MetaValue = "DIR", HelpText = "an earlier image, relative to --image-path")]
    public string? ParentPath { get; set; }

    [Option("leave-running", HelpText = "let the container go on")]
    public bool LeaveRunning { get; set; }

    [Option("pre-dump", HelpText = "save the memory only, and let the container go on")]
    public bool PreDump { get; set; }

    [Option("page-server", MetaValue = "ADDRESS:PORT", HelpText = "send the memory there")]
    public string? PageServer { get; set; }

    [Option("status-fd", MetaValue = "N", HelpText = "the descriptor to tell that lazy pages can be loaded")]
    public uint? StatusFd { get; set; }

    [Option("tcp-skip-in-flight", HelpText = "leave out TCP connections that are being made")]
    public bool TcpSkipInFlight { get; set; }

    [Option("link-remap", HelpText = "with files that were deleted while open")]
    public bool LinkRemap { get; set; }

    [Value(0, MetaName = "container-id", Required = true, HelpText = "the container's name")]
    public string ContainerId { get; set; } = "";
}

[Verb("restore", Hidden = true, HelpText = "make a container from a checkpoint")]
internal sealed class RestoreOptions : CriuOptions
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option('d', "detach", HelpText = "do not wait: leave the container running")]
    public bool Detach { get; set; }

    [Option("pid-file", MetaValue = "FILE", HelpText = "write the pid of the container's process here")]
    public string? PidFile { get; set; }

    [Option("console-socket", MetaValue = "SOCKET", HelpText = "send the terminal's master to this UNIX socket")]
    public string? ConsoleSocket { get; set; }

    [Option("no-subreaper", HelpText = "do not adopt the orphans of the container")]
    public bool NoSubreaper { get; set; }

    [Option("no-pivot", HelpText = "enter the rootfs without pivot_root, which a ramdisk does not allow")]
    public bool NoPivot { get; set; }

    [Option("lsm-profile", MetaValue = "TYPE:NAME", HelpText = "the security profile to restore with")]
    public string? LsmProfile { get; set; }

    [Option("lsm-mount-context", MetaValue = "LABEL", HelpText = "the SELinux label of mounts")]
    public string? LsmMountContext { get; set; }

    [Value(0, MetaName = "container-id", Required = true, HelpText = "a name of your choice, unique on this host")]
    public string ContainerId { get; set; } = "";
}
