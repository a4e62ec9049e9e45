using System.Globalization;

namespace Hull.Linux;

/// <summary>The signals with the kernel's names and numbers, the same on x86-64 and arm64. signal(7), asm/signal.h</summary>
public enum Signal
{
    /// <summary>No signal: only ask whether one could be sent.</summary>
    None = 0,
    /// <summary>terminal gone</summary>
    SIGHUP = 1,
    /// <summary>interrupt from the keyboard</summary>
    SIGINT = 2,
    /// <summary>quit from the keyboard</summary>
    SIGQUIT = 3,
    /// <summary>illegal instruction</summary>
    SIGILL = 4,
    /// <summary>breakpoint</summary>
    SIGTRAP = 5,
    /// <summary>abort(3)</summary>
    SIGABRT = 6,
    /// <summary>bad access to memory</summary>
    SIGBUS = 7,
    /// <summary>arithmetic error</summary>
    SIGFPE = 8,
    /// <summary>end, cannot be caught</summary>
    SIGKILL = 9,
    /// <summary>for the program's own use</summary>
    SIGUSR1 = 10,
    /// <summary>invalid access to memory</summary>
    SIGSEGV = 11,
    /// <summary>for the program's own use</summary>
    SIGUSR2 = 12,
    /// <summary>write to a pipe without a reader</summary>
    SIGPIPE = 13,
    /// <summary>alarm(2)</summary>
    SIGALRM = 14,
    /// <summary>request to end</summary>
    SIGTERM = 15,
    /// <summary>unused</summary>
    SIGSTKFLT = 16,
    /// <summary>a child ended or stopped</summary>
    SIGCHLD = 17,
    /// <summary>go on</summary>
    SIGCONT = 18,
    /// <summary>stop, cannot be caught</summary>
    SIGSTOP = 19,
    /// <summary>stop from the keyboard</summary>
    SIGTSTP = 20,
    /// <summary>background read from the terminal</summary>
    SIGTTIN = 21,
    /// <summary>background write to the terminal</summary>
    SIGTTOU = 22,
    /// <summary>urgent data on a socket</summary>
    SIGURG = 23,
    /// <summary>too much processor time</summary>
    SIGXCPU = 24,
    /// <summary>file too large</summary>
    SIGXFSZ = 25,
    /// <summary>virtual timer</summary>
    SIGVTALRM = 26,
    /// <summary>profiling timer</summary>
    SIGPROF = 27,
    /// <summary>the terminal's size changed</summary>
    SIGWINCH = 28,
    /// <summary>input or output is possible</summary>
    SIGIO = 29,
    /// <summary>power failure</summary>
    SIGPWR = 30,
    /// <summary>bad system call</summary>
    SIGSYS = 31,
}

/// <summary>The names of signals, as the command line takes them. Host side. signal(7)</summary>
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
