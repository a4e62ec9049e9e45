namespace Hull.Linux;

/// <summary>Questions and orders to a terminal. ioctl_tty(2), asm-generic/ioctls.h</summary>
internal enum TerminalRequest : uint
{
    /// <summary><c>TCGETS</c></summary>
    GetAttributes = 0x5401,
    /// <summary><c>TCSETS</c></summary>
    SetAttributes = 0x5402,
    /// <summary><c>TIOCSCTTY</c></summary>
    SetControllingTerminal = 0x540E,
    /// <summary><c>TIOCGPGRP</c></summary>
    GetForegroundGroup = 0x540F,
    /// <summary><c>TIOCGWINSZ</c></summary>
    GetWindowSize = 0x5413,
    /// <summary><c>TIOCSWINSZ</c></summary>
    SetWindowSize = 0x5414,
    /// <summary><c>TIOCGPTN</c></summary>
    GetSlaveNumber = 0x80045430,
    /// <summary><c>TIOCSPTLCK</c></summary>
    LockSlave = 0x40045431,
    /// <summary><c>TIOCGPTPEER</c>: kernel 4.13.</summary>
    OpenPeer = 0x5441,
}

/// <summary><c>struct winsize</c>: the size of a terminal. ioctl_tty(2), asm/termios.h</summary>
public readonly struct WindowSize
{
    /// <summary><c>ws_row</c></summary>
    private readonly ushort _rows;

    /// <summary><c>ws_col</c></summary>
    private readonly ushort _columns;

    /// <summary><c>ws_xpixel</c></summary>
    private readonly ushort _pixelWidth;

    /// <summary><c>ws_ypixel</c></summary>
    private readonly ushort _pixelHeight;

    /// <summary>A size in characters.</summary>
    public WindowSize(ushort rows, ushort columns)
    {
        _rows = rows;
        _columns = columns;
    }

    /// <summary>How many lines.</summary>
    public ushort Rows => _rows;

    /// <summary>How many characters in a line.</summary>
    public ushort Columns => _columns;
}

/// <summary>Terminals and pseudo-terminals.</summary>
public static unsafe class Terminals
{
    /// <summary><c>ioctl(master, TIOCSPTLCK, &amp;0)</c>: allow the other side to be opened: unlockpt(3). ioctl_tty(2)</summary>
    public static SyscallResult UnlockSlave(Fd master)
    {
        int unlocked = 0;
        return Descriptors.Control(master, (uint)TerminalRequest.LockSlave, (nint)(&unlocked));
    }

    /// <summary>
    /// <c>ioctl(master, TIOCGPTPEER, flags | O_CLOEXEC)</c>: the other side, without a path that could have been replaced. Kernel 4.13.
    /// ioctl_tty(2)
    /// </summary>
    public static SyscallResult PeerOf(Fd master, OpenFlags flags) =>
        Descriptors.Control(master, (uint)TerminalRequest.OpenPeer, (nint)(flags | OpenFlags.CloseOnExec));

    /// <summary><c>ioctl(master, TIOCGPTN, &amp;number)</c>: the name of the other side in its devpts. ioctl_tty(2)</summary>
    public static SyscallResult SlaveNumberOf(Fd master, out int number)
    {
        int answer = 0;
        var result = Descriptors.Control(master, (uint)TerminalRequest.GetSlaveNumber, (nint)(&answer));
        number = answer;
        return result;
    }

    /// <summary>
    /// <c>ioctl(terminal, TIOCSCTTY, 0)</c>: our controlling terminal from now on. Only for the leader of a session that has none (EPERM).
    /// ioctl_tty(2)
    /// </summary>
    public static SyscallResult SetControllingTerminal(Fd terminal) =>
        Descriptors.Control(terminal, (uint)TerminalRequest.SetControllingTerminal, 0);

    /// <summary>
    /// <c>ioctl(terminal, TIOCGPGRP, group)</c>: the process group in its foreground. ENOTTY unless it is our controlling terminal.
    /// tcgetpgrp(3)
    /// </summary>
    public static SyscallResult ForegroundGroupOf(Fd terminal, out int group)
    {
        int answer = 0;
        var result = Descriptors.Control(terminal, (uint)TerminalRequest.GetForegroundGroup, (nint)(&answer));
        group = answer;
        return result;
    }

    /// <summary><c>ioctl(terminal, TIOCGWINSZ, size)</c>: its size. ioctl_tty(2)</summary>
    public static SyscallResult GetWindowSize(Fd terminal, out WindowSize size)
    {
        WindowSize answer = default;
        var result = Descriptors.Control(terminal, (uint)TerminalRequest.GetWindowSize, (nint)(&answer));
        size = answer;
        return result;
    }

    /// <summary><c>ioctl(terminal, TIOCSWINSZ, size)</c>: change its size; the foreground processes get SIGWINCH. ioctl_tty(2)</summary>
    public static SyscallResult SetWindowSize(Fd terminal, WindowSize size) =>
        Descriptors.Control(terminal, (uint)TerminalRequest.SetWindowSize, (nint)(&size));

    /// <summary><c>ioctl(terminal, TCGETS, attributes)</c>: how it treats characters. termios(3)</summary>
    public static SyscallResult GetAttributes(Fd terminal, out TerminalAttributes attributes)
    {
        TerminalAttributes answer = default;
        var result = Descriptors.Control(terminal, (uint)TerminalRequest.GetAttributes, (nint)(&answer));
        attributes = answer;
        return result;
    }

    /// <summary><c>ioctl(terminal, TCSETS, attributes)</c>: change that, at once. termios(3)</summary>
    public static SyscallResult SetAttributes(Fd terminal, in TerminalAttributes attributes)
    {
        var copy = attributes;
        return Descriptors.Control(terminal, (uint)TerminalRequest.SetAttributes, (nint)(&copy));
    }

    /// <summary>It is a terminal: <see cref="GetAttributes"/> does not fail with ENOTTY. isatty(3)</summary>
    public static bool IsTerminal(Fd fd) => !GetAttributes(fd, out _).Failed;
}
