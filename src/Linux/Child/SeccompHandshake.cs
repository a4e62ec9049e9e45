using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// The lane of a process that may call nothing any more: memory that it shares with its host. Once a filter of system calls is loaded,
/// sending may be forbidden, deadly, or itself wait for somebody; a store into this page is none of the kernel's business. So the process
/// says here which descriptor the listener of its filter got, waits here until the host has taken it, and leaves here why execve failed.
/// </summary>
public sealed unsafe class SeccompHandshake
{
    /// <summary>
    /// How often a process looks whether its host has come, before it takes it for dead: from three seconds to a minute, as processors
    /// pause. A host needs some hundred microseconds.
    /// </summary>
    private const int Patience = 1 << 30;

    private readonly Content* _content;

    /// <summary>What the page holds; all zero in the beginning.</summary>
    private struct Content
    {
        /// <summary>The number of the listener's descriptor in the process, and one more; 0: not loaded yet.</summary>
        public int Listener;

        /// <summary>1: the host has the listener.</summary>
        public int Released;

        /// <summary>1: the host may only take it from a process that can be traced.</summary>
        public int Traceable;

        /// <summary>1: the report is complete.</summary>
        public int Spoken;

        public Report Report;
    }

    /// <summary>The lane behind a descriptor: what <see cref="MakeFile"/> made, or what a container process sent of it.</summary>
    /// <exception cref="KernelException">It cannot be mapped.</exception>
    public SeccompHandshake(Fd file) => _content = (Content*)SharedMemory.Map(file, sizeof(Content));

    /// <summary>Makes a lane that others can map as well.</summary>
    /// <exception cref="KernelException">No memory.</exception>
    public static OwnedFd MakeFile()
    {
        OwnedFd file = Files.MakeMemoryFile("lane", MemoryFileFlags.CloseOnExec).OwnedOrThrow("memfd_create");
        Files.Truncate(file, sizeof(Content)).OrThrow("ftruncate");
        return file;
    }

    /// <summary>The number of the listener's descriptor in the container process; none before the filter is loaded.</summary>
    public Fd Listener => new(Volatile.Read(ref _content->Listener) - 1);

    /// <summary>Why the process gave up; null as long as it did not.</summary>
    public Report? Report => Volatile.Read(ref _content->Spoken) == 0 ? null : _content->Report;

    /// <summary>
    /// Who lacks CAP_SYS_PTRACE on the host can take nothing out of a process that forbids tracing: it then allows it for the moment.
    /// Whoever could use that moment has the same user, and needs not wait for it to become him.
    /// </summary>
    public bool Traceable
    {
        get => _content->Traceable != 0;
        set => _content->Traceable = value ? 1 : 0;
    }

    /// <summary>The host has the listener: the program may run.</summary>
    public void Release() => Volatile.Write(ref _content->Released, 1);

    /// <summary>For the container process: says where the listener is and waits for the host, without a system call.</summary>
    internal SyscallResult Offer(Fd listener)
    {
        Volatile.Write(ref _content->Listener, listener.Number + 1);
        for (int looked = 0; looked < Patience; looked++)
        {
            if (Volatile.Read(ref _content->Released) != 0)
            {
                return default;
            }

            Processor.Pause();
        }

        return SyscallResult.Failure(Errno.ETIMEDOUT);
    }

    /// <summary>For the container process: its last words.</summary>
    internal void Say(ref Report report)
    {
        _content->Report = report;
        Volatile.Write(ref _content->Spoken, 1);
    }
}
