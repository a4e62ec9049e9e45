using System.Globalization;
using Hull.Linux;
using Hull.Runtime.Planning;

namespace Hull.Runtime.Host;

/// <summary>
/// For who asks with --debug why a container takes so long: each step of the host with the time it took. Waiting for the container process
/// is a step, too, so that its share shows. Asks no clock unless somebody wants to know.
/// </summary>
/// <param name="Begin">When the step began, in nanoseconds; 0 when nobody wants to know.</param>
internal readonly record struct StepClock(long Begin)
{
    public static StepClock Start(Log log) => new(log.IsDebug ? Polling.MonotonicNanoseconds() : 0);

    /// <summary><c>linux.cgroupsPath: make cgroup /sys/fs/cgroup/pids/x: 0.041 ms</c></summary>
    public void Tell(Log log, HostStep step)
    {
        if (Begin != 0)
        {
            double milliseconds = (Polling.MonotonicNanoseconds() - Begin) / 1e6;
            log.Debug(string.Create(CultureInfo.InvariantCulture, $"{step.Origin}: {ActionText.Describe(step.Action)}: {milliseconds:F3} ms"));
        }
    }
}
