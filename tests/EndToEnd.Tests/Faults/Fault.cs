using System.Globalization;

namespace Hull.EndToEnd.Tests.Faults;

/// <summary>One call that goes wrong: it fails with an error, or the process dies at it.</summary>
/// <param name="Error">The error; null for SIGKILL.</param>
internal sealed record Fault(TracedCall Call, string? Error)
{
    private static readonly string[] Errors = ["EIO", "ENOMEM", "EMFILE", "ENFILE", "EPERM"];

    // strace suppresses the call it fails. Some never fail in life, and others are the language runtime's own memory.
    private static readonly HashSet<string> Unfailing =
    [
        "close", "exit", "exit_group", "getpid", "gettid", "getppid", "geteuid", "getuid", "getegid", "getgid", "umask", "rt_sigprocmask",
        "rt_sigaction", "rt_sigreturn", "clock_gettime", "sched_yield", "mmap", "munmap", "mprotect", "madvise", "brk", "futex",
    ];

    public bool IsKill => Error is null;

    /// <summary>The argument of strace -e.</summary>
    public string Injection => string.Create(
        CultureInfo.InvariantCulture, $"inject={Call.Name}:{(IsKill ? "signal=KILL" : "error=" + Error)}:when={Call.Number}");

    /// <summary>SIGKILL at each call.</summary>
    public static IEnumerable<Fault> Kills(IEnumerable<TracedCall> calls) =>
        calls.Where(call => call.Name is not ("exit" or "exit_group")).Select(call => new Fault(call, null));

    /// <summary>Every error at each call that can fail.</summary>
    public static IEnumerable<Fault> Failures(IEnumerable<TracedCall> calls) =>
        calls.Where(CanFail).SelectMany(call => Errors.Select(error => new Fault(call, error)));

    /// <summary>One error at each call that can fail, in turn.</summary>
    public static IEnumerable<Fault> AlternatingFailures(IEnumerable<TracedCall> calls) =>
        calls.Where(CanFail).Select((call, index) => new Fault(call, Errors[index % Errors.Length]));

    public override string ToString() => IsKill ? $"killed at {Call}" : $"{Call} fails with {Error}";

    private static bool CanFail(TracedCall call) => !Unfailing.Contains(call.Name);
}
