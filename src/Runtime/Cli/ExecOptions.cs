using CommandLine;

namespace Hull.Runtime;

[Verb("exec", HelpText = "run another program in a container")]
[Example("web ls -l /", "run ls in web")]
[Example("--tty web sh", "a shell in it")]
[EndsWith("the program's own; 128 and the signal's number when a signal ended it; 255 when hull failed; with --detach 0 or 255")]
[OptionsEndAtFirstArgument]
internal sealed class ExecOptions : ContainerOptions
{
    [Option("console-socket", MetaValue = "SOCKET", HelpText = "send the terminal's master to this UNIX socket")]
    public string? ConsoleSocket { get; set; }

    [Option("pidfd-socket", MetaValue = "SOCKET", HelpText = "send a pidfd of the new process to this UNIX socket")]
    public string? PidfdSocket { get; set; }

    [Option("cwd", MetaValue = "DIR", HelpText = "the directory to start in")]
    public string? WorkingDirectory { get; set; }

    [Option('e', "env", MetaValue = "NAME=VALUE", HelpText = "set a variable; may be repeated")]
    public IReadOnlyList<string> Environment { get; set; } = [];

    [Option('t', "tty", HelpText = "give the program a terminal")]
    public bool Terminal { get; set; }

    [Option('u', "user", MetaValue = "UID[:GID]", HelpText = "run as this user")]
    public string? User { get; set; }

    [Option('g', "additional-gids", MetaValue = "GID", HelpText = "add this group; may be repeated")]
    public IReadOnlyList<string> AdditionalGids { get; set; } = [];

    [Option('p', "process", MetaValue = "FILE", HelpText = "take everything from this JSON file instead")]
    public string? Process { get; set; }

    [Option('d', "detach", HelpText = "do not wait for the program's end")]
    public bool Detach { get; set; }

    [Option("pid-file", MetaValue = "FILE", HelpText = "write the pid of the new process here")]
    public string? PidFile { get; set; }

    [Option("process-label", MetaValue = "LABEL", HelpText = "the SELinux label of the program")]
    public string? ProcessLabel { get; set; }

    [Option("apparmor", MetaValue = "PROFILE", HelpText = "the AppArmor profile of the program")]
    public string? AppArmor { get; set; }

    [Option("no-new-privs", HelpText = "the program can never gain privileges")]
    public bool NoNewPrivileges { get; set; }

    [Option('c', "cap", MetaValue = "CAPABILITY", HelpText = "add this capability; may be repeated")]
    public IReadOnlyList<string> Capabilities { get; set; } = [];

    [Option("preserve-fds", MetaValue = "N", HelpText = "pass N more descriptors, from 3 on, to the program")]
    public uint PreserveFds { get; set; }

    [Option("cgroup", MetaValue = "[CONTROLLER,...:]PATH", HelpText = "start in this cgroup below the container's; may be repeated")]
    public IReadOnlyList<string> Cgroups { get; set; } = [];

    [Option("ignore-paused", HelpText = "wait for a paused container to be resumed instead of failing")]
    public bool IgnorePaused { get; set; }

    [Value(1, MetaName = "program", HelpText = "the program and its arguments")]
    public IReadOnlyList<string> Program { get; set; } = [];
}
