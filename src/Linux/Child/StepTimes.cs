
namespace Hull.Linux;

/// <summary>
/// When each operation of a container process ended, in memory that the process shares with the host: only made when a trace is wanted. The
/// clock is the real-time one, which no time namespace changes, so that both processes have the same. time_namespaces(7)
/// </summary>
public sealed unsafe class StepTimes
{
    private readonly long* _times;

    /// <summary>Makes the memory for a list of operations.</summary>
    /// <exception cref="KernelException">There is none.</exception>
    public StepTimes(int operations)
    {
        int length = (operations + 1) * sizeof(long);
        using OwnedFd file = Files.MakeMemoryFile("times", MemoryFileFlags.None).OwnedOrThrow("memfd_create");
        Files.Truncate(file, length).OrThrow("ftruncate");
        _times = (long*)SharedMemory.Map(file, length);
    }

    /// <summary>When the operation before this index ended, in nanoseconds since 1970; 0 when it has not.</summary>
    public long this[int index] => Volatile.Read(ref _times[index]);

    /// <summary>It ends now. By the container process.</summary>
    internal void Note(int index) => _times[index] = Polling.RealTimeNanoseconds();
}
