using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Between our standard streams and a container's terminal: what is typed goes in, what is printed comes out. Never waits but in the
/// caller's poll: each direction has a small buffer, and reads only when that is empty.
/// </summary>
/// <remarks>
/// When our input has ended (a pipe, /dev/null), whoever reads the terminal reads an end of file, again and again, as from /dev/null. A program
/// that does not read goes on.
/// </remarks>
internal sealed class ConsoleRelay : IDisposable
{
    /// <summary>How many descriptors it wants to be polled.</summary>
    public const int PollCount = 3;

    // A pipe that is ready for output takes this much at once.
    private const int BufferSize = 4096;

    // More than the kernel keeps of what a program has printed to a terminal.
    private const int LastOutput = 65_536;

    // With the other side closed there is nothing to wait for; a process may open /dev/console again.
    private const int AbandonedMilliseconds = 100;

    // A shell need not tell a running job that it is in the foreground again.
    private const int BackgroundMilliseconds = 500;

    // The end of input is typed again: what a program finds in the terminal when it switches off line mode is a zero byte, not an end.
    private const int EndOfInputMilliseconds = 500;

    // Control-D: VEOF as Linux sets it for a new terminal, and what programs that edit lines themselves take for it.
    private static readonly byte[] EndOfInput = [4];

    private static readonly Fd Input = new(0);

    private readonly OwnedFd _console;
    private readonly HostTerminal? _terminal;
    private readonly Fd _output;
    private readonly Buffer _typed = new();
    private readonly Buffer _printed = new();
    private bool _inputEnded;
    private bool _inputPaused;
    private long _endTyped;
    private bool _abandoned;
    private bool _closed;

    /// <param name="console">The host's side of the container's terminal; it does not wait.</param>
    /// <param name="terminal">Our own terminal, or null.</param>
    /// <param name="output">Where what is printed goes; null for standard output.</param>
    public ConsoleRelay(OwnedFd console, HostTerminal? terminal, Fd? output = null)
    {
        _output = output ?? new Fd(1);
        _console = console;
        _terminal = terminal;

        // In the background our terminal is the shell's: it stays as the shell wants it, and is not read.
        _inputPaused = terminal is not null && Terminals.IsTerminal(Input);
        Resume();
    }

    /// <summary>How long to poll at most.</summary>
    public int PollMilliseconds => _closed ? -1 : _abandoned ? AbandonedMilliseconds : _inputPaused ? BackgroundMilliseconds : _inputEnded ? EndOfInputMilliseconds : -1;

    /// <summary>Says what to wait for. A descriptor from which nothing is wanted is left out: its end would be reported again and again.</summary>
    public void Prepare(Span<PollDescriptor> polls)
    {
        if (_inputPaused)
        {
            Resume();
        }

        if (_inputEnded && _typed.IsEmpty && Environment.TickCount64 - _endTyped >= EndOfInputMilliseconds)
        {
            EndOfInput.CopyTo(_typed.Space);
            _typed.Fill(EndOfInput.Length);
            _endTyped = Environment.TickCount64;
        }

        bool reads = _typed.IsEmpty && !_inputEnded && !_inputPaused && !_closed;
        PollEvents console = (_printed.IsEmpty ? PollEvents.In : PollEvents.None) | (_typed.IsEmpty ? PollEvents.None : PollEvents.Out);
        polls[0] = new PollDescriptor(reads ? Input : Fd.None, PollEvents.In);
        polls[1] = new PollDescriptor(console == PollEvents.None || _abandoned || _closed ? Fd.None : _console.Fd, console);
        polls[2] = new PollDescriptor(_printed.IsEmpty ? Fd.None : _output, PollEvents.Out);
        _abandoned = false;
    }

    /// <summary>Passes on what can be passed on.</summary>
    public void Pass(ReadOnlySpan<PollDescriptor> polls)
    {
        if (polls[0].Returned != 0)
        {
            ReadInput();
        }

        if (polls[1].Returned != 0)
        {
            ServeConsole();
        }

        if (polls[2].Returned != 0)
        {
            WriteOutput();
        }
    }

    /// <summary>Our own terminal has another size now (TTY-05).</summary>
    public void Resize()
    {
        if (!_closed)
        {
            _terminal?.GiveSizeTo(_console);
        }
    }

    /// <summary>We go on, perhaps in the foreground again: there our terminal is made as we need it, and reading it is allowed.</summary>
    public void Resume()
    {
        if (_terminal is null || _terminal.IsOurs())
        {
            _terminal?.MakeRaw();
            Resize();
            _inputPaused = false;
        }
    }

    /// <summary>
    /// The program has ended: what it printed before comes out. Not more than the terminal can have held then: another process of the
    /// container may go on printing for ever.
    /// </summary>
    public void Finish()
    {
        int left = LastOutput;
        while (!_closed)
        {
            if (StandardOutput.WriteAll(_output, _printed.Bytes).Failed)
            {
                return;
            }

            left -= _printed.Bytes.Length;
            _printed.Clear();
            if (left <= 0)
            {
                return;
            }

            SyscallResult read = Files.ReadWaiting(_console, _printed.Space);
            if (read.Failed || read.Value == 0)
            {
                return;
            }

            _printed.Fill((int)read.Value);
        }
    }

    public void Dispose() => Close();

    private void ReadInput()
    {
        SyscallResult read = Files.ReadWaiting(Input, _typed.Space);
        if (!read.Failed && read.Value > 0)
        {
            _typed.Fill((int)read.Value);
        }
        else if (read.Errno == Errno.EIO)
        {
            // A terminal refuses to be read by a job in the background.
            _inputPaused = true;
        }
        else if (read.Errno != Errno.EAGAIN)
        {
            _inputEnded = true;
        }
    }

    private void ServeConsole()
    {
        if (!_typed.IsEmpty)
        {
            SyscallResult written = Files.WriteWaiting(_console, _typed.Bytes);
            _typed.Drop(!written.Failed ? (int)written.Value : written.Errno == Errno.EAGAIN ? 0 : _typed.Bytes.Length);
        }

        if (!_printed.IsEmpty)
        {
            return;
        }

        SyscallResult read = Files.ReadWaiting(_console, _printed.Space);
        if (!read.Failed && read.Value > 0)
        {
            _printed.Fill((int)read.Value);
        }
        else if (read.Errno != Errno.EAGAIN)
        {
            // EIO: no process has the other side open at the moment.
            _abandoned = true;
        }
    }

    private void WriteOutput()
    {
        SyscallResult written = Files.WriteWaiting(_output, _printed.Bytes);
        if (!written.Failed)
        {
            _printed.Drop((int)written.Value);
        }
        else if (written.Errno != Errno.EAGAIN)
        {
            // Our own terminal has gone: for the program that is a terminal that has been hung up.
            _printed.Clear();
            Close();
        }
    }

    private void Close()
    {
        _closed = true;
        _console.Dispose();
    }

    /// <summary>Bytes that are read and not yet written.</summary>
    private sealed class Buffer
    {
        private readonly byte[] _bytes = new byte[BufferSize];
        private int _from;
        private int _to;

        public bool IsEmpty => _from == _to;

        /// <summary>What is still to be written.</summary>
        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_from, _to - _from);

        /// <summary>Where to read to, when it is empty.</summary>
        public Span<byte> Space => _bytes;

        public void Fill(int count) => (_from, _to) = (0, count);

        public void Drop(int count) => _from += count;

        public void Clear() => _from = _to;
    }
}
