using CommandLine;

namespace Hull.Runtime;

internal enum Rootless { Auto, True, False }

/// <summary>What stands before the command: engines put their state directory and their log file here.</summary>
[OptionsEndAtFirstArgument]
internal sealed class GlobalOptions : CommandOptions
{
    [Option("root", MetaValue = "DIR", HelpText = "where the state of containers is kept: /run/hull, or $XDG_RUNTIME_DIR/hull for users")]
    public string? Root { get; set; }

    [Option("log", MetaValue = "FILE", HelpText = "append errors and warnings to this file; the final error is still shown on stderr")]
    public string? Log { get; set; }

    [Option("log-format", MetaValue = "text|json", HelpText = "the form of a line in the log")]
    public LogFormat LogFormat { get; set; }

    [Option("log-level", MetaValue = "error|warning|info|debug", HelpText = "the least important line that is still written: warning")]
    public LogLevel LogLevel { get; set; } = LogLevel.Warning;

    [Option("debug", HelpText = "the same as --log-level debug")]
    public bool Debug { get; set; }

    [Option("systemd-log", HelpText = "write errors and warnings into systemd's journal, too")]
    public bool SystemdLog { get; set; }

    [Option("systemd-cgroup", HelpText = "let systemd make the cgroups; cgroupsPath is then slice:prefix:name")]
    public bool SystemdCgroup { get; set; }

    [Option("cgroup-manager", MetaValue = "cgroupfs|systemd|disabled", HelpText = "who makes the cgroups")]
    public CgroupManager CgroupManager { get; set; }

    [Option("rootless", MetaValue = "true|false|auto", HelpText = "ignore refused permissions on cgroups: auto does so for users other than root")]
    public Rootless Rootless { get; set; }

    [Option('v', "version", HelpText = "show the version")]
    public bool Version { get; set; }

    /// <summary>Where errors and warnings go.</summary>
    public Log NewLog() => new(Log, LogFormat, Debug ? LogLevel.Debug : LogLevel, SystemdLog);

    /// <summary>What decides how the container's cgroups are made.</summary>
    public CgroupChoice CgroupChoice => new(
        SystemdCgroup ? CgroupManager.Systemd : CgroupManager, Rootless switch { Rootless.True => true, Rootless.False => false, _ => null });

    [Value(0, MetaName = "command", Hidden = true)]
    public string? Command { get; set; }

    [Value(1, MetaName = "arguments", Hidden = true)]
    public IReadOnlyList<string> Arguments { get; set; } = [];
}
