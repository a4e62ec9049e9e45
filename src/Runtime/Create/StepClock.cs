using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// With --debug or --trace: each step of a command with the time it took. Waiting for a process is a step, too, so that its share shows.
/// Without them no clock is read.
/// </summary>
internal struct StepClock
{
    private readonly Log? _log;
    private readonly Trace? _trace;
    private readonly string _command;
    private long _begin;

    private StepClock(Log? log, string command)
    {
        _log = log;
        _trace = Trace.Current;
        _command = command;
        _begin = IsOff ? 0 : Now();
    }

    /// <summary>The first step begins now.</summary>
    /// <param name="command">What the steps belong to that no property asks for.</param>
    public static StepClock Start(Log log, string command) => new(log.IsDebug ? log : null, command);

    private readonly bool IsOff => _log is null && _trace is null;

    /// <summary>A step has ended, and the next one begins: <c>delete: remove its cgroups: 0.041 ms</c></summary>
    public void Tell(string step)
    {
        if (!IsOff)
        {
            Write(_command, step, new Trace.Span(step, "", "", "", -1, 0, _begin, Now()));
        }
    }

    /// <summary>The same for a step of a plan: <c>linux.cgroupsPath: make cgroup /sys/fs/cgroup/pids/x: 0.041 ms</c></summary>
    /// <param name="list">Which list of the plan.</param>
    /// <param name="index">Where in it.</param>
    public void Tell(HostStep step, string list, int index)
    {
        if (!IsOff)
        {
            string property = step.Origin.ToString(), action = step.Action.Describe();
            Write(property.Length == 0 ? _command : property, action, new Trace.Span(action, property, step.Origin.Rule, list, index, 0, _begin, Now()));
        }
    }

    private readonly long Now() => _trace is null ? Polling.MonotonicNanoseconds() : Trace.Now();

    private void Write(string origin, string step, in Trace.Span span)
    {
        _trace?.Add(span);
        try
        {
            _log?.Debug(string.Create(CultureInfo.InvariantCulture, $"{origin}: {step}: {(span.End - span.Begin) / 1e6:F3} ms"));
        }
        catch (RuntimeError)
        {
            // A full disk changes nothing of what the command does: the step has been taken, the program may have ended.
        }

        // The time that writing the line took belongs to no step.
        _begin = _log is null ? span.End : Now();
    }
}
