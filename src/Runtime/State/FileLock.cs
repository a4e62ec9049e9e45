using Hull.Linux;

namespace Hull.Runtime;

/// <summary>An exclusive lock for what takes a moment. flock(2)</summary>
internal static class FileLock
{
    private const int PatienceMilliseconds = 10_000;
    private const long PollNanoseconds = 1_000_000;

    /// <summary>Takes it, and waits for that as long as other processes may need; whoever has stopped with it is not waited for without an end.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="RuntimeError">It was not free in time; the message names the holder where the kernel tells it.</exception>
    public static void Take(Fd file, string path, int timeoutMilliseconds = PatienceMilliseconds)
    {
        long end = 0;
        while (true)
        {
            SyscallResult locked = Files.Lock(file, LockOperation.Exclusive | LockOperation.NonBlocking);
            if (locked.Errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                locked.OrThrow($"flock {path}");
                return;
            }

            long now = Polling.MonotonicNanoseconds();
            end = end == 0 ? now + (timeoutMilliseconds * 1_000_000L) : end;
            if (now >= end)
            {
                string holder = LockHolder.Of(file) is { } pid ? $" by process {ProcessNames.Describe([pid])}" : "";
                throw new RuntimeError($"{path} is locked{holder}: try again");
            }

            Polling.Sleep(PollNanoseconds);
        }
    }
}
