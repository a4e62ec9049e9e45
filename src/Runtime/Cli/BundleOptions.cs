using CommandLine;

namespace Hull.Runtime;

/// <summary>What shapes a container: everything that changes its plan besides config.json.</summary>
internal abstract class BundleOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option("no-pivot", HelpText = "enter the rootfs without pivot_root, which a ramdisk does not allow")]
    public bool NoPivot { get; set; }

    [Option("no-new-keyring", HelpText = "keep the caller's session keyring")]
    public bool NoNewKeyring { get; set; }

    [Option("preserve-fds", MetaValue = "N", HelpText = "pass N more descriptors, from 3 on, to the container")]
    public uint PreserveFds { get; set; }
}

/// <summary>What shapes a container, and how its caller is told about it.</summary>
internal abstract class NewContainerOptions : BundleOptions, ITraced
{
    [Option("trace", MetaValue = "FILE", HelpText = ITraced.HelpText)]
    public string? Trace { get; set; }

    [Option("config", MetaValue = "FILE", HelpText = "read the configuration from here, not from the bundle's config.json")]
    public string? ConfigFile { get; set; }

    [Option("console-socket", MetaValue = "SOCKET", HelpText = "send the terminal's master to this UNIX socket")]
    public string? ConsoleSocket { get; set; }

    [Option("pidfd-socket", MetaValue = "SOCKET", HelpText = "send a pidfd of the container's process to this UNIX socket")]
    public string? PidfdSocket { get; set; }

    [Option("pid-file", MetaValue = "FILE", HelpText = "write the pid of the container's process here")]
    public string? PidFile { get; set; }

    [Option("no-subreaper", HelpText = "do not adopt the orphans of the container")]
    public bool NoSubreaper { get; set; }

    [Value(0, MetaName = "container-id", Required = true, HelpText = "a name of your choice, unique on this host")]
    public string ContainerId { get; set; } = "";

    /// <summary>The container that is asked for.</summary>
    /// <param name="waitForStart">Its program waits for <c>start</c>.</param>
    /// <param name="foreground">hull stays until the program's end.</param>
    public NewContainerRequest Container(GlobalOptions global, bool waitForStart, bool foreground) => new(global.Root, ContainerId, global.CgroupChoice)
    {
        Bundle = Bundle,
        ConfigFile = ConfigFile,
        WaitForStart = waitForStart,
        Foreground = foreground,
        ConsoleSocket = ConsoleSocket,
        PidfdSocket = PidfdSocket,
        PidFile = PidFile,
        NoPivot = NoPivot,
        NoNewKeyring = NoNewKeyring,
        PreservedDescriptors = PreserveFds,
    };
}
