namespace Hull.Linux;

/// <summary>A system call of the host side failed. Only the executors catch it, and add what it was done for.</summary>
/// <param name="call">The call and its object: <c>mkdirat /sys/fs/cgroup/memory/x</c>.</param>
/// <param name="errno">Why.</param>
public sealed class KernelException(string call, Errno errno) : Exception($"{call}: {errno.Describe()}")
{
    /// <summary>The call and its object.</summary>
    public string Call { get; } = call;

    /// <summary>Why it failed.</summary>
    public Errno Errno { get; } = errno;
}
