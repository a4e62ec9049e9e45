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
    /// <summary>nobody reads</summary>
    SIGPIPE = 13,
    /// <summary>alarm(2)</summary>
    SIGALRM = 14,
    /// <summary>end, please</summary>
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
