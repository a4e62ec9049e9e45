using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The message of a failure, one line: the property that asked for the step, what was being done, why the kernel refused, which step it was,
/// and what may help.
/// </summary>
internal static class Failure
{
    /// <summary>A step of the container process failed.</summary>
    /// <param name="root">The directory that is the container's root, to look at a program that could not be run; null where it is not known.</param>
    public static RuntimeError Of(Step step, Report report, string? root = null)
    {
        Operation operation = step.Operation;
        (string action, Errno errno) = operation switch
        {
            FindExecutable or Execute when report.Errno != Errno.ENOSYS => Program(operation, report.Errno),
            RunHook hook => Hook(hook, step.Origin.ToString(), report),
            _ => ($"{operation.Describe()}{Part(operation, report)}", report.Errno),
        };
        return new RuntimeError(action, errno)
        {
            Property = PropertyOf(step, report),
            Step = report.Step,
            Side = Side.Container,
            Hint = (root is null || report.Stage == Stage.NoExecuteMount ? null : WhyNot(operation, report.Errno, root))
                ?? ForMissing(report.Errno, (int)report.Pid) ?? Hints.For(operation, report),
        };
    }

    /// <summary>What a call that the kernel lacks needs; null for another failure.</summary>
    /// <param name="errno">The failure.</param>
    /// <param name="call">The number of the call; 0 for the last one of this process.</param>
    private static string? ForMissing(Errno errno, int call = 0) =>
        errno == Errno.ENOSYS && MissingCalls.IsNewer(call) ? MissingCalls.Describe(call) : null;

    private static string? WhyNot(Operation operation, Errno errno, string root) => (operation, errno) switch
    {
        (Execute { Arguments.Count: > 0 } execute, Errno.ENOENT or Errno.ENOEXEC or Errno.EACCES) => ProgramFile.WhyNot(root, execute.Arguments[0], execute.Candidates),
        (FindExecutable find, Errno.ENOENT or Errno.EACCES) => ProgramFile.WhyNot(root, NameOf(find), find.Candidates),
        _ => null,
    };

    /// <summary>What execve finds too long is as often the environment.</summary>
    private static string PropertyOf(Step step, Report report) =>
        report.Errno == Errno.E2BIG && step.Operation is Execute execute && execute.Environment.TotalLength > execute.Arguments.TotalLength
            ? "process.env"
            : step.Origin.ToString();

    /// <summary>A step of the container process did less than it was asked to.</summary>
    public static string Warning(Step step, Report report)
    {
        string part = Enum.IsDefined(report.Stage) ? report.Stage.Describe() : "";
        string values = report.Stage == Stage.HostsOwner
            ? string.Create(CultureInfo.InvariantCulture, $" mode {ModeText.Octal((uint)report.Value)}, user {(uint)report.Pid} and group {(uint)(report.Pid >> 32)}")
            : "";
        return $"{step.Origin}: {step.Operation.Describe()}: {part}{values}";
    }

    /// <summary>A step of the host failed in the kernel.</summary>
    public static RuntimeError Of(HostStep step, int index, KernelException failure) =>
        new(step.Action is WriteCgroupFile ? failure.Call : $"{step.Action.Describe()}: {failure.Call}", failure.Errno)
        {
            Property = step.Origin.ToString(),
            Step = index,
            Side = Side.Host,
            Hint = ForMissing(failure.Errno, failure.MissingCall) ?? Hints.For(step.Action, failure.Errno),
        };

    /// <summary>The container process could not be made. What the host is short of is not the fault of a property.</summary>
    public static RuntimeError OfClone(KernelException failure) => new($"make the container process: {failure.Call}", failure.Errno)
    {
        Property = failure.Errno switch
        {
            Errno.EPERM or Errno.ENOSPC or Errno.EINVAL => "linux.namespaces",
            Errno.EBUSY or Errno.EOPNOTSUPP or Errno.ENOENT or Errno.ENODEV or Errno.EACCES => "linux.cgroupsPath",
            _ => null,
        },
        Hint = ForMissing(failure.Errno, failure.MissingCall) ?? Hints.ForClone(failure.Errno),
    };

    /// <summary>The container process ended without a report: only a signal can do that.</summary>
    /// <param name="signal">The signal that ended it, if one did.</param>
    /// <param name="memoryLimit">The limit at which the kernel killed it for want of memory, in bytes; null where it did not.</param>
    public static RuntimeError Silent(int? signal, long? memoryLimit)
    {
        if (memoryLimit is { } limit)
        {
            return ForMemory("container init was OOM-killed (memory limit too low?)", limit);
        }

        string how = signal is { } number ? $"was killed by signal {SignalNames.NameOf(number)}" : "ended without a report";
        return new RuntimeError($"the container process {how} before the program ran");
    }

    /// <summary>A failure whose reason is that the kernel has killed a process for want of memory.</summary>
    /// <param name="action">What failed.</param>
    /// <param name="limit">The limit of the cgroup where that has happened, in bytes; <see cref="long.MaxValue"/> where it has none.</param>
    /// <param name="next">What can be done besides; null for nothing.</param>
    public static RuntimeError ForMemory(string action, long limit, string? next = null)
    {
        bool isOwn = limit < long.MaxValue;
        string why = isOwn
            ? string.Create(CultureInfo.InvariantCulture, $"the limit is {limit} bytes: raise it")
            : "a cgroup above, or the machine, has no more memory";
        return new RuntimeError(action)
        {
            Property = isOwn ? "linux.resources.memory.limit" : null,
            Hint = next is null ? why : $"{why}; {next}",
        };
    }

    /// <summary>In the form from which engines derive exit statuses 126 and 127.</summary>
    private static (string Action, Errno Errno) Program(Operation operation, Errno errno)
    {
        if (operation is Execute { Arguments.Count: 0 })
        {
            return ("process is not set: there is nothing to start (PROC-01)", Errno.None);
        }

        string name = operation is Execute execute ? execute.Arguments[0] : NameOf((FindExecutable)operation);
        bool searched = !name.Contains('/', StringComparison.Ordinal);
        return errno == Errno.ENOENT && searched
            ? ($"unable to start container process: exec: \"{name}\": executable file not found in $PATH", Errno.None)
            : ($"unable to start container process: exec: \"{name}\"", errno);
    }

    private static string NameOf(FindExecutable find)
    {
        string path = find.Candidates[^1].ToString();
        return find.Candidates.Length == 1 && !find.Searched ? path : path[(path.LastIndexOf('/') + 1)..];
    }

    private static (string Action, Errno Errno) Hook(RunHook hook, string property, Report report)
    {
        string running = HookKinds.Running(property);
        string said = report.Text.Length == 0 ? "" : $": {report.Text}";
        return report.Stage switch
        {
            Stage.HookFailed => (string.Create(CultureInfo.InvariantCulture, $"{running}: {hook.Path} {Ended(WaitStatus.FromRaw(0, (int)report.Value))} after {report.Pid / 1000.0} s{said}"), Errno.None),
            Stage.HookTimedOut => (string.Create(CultureInfo.InvariantCulture, $"{running}: {hook.Path} took longer than {hook.TimeoutMilliseconds / 1000} s and was killed{said}"), Errno.None),
            _ => ($"{running}: {hook.Path} cannot be run", report.Errno),
        };
    }

    /// <summary>How a process that did not succeed has ended.</summary>
    public static string Ended(WaitStatus status) => status.Signal != 0
        ? $"was killed by signal {SignalNames.NameOf(status.Signal)}"
        : string.Create(CultureInfo.InvariantCulture, $"failed with exit status {status.ExitCode}");

    /// <summary>The part that failed, with what the kernel says of it; a stage that this hull does not know has no text.</summary>
    private static string Part(Operation operation, Report report)
    {
        string part = Enum.IsDefined(report.Stage) ? report.Stage.Describe() : "";
        if (part.Length == 0)
        {
            return "";
        }

        string parameter = report.Stage == Stage.SetParameter ? $" {ParameterOf(operation, (int)report.Value)}" : "";
        string said = report.Text.Length == 0 ? "" : $" (the kernel says: {report.Text})";
        return $": {part}{parameter}{said}";
    }

    private static string ParameterOf(Operation operation, int index)
    {
        ImmutableArray<MountParameter> parameters = operation switch
        {
            MountFilesystem mount => mount.Parameters,
            Remount remount => remount.Parameters,
            _ => [],
        };
        return index >= 0 && index < parameters.Length ? parameters[index].ToString() : "";
    }
}
