using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// A page of memory that a container process shares with the host, for messages after its filter of system calls is loaded. The filter may
/// forbid sendmsg, kill for it, or hand it to a listener; a store into this page is no system call. Through it the process tells which
/// descriptor the listener of its filter has, waits until the host has taken that, and reports why execve failed.
/// </summary>
public sealed unsafe class SeccompHandshake
{
    /// <summary>
    /// How often the process looks whether the host has taken the listener before it gives up: three seconds to a minute, as long as a pause
    /// of the processor lasts. The host needs some hundred microseconds.
    /// </summary>
    private const int MostLooks = 1 << 30;

    private readonly Content* _content;

    /// <summary>The layout of the page; all zero in the beginning.</summary>
    private struct Content
    {
        /// <summary>The number of the listener's descriptor in the process, and one more; 0: not loaded yet.</summary>
        public int Listener;

        /// <summary>1: the host has the listener.</summary>
        public int Released;

        /// <summary>1: the host may only take it from a process that can be traced.</summary>
        public int Traceable;

        /// <summary>1: the report is complete.</summary>
        public int Reported;

        public Report Report;
    }

    /// <summary>Maps the page: of <see cref="MakeFile"/>, or of the descriptor that a container process sent.</summary>
    /// <exception cref="KernelException">It cannot be mapped.</exception>
    public SeccompHandshake(Fd file) => _content = (Content*)SharedMemory.Map(file, sizeof(Content));

    /// <summary>Makes the file of a page that several processes can map.</summary>
    /// <exception cref="KernelException">No memory.</exception>
    public static OwnedFd MakeFile()
    {
        OwnedFd file = Files.MakeMemoryFile("handshake", MemoryFileFlags.None).OwnedOrThrow("memfd_create");
        Files.Truncate(file, sizeof(Content)).OrThrow("ftruncate");
        return file;
    }

    /// <summary>The number of the listener's descriptor in the container process; none before the filter is loaded.</summary>
    public Fd Listener => new(Volatile.Read(ref _content->Listener) - 1);

    /// <summary>Why the process gave up; null as long as it did not.</summary>
    public Report? Report => Volatile.Read(ref _content->Reported) == 0 ? null : _content->Report;

    /// <summary>
    /// Without CAP_SYS_PTRACE the host can take a descriptor only out of a dumpable process: the container process then becomes dumpable
    /// before it loads the filter. Only processes of the same user could use that, and those have its rights anyway.
    /// </summary>
    public bool Traceable
    {
        get => _content->Traceable != 0;
        set => _content->Traceable = value ? 1 : 0;
    }

    /// <summary>The host has the listener: the program may run.</summary>
    public void Release() => Volatile.Write(ref _content->Released, 1);

    /// <summary>For the container process: tells the descriptor of the listener and waits for the host, without a system call.</summary>
    internal SyscallResult Offer(Fd listener)
    {
        Volatile.Write(ref _content->Listener, listener.Number + 1);
        for (int looked = 0; looked < MostLooks; looked++)
        {
            if (Volatile.Read(ref _content->Released) != 0)
            {
                return default;
            }

            Processor.Pause();
        }

        return SyscallResult.Failure(Errno.ETIMEDOUT);
    }

    /// <summary>For the container process: its failure report.</summary>
    internal void Tell(ref Report report)
    {
        _content->Report = report;
        Volatile.Write(ref _content->Reported, 1);
    }
}
