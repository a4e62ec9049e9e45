using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// With --debug: each step of a command with the time it took. Waiting for a process is a step, too, so that its share shows. Without
/// --debug no clock is read.
/// </summary>
internal struct StepClock
{
    private readonly Log? _log;
    private readonly string _command;
    private long _begin;

    private StepClock(Log? log, string command)
    {
        _log = log;
        _command = command;
        _begin = log is null ? 0 : Polling.MonotonicNanoseconds();
    }

    /// <summary>The first step begins now.</summary>
    /// <param name="command">What the steps belong to that no property asks for.</param>
    public static StepClock Start(Log log, string command) => new(log.IsDebug ? log : null, command);

    /// <summary>A step has ended, and the next one begins: <c>delete: remove its cgroups: 0.041 ms</c></summary>
    public void Tell(string step)
    {
        if (_log is not null)
        {
            Write(_command, step);
        }
    }

    /// <summary>The same for a step of a plan: <c>linux.cgroupsPath: make cgroup /sys/fs/cgroup/pids/x: 0.041 ms</c></summary>
    public void Tell(HostStep step)
    {
        if (_log is not null)
        {
            string property = step.Origin.ToString();
            Write(property.Length == 0 ? _command : property, step.Action.Describe());
        }
    }

    private void Write(string origin, string step)
    {
        double milliseconds = (Polling.MonotonicNanoseconds() - _begin) / 1e6;
        try
        {
            _log!.Debug(string.Create(CultureInfo.InvariantCulture, $"{origin}: {step}: {milliseconds:F3} ms"));
        }
        catch (RuntimeError)
        {
            // A full disk changes nothing of what the command does: the step has been taken, the program may have ended.
        }

        // The time that writing the line took belongs to no step.
        _begin = Polling.MonotonicNanoseconds();
    }
}
