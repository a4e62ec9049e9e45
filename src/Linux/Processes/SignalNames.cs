using System.Globalization;

namespace Hull.Linux;

/// <summary>The names of signals, as people type them. Host side. signal(7)</summary>
public static class SignalNames
{
    /// <summary>The first real-time signal for programs; C keeps 32 and 33 for itself.</summary>
    private const int FirstRealTime = 34;

    /// <summary>
    /// The number of a signal: <c>SIGTERM</c>, <c>TERM</c>, <c>term</c>, <c>15</c>, <c>SIGRTMIN+3</c>, <c>RTMAX-1</c>. False when there is
    /// none such; 0 is none.
    /// </summary>
    public static bool TryParse(string text, out int signal)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
        {
            return signal is > 0 and <= Signals.Last;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        for (signal = 1; signal < 32; signal++)
        {
            if (string.Equals(NameOf(signal)?[3..], name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        signal = name switch
        {
            "IOT" => (int)Signal.SIGABRT,
            "CLD" => (int)Signal.SIGCHLD,
            "POLL" => (int)Signal.SIGIO,
            "RTMIN" => FirstRealTime,
            "RTMAX" => Signals.Last,
            _ => RealTime(name),
        };
        return signal is > 0 and <= Signals.Last;
    }

    /// <summary><c>SIGTERM</c> for 15; null for a number that has no name of its own.</summary>
    public static string? NameOf(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        16 => "SIGSTKFLT",
        17 => "SIGCHLD",
        18 => "SIGCONT",
        19 => "SIGSTOP",
        20 => "SIGTSTP",
        21 => "SIGTTIN",
        22 => "SIGTTOU",
        23 => "SIGURG",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        26 => "SIGVTALRM",
        27 => "SIGPROF",
        28 => "SIGWINCH",
        29 => "SIGIO",
        30 => "SIGPWR",
        31 => "SIGSYS",
        _ => null,
    };

    private static int RealTime(string name)
    {
        if (name.StartsWith("RTMIN+", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var above))
        {
            return above <= Signals.Last - FirstRealTime ? FirstRealTime + above : 0;
        }

        return name.StartsWith("RTMAX-", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var below)
            && below <= Signals.Last - FirstRealTime
                ? Signals.Last - below
                : 0;
    }
}
