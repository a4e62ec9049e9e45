namespace Hull.Linux;

/// <summary>What happens to characters that are typed. termios(3), asm-generic/termbits.h</summary>
[Flags]
public enum TerminalInput : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>IGNBRK</c></summary>
    IgnoreBreak = 0x1,
    /// <summary><c>BRKINT</c></summary>
    InterruptOnBreak = 0x2,
    /// <summary><c>PARMRK</c></summary>
    MarkParity = 0x8,
    /// <summary><c>ISTRIP</c></summary>
    Strip = 0x20,
    /// <summary><c>INLCR</c></summary>
    NewlineToReturn = 0x40,
    /// <summary><c>IGNCR</c></summary>
    IgnoreReturn = 0x80,
    /// <summary><c>ICRNL</c></summary>
    ReturnToNewline = 0x100,
    /// <summary><c>IXON</c>: control-S and control-Q.</summary>
    FlowControl = 0x400,
}

/// <summary>What happens to characters that are printed. termios(3), asm-generic/termbits.h</summary>
[Flags]
public enum TerminalOutput : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>OPOST</c>: anything at all.</summary>
    Process = 0x1,
    /// <summary><c>ONLCR</c>: a newline becomes return and newline.</summary>
    NewlineToReturnNewline = 0x4,
}

/// <summary>How characters look on the line. termios(3), asm-generic/termbits.h</summary>
[Flags]
public enum TerminalControl : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>CS8</c>: 8 bits.</summary>
    EightBits = 0x30,
    /// <summary><c>CSIZE</c>: the bits that say how many bits.</summary>
    SizeMask = 0x30,
    /// <summary><c>PARENB</c></summary>
    Parity = 0x100,
}

/// <summary>What the terminal does by itself. termios(3), asm-generic/termbits.h</summary>
[Flags]
public enum TerminalLocal : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>ISIG</c>: control-C is a signal.</summary>
    Signals = 0x1,
    /// <summary><c>ICANON</c>: whole lines.</summary>
    Canonical = 0x2,
    /// <summary><c>ECHO</c></summary>
    Echo = 0x8,
    /// <summary><c>ECHONL</c></summary>
    EchoNewline = 0x40,
    /// <summary><c>IEXTEN</c></summary>
    Extensions = 0x8000,
}

/// <summary>Places in the array of control characters. termios(3), asm-generic/termbits.h</summary>
internal enum ControlCharacter
{
    /// <summary><c>VINTR</c></summary>
    Interrupt = 0,
    /// <summary><c>VTIME</c></summary>
    Time = 5,
    /// <summary><c>VMIN</c></summary>
    Minimum = 6,
}

/// <summary><c>struct termios</c> as the kernel has it, not glibc's. termios(3), asm-generic/termbits.h</summary>
public unsafe struct TerminalAttributes
{
    /// <summary><c>c_iflag</c></summary>
    private TerminalInput _input;

    /// <summary><c>c_oflag</c></summary>
    private TerminalOutput _output;

    /// <summary><c>c_cflag</c></summary>
    private TerminalControl _control;

    /// <summary><c>c_lflag</c></summary>
    private TerminalLocal _local;

    /// <summary><c>c_line</c></summary>
    private byte _line;

    /// <summary><c>c_cc</c></summary>
    private fixed byte _characters[19];

    /// <summary>What happens to characters that are typed.</summary>
    public TerminalInput Input { readonly get => _input; set => _input = value; }

    /// <summary>What happens to characters that are printed.</summary>
    public TerminalOutput Output { readonly get => _output; set => _output = value; }

    /// <summary>How characters look on the line.</summary>
    public TerminalControl Control { readonly get => _control; set => _control = value; }

    /// <summary>What the terminal does by itself.</summary>
    public TerminalLocal Local { readonly get => _local; set => _local = value; }

    /// <summary>Every character passes unchanged, at once: what cfmakeraw(3) does. termios(3)</summary>
    public void MakeRaw()
    {
        _input &= ~(TerminalInput.IgnoreBreak | TerminalInput.InterruptOnBreak | TerminalInput.MarkParity | TerminalInput.Strip
            | TerminalInput.NewlineToReturn | TerminalInput.IgnoreReturn | TerminalInput.ReturnToNewline | TerminalInput.FlowControl);
        _output &= ~TerminalOutput.Process;
        _local &= ~(TerminalLocal.Echo | TerminalLocal.EchoNewline | TerminalLocal.Canonical | TerminalLocal.Signals
            | TerminalLocal.Extensions);
        _control = (_control & ~(TerminalControl.SizeMask | TerminalControl.Parity)) | TerminalControl.EightBits;
        _characters[(int)ControlCharacter.Minimum] = 1;
        _characters[(int)ControlCharacter.Time] = 0;
    }
}
