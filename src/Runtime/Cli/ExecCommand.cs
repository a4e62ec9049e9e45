using System.Collections.Immutable;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("exec", HelpText = "run another program in a container")]
[Example("web ls -l /", "run ls in web")]
[Example("--tty web sh", "a shell in it")]
[EndsWith("the program's own; 128 and the signal's number when a signal ended it; 255 when hull failed; with --detach 0 or 255")]
[OptionsEndAtFirstArgument]
internal sealed class ExecOptions : ContainerOptions, ITraced
{
    [Option("trace", MetaValue = "FILE", HelpText = ITraced.HelpText)]
    public string? Trace { get; set; }

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

    /// <summary>255, so that the caller can tell hull's failure from the program's.</summary>
    public override int FailureStatus => ExitStatus.FailureBesideProgram;

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => ExecCommand.Run(global, this, log);
}

/// <summary>
/// <c>hull exec</c>: another program joins a container. Its exit status is ours; our own failures end with 255, so that callers can tell
/// them apart.
/// </summary>
internal static class ExecCommand
{
    internal static int Run(GlobalOptions global, ExecOptions options, Log log)
    {
        StepClock clock = StepClock.Start(log, "exec");
        var preserved = PreservedDescriptors.Of(options.PreserveFds);
        using RunningContainer container = RunningContainer.Find(StoreRoot.Choose(global.Root), options.ContainerId, options.IgnorePaused);
        clock.Tell("find the container");
        using Execution execution = Start(container, options, preserved, clock, log);
        if (options.Detach)
        {
            return ExitStatus.Success;
        }

        clock = StepClock.Start(log, "exec");
        WaitStatus status;
        try
        {
            status = execution.AwaitEnd();
        }
        catch (KernelException failure)
        {
            execution.UndoAfter(failure);
            throw;
        }

        clock.Tell("wait for the program's end");
        return status.Signal != 0 ? ExitStatus.OfSignal(status.Signal) : status.ExitCode;
    }

    /// <summary>The program runs in the container; or it does not, and when that has ended meanwhile, this is why.</summary>
    private static Execution Start(RunningContainer container, ExecOptions options, PreservedDescriptors preserved, StepClock clock, Log log)
    {
        Execution? execution = null;
        try
        {
            ExecRequest request = Request(container, options, preserved, log);
            Plan plan = ExecPlanner.Plan(request, HostProbe.ProbeCaller());
            clock.Tell("read its configuration and plan");
            execution = new Execution(plan, container, options.PidFile, log) { InForeground = !options.Detach };
            execution.Run();
            Notices.Tell(container.Directory, Notices.Exec, execution.ProgramPid, request.Process.Args);
            return execution;
        }
        catch (Exception failure) when (failure is RuntimeError or KernelException)
        {
            execution?.Dispose();

            // Namespaces that are gone, a cgroup that is removed, no memory for a process in a pid namespace that ends: all that is only the
            // consequence, in words that lead elsewhere.
            throw container.Record.Process.IsEnding() ? RunningContainer.Stopped() : failure;
        }
    }

    private static ExecRequest Request(RunningContainer container, ExecOptions options, PreservedDescriptors preserved, Log log)
    {
        Config config = container.ReadConfig();
        return new ExecRequest
        {
            Id = container.Record.Id,
            Config = config,
            FirstProcess = container.Record.Process.Pid,
            Rootfs = container.Record.Rootfs,
            Process = options.Process is { } file ? FromFile(file, options, log) : ExecProcess.Of(options, config.Process),
            Cgroups = container.Cgroups().Choose(options.Cgroups, () => HostProbe.ProbeCgroups()),
            Created = container.Record.Created,
            KeepKeyring = container.Record.KeepsKeyring,
            Bundle = container.Record.Bundle,
            Attachment = new Attachment(!options.Detach, options.ConsoleSocket, options.PidfdSocket, preserved.Count, preserved.Sockets),
        };
    }

    private static Process FromFile(string file, ExecOptions options, Log log)
    {
        if (ExecProcess.Unused(options) is { Length: > 0 } unused)
        {
            log.Warning($"--process {file} says everything about the program: left out: {unused}");
        }

        return ProcessFile.Read(file, log);
    }
}

/// <summary>The program that <c>exec</c> is to run, from its options and the container's own program; pure.</summary>
internal static class ExecProcess
{
    // To the kernel this id means "leave it as it is": it would keep root (user_namespaces(7), setresuid(2)).
    private const uint NoId = uint.MaxValue;

    /// <summary>The container's own program, with what the options change. It has a terminal only when they say so.</summary>
    /// <exception cref="RuntimeError">An option's value is not what it should be.</exception>
    public static Process Of(ExecOptions options, Process? own)
    {
        if (options.Program.Count == 0 || options.Program[0].Length == 0)
        {
            throw new RuntimeError("exec: the program is missing") { Hint = $"hull exec {options.ContainerId} PROGRAM [ARGUMENT...], or --process FILE" };
        }

        Process process = own ?? new Process { Cwd = "/", Args = [] };
        return process with
        {
            Args = [.. options.Program],
            Terminal = options.Terminal,
            ConsoleSize = null,
            Cwd = options.WorkingDirectory is { } directory ? Directory(directory) : process.Cwd,
            Env = [.. process.Env ?? [], .. Variables(options.Environment)],
            User = UserOf(options, process.User ?? new User { Uid = 0, Gid = 0 }),
            Capabilities = options.Capabilities.Count == 0 ? process.Capabilities : With(options.Capabilities, process.Capabilities ?? new Oci.Capabilities()),
            NoNewPrivileges = options.NoNewPrivileges || process.NoNewPrivileges == true,
            ApparmorProfile = options.AppArmor ?? process.ApparmorProfile,
            SelinuxLabel = options.ProcessLabel ?? process.SelinuxLabel,
        };
    }

    /// <summary>Which options a process from a file makes meaningless; empty when none is given. podman gives --tty beside it.</summary>
    public static string Unused(ExecOptions options)
    {
        string[] given =
        [
            .. options.WorkingDirectory is null ? (string[])[] : ["--cwd"],
            .. options.Environment.Count == 0 ? (string[])[] : ["--env"],
            .. options.User is null ? (string[])[] : ["--user"],
            .. options.AdditionalGids.Count == 0 ? (string[])[] : ["--additional-gids"],
            .. options.Capabilities.Count == 0 ? (string[])[] : ["--cap"],
            .. options.NoNewPrivileges ? ["--no-new-privs"] : (string[])[],
            .. options.AppArmor is null ? (string[])[] : ["--apparmor"],
            .. options.ProcessLabel is null ? (string[])[] : ["--process-label"],
            .. options.Program.Count == 0 ? (string[])[] : ["the program's arguments"],
        ];
        return string.Join(", ", given);
    }

    private static string Directory(string path) => path[0] == '/' ? path : throw Refuse("cwd", path, "an absolute path");

    private static IReadOnlyList<string> Variables(IReadOnlyList<string> variables)
    {
        foreach (string variable in variables)
        {
            if (variable.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                throw Refuse("env", variable, "of the form NAME=VALUE");
            }
        }

        return variables;
    }

    /// <summary>The group stays as configured when only the user is given, and groups are added to those configured, as with runc.</summary>
    private static User UserOf(ExecOptions options, User user)
    {
        if (options.User is { } given)
        {
            int colon = given.IndexOf(':', StringComparison.Ordinal);
            user = user with
            {
                Uid = Id("user", given, colon < 0 ? given : given[..colon]),
                Gid = colon < 0 ? user.Gid : Id("user", given, given[(colon + 1)..]),
            };
        }

        if (options.AdditionalGids.Count == 0)
        {
            return user;
        }

        List<uint> groups = [.. user.AdditionalGids ?? []];
        foreach (string group in options.AdditionalGids)
        {
            groups.Add(Id("additional-gids", group, group));
        }

        return user with { AdditionalGids = groups };
    }

    /// <summary>Exactly a number as people write one: anything else could be taken for another id, and so for root (CVE-2026-30892).</summary>
    private static uint Id(string option, string whole, string digits)
    {
        ulong id = 0;
        bool valid = digits.Length is > 0 and <= 10 && (digits.Length == 1 || digits[0] != '0');
        foreach (char digit in digits)
        {
            valid &= char.IsAsciiDigit(digit);
            id = valid ? (id * 10) + (ulong)(digit - '0') : NoId;
        }

        return valid && id < NoId ? (uint)id : throw Refuse(option, whole, option == "user"
            ? "UID or UID:GID, numbers from 0 to 4294967294"
            : "a number from 0 to 4294967294");
    }

    /// <summary>
    /// Ambient only what is inheritable already: the kernel allows no more, and a capability must never become inheritable unasked
    /// (CVE-2022-29162).
    /// </summary>
    private static Oci.Capabilities With(IReadOnlyList<string> added, Oci.Capabilities capabilities)
    {
        List<string> ambient = [.. capabilities.Ambient ?? []];
        foreach (string name in added)
        {
            if (Oci.CapabilityNames.NumberOf(name) < 0)
            {
                throw Refuse("cap", name, "a capability, such as CAP_NET_ADMIN");
            }

            if (capabilities.Inheritable?.Contains(name) == true)
            {
                ambient.Add(name);
            }
        }

        return capabilities with
        {
            Bounding = [.. capabilities.Bounding ?? [], .. added],
            Effective = [.. capabilities.Effective ?? [], .. added],
            Permitted = [.. capabilities.Permitted ?? [], .. added],
            Ambient = ambient,
        };
    }

    private static RuntimeError Refuse(string option, string value, string expected) =>
        new($"option --{option}: {CallerText.Quote(value)} is not {expected}");
}

/// <summary>A process that an engine has written down for <c>exec --process</c>: a file, or a pipe such as /dev/fd/63.</summary>
internal static class ProcessFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="RuntimeError">It cannot be read, or is broken or breaks a rule; all faults are named.</exception>
    public static Process Read(string path, Log log)
    {
        ParseResult<Process> parsed = ProcessDocument.Parse(ReadDocument(path));
        DocumentFaults.Report(parsed.Warnings, log);
        if (parsed.Value is null)
        {
            throw DocumentFaults.Refuse(path, parsed.Violations);
        }

        ImmutableArray<Violation> violations = Validator.Validate(parsed.Value, out ImmutableArray<Warning> warnings);
        DocumentFaults.Report(warnings, log);
        return violations.IsEmpty ? parsed.Value : throw DocumentFaults.Refuse(path, violations);
    }

    private static byte[] ReadDocument(string path)
    {
        try
        {
            return HostFiles.ReadAll(Fd.CurrentDirectory, path);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"--process {path}: {failure.Call}", failure.Errno);
        }
    }
}
