using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The container process (config.md, "Process").</summary>
[Document]
public sealed record Process
{
    /// <summary>Whether a new pseudo-terminal becomes its standard streams; absent means false (TTY-01).</summary>
    public bool? Terminal { get; init; }

    /// <summary>The size of that terminal; ignored without one (TTY-03).</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>The working directory, absolute (PROC-02).</summary>
    [WhenMissing(nameof(Rules.WorkingDirectoryIsAbsolute))]
    public required string Cwd { get; init; }

    /// <summary>The environment, as <c>NAME=value</c> (PROC-04).</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The program and its arguments, at least one entry (PROC-05).</summary>
    [WhenMissing(nameof(Rules.ArgumentsAreGiven))]
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>Limits as of setrlimit(2) (RLIM-01).</summary>
    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    /// <summary>The AppArmor profile entered at exec (LSM-01).</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>The capability sets; absent means five empty sets (CAP-04).</summary>
    public Capabilities? Capabilities { get; init; }

    /// <summary>Whether no_new_privs is set; absent means false (PROC-07).</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>The OOM score adjustment, -1000 to 1000; absent means leave it alone (PROC-08).</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>The scheduling policy (SCHED-01).</summary>
    public Scheduler? Scheduler { get; init; }

    /// <summary>The SELinux label entered at exec (LSM-02).</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>The I/O priority (IOP-01).</summary>
    public IoPriority? IoPriority { get; init; }

    /// <summary>The processors of a process that joins the container later (AFF-01).</summary>
    [JsonPropertyName("execCPUAffinity")]
    public ExecCpuAffinity? ExecCpuAffinity { get; init; }

    /// <summary>The user and groups; absent means root and no other groups, as with the other runtimes.</summary>
    public User? User { get; init; }
}

/// <summary>The size of a terminal in characters (TTY-03).</summary>
[WhenMissing(nameof(Rules.ConsoleSizeIsComplete))]
public sealed record ConsoleSize
{
    /// <summary>The number of lines.</summary>
    public required uint Height { get; init; }

    /// <summary>The number of columns.</summary>
    public required uint Width { get; init; }
}

/// <summary>The user a process runs as; all ids are those of the container's user namespace (USR-01).</summary>
[WhenMissing(nameof(Rules.UserIsComplete))]
public sealed record User
{
    /// <summary>The user id (USR-01).</summary>
    public required uint Uid { get; init; }

    /// <summary>The group id (USR-01).</summary>
    public required uint Gid { get; init; }

    /// <summary>The file mode creation mask, written in decimal in the document (USR-02).</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary group ids (USR-03).</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}

/// <summary>A limit of getrlimit(2) (RLIM-01); the largest value of 64 bits means unlimited (RLIM-04).</summary>
[WhenMissing(nameof(Rules.RlimitIsComplete))]
public sealed record Rlimit
{
    /// <summary>The resource (RLIM-02).</summary>
    [WhenUnknown(nameof(Rules.RlimitIsSettable))]
    public required RlimitType Type { get; init; }

    /// <summary>The value the kernel enforces.</summary>
    public required ulong Soft { get; init; }

    /// <summary>The ceiling an unprivileged process may raise the soft limit to.</summary>
    public required ulong Hard { get; init; }
}

/// <summary>The resources of getrlimit(2); in the document with the prefix <c>RLIMIT_</c> (RLIM-02).</summary>
[UpperCaseNames("RLIMIT_")]
[JsonConverter(typeof(SpecNameConverter<RlimitType>))]
public enum RlimitType
{
    /// <summary>Size of the address space, bytes.</summary>
    As,

    /// <summary>Size of a core file, bytes.</summary>
    Core,

    /// <summary>Processor time, seconds.</summary>
    Cpu,

    /// <summary>Size of the data segment, bytes.</summary>
    Data,

    /// <summary>Size of a file the process writes, bytes.</summary>
    Fsize,

    /// <summary>Number of file locks.</summary>
    Locks,

    /// <summary>Locked memory, bytes.</summary>
    Memlock,

    /// <summary>POSIX message queues of the user, bytes.</summary>
    Msgqueue,

    /// <summary>Ceiling of the nice value, as 20 minus nice.</summary>
    Nice,

    /// <summary>Highest descriptor number plus one.</summary>
    Nofile,

    /// <summary>Number of processes of the user.</summary>
    Nproc,

    /// <summary>Resident set, pages; without effect today.</summary>
    Rss,

    /// <summary>Ceiling of the real-time priority.</summary>
    Rtprio,

    /// <summary>Processor time between blocking calls under a real-time policy, microseconds.</summary>
    Rttime,

    /// <summary>Number of queued signals of the user.</summary>
    Sigpending,

    /// <summary>Size of the stack, bytes.</summary>
    Stack,
}
