namespace Hull.Linux;

/// <summary>What a new process shares with, or tells, its parent. clone(2), linux/sched.h</summary>
[Flags]
public enum CloneFlags : ulong
{
    /// <summary>A process with everything copied, as fork(2) makes it.</summary>
    None = 0,
    /// <summary><c>CLONE_PIDFD</c>: give the parent a descriptor of the child.</summary>
    Pidfd = 0x1000,
    /// <summary><c>CLONE_VFORK</c>: the parent waits for execve(2) or the end.</summary>
    WaitForExecute = 0x4000,
    /// <summary><c>CLONE_PARENT</c>: a sibling rather than a child.</summary>
    Sibling = 0x8000,
    /// <summary><c>CLONE_CLEAR_SIGHAND</c>: handlers become default, ignored signals stay ignored. Kernel 5.5.</summary>
    ClearSignalHandlers = 0x100000000,
    /// <summary><c>CLONE_INTO_CGROUP</c>: start in a v2 cgroup. Kernel 5.7.</summary>
    IntoCgroup = 0x200000000,
}

/// <summary>What prctl is asked. prctl(2), linux/prctl.h</summary>
internal enum ProcessControl
{
    /// <summary><c>PR_SET_PDEATHSIG</c></summary>
    SetParentDeathSignal = 1,
    /// <summary><c>PR_GET_DUMPABLE</c></summary>
    GetDumpable = 3,
    /// <summary><c>PR_SET_DUMPABLE</c></summary>
    SetDumpable = 4,
    /// <summary><c>PR_SET_KEEPCAPS</c></summary>
    SetKeepCapabilities = 8,
    /// <summary><c>PR_SET_NAME</c></summary>
    SetName = 15,
    /// <summary><c>PR_CAPBSET_READ</c></summary>
    ReadBoundingSet = 23,
    /// <summary><c>PR_CAPBSET_DROP</c></summary>
    DropFromBoundingSet = 24,
    /// <summary><c>PR_SET_SECUREBITS</c></summary>
    SetSecureBits = 28,
    /// <summary><c>PR_SET_CHILD_SUBREAPER</c></summary>
    SetChildSubreaper = 36,
    /// <summary><c>PR_SET_NO_NEW_PRIVS</c></summary>
    SetNoNewPrivileges = 38,
    /// <summary><c>PR_GET_NO_NEW_PRIVS</c></summary>
    GetNoNewPrivileges = 39,
    /// <summary><c>PR_CAP_AMBIENT</c></summary>
    AmbientCapabilities = 47,
}

/// <summary>What <see cref="ProcessControl.AmbientCapabilities"/> does. capabilities(7), linux/prctl.h</summary>
internal enum AmbientOperation
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>PR_CAP_AMBIENT_IS_SET</c></summary>
    IsSet = 1,
    /// <summary><c>PR_CAP_AMBIENT_RAISE</c></summary>
    Raise = 2,
    /// <summary><c>PR_CAP_AMBIENT_LOWER</c></summary>
    Lower = 3,
    /// <summary><c>PR_CAP_AMBIENT_CLEAR_ALL</c></summary>
    ClearAll = 4,
}

/// <summary>What is waited for. waitid(2), linux/wait.h</summary>
[Flags]
public enum WaitOptions
{
    /// <summary>Nothing: EINVAL.</summary>
    None = 0,
    /// <summary><c>WNOHANG</c>: don't wait; the process number 0 says that there was nothing.</summary>
    NoHang = 1,
    /// <summary><c>WSTOPPED</c>: it was stopped by a signal.</summary>
    Stopped = 2,
    /// <summary><c>WEXITED</c>: it ended.</summary>
    Exited = 4,
    /// <summary><c>WCONTINUED</c>: it was continued.</summary>
    Continued = 8,
    /// <summary><c>WNOWAIT</c>: leave it waitable.</summary>
    NoWait = 0x1000000,
}

/// <summary>Whom waitid waits for. waitid(2), linux/wait.h</summary>
internal enum WaitTarget
{
    /// <summary><c>P_ALL</c></summary>
    Any = 0,
    /// <summary><c>P_PID</c></summary>
    Process = 1,
    /// <summary><c>P_PIDFD</c>: kernel 5.4.</summary>
    Pidfd = 3,
}

/// <summary>How a process ended. waitid(2), asm-generic/siginfo.h</summary>
internal enum ChildEvent
{
    /// <summary>Nothing happened.</summary>
    None = 0,
    /// <summary><c>CLD_EXITED</c></summary>
    Exited = 1,
    /// <summary><c>CLD_KILLED</c></summary>
    Killed = 2,
    /// <summary><c>CLD_DUMPED</c></summary>
    Dumped = 3,
}

/// <summary>How a pidfd is opened. pidfd_open(2), linux/pidfd.h</summary>
[Flags]
public enum PidfdFlags
{
    /// <summary>Waiting waits.</summary>
    None = 0,
    /// <summary><c>PIDFD_NONBLOCK</c>: waiting for it is EAGAIN. Kernel 5.10.</summary>
    NonBlocking = 0x800,
}

/// <summary>What can be limited. getrlimit(2), asm-generic/resource.h</summary>
public enum ResourceLimit
{
    /// <summary><c>RLIMIT_CPU</c>: seconds of processor time.</summary>
    ProcessorTime = 0,
    /// <summary><c>RLIMIT_FSIZE</c>: bytes in a file.</summary>
    FileSize = 1,
    /// <summary><c>RLIMIT_DATA</c>: bytes of data.</summary>
    Data = 2,
    /// <summary><c>RLIMIT_STACK</c>: bytes of stack.</summary>
    Stack = 3,
    /// <summary><c>RLIMIT_CORE</c>: bytes in a core file.</summary>
    Core = 4,
    /// <summary><c>RLIMIT_RSS</c>: without effect.</summary>
    ResidentSet = 5,
    /// <summary><c>RLIMIT_NPROC</c>: processes of the user.</summary>
    Processes = 6,
    /// <summary><c>RLIMIT_NOFILE</c>: open files.</summary>
    OpenFiles = 7,
    /// <summary><c>RLIMIT_MEMLOCK</c>: bytes of locked memory.</summary>
    LockedMemory = 8,
    /// <summary><c>RLIMIT_AS</c>: bytes of address space.</summary>
    AddressSpace = 9,
    /// <summary><c>RLIMIT_LOCKS</c>: without effect.</summary>
    Locks = 10,
    /// <summary><c>RLIMIT_SIGPENDING</c>: queued signals.</summary>
    PendingSignals = 11,
    /// <summary><c>RLIMIT_MSGQUEUE</c>: bytes in POSIX message queues.</summary>
    MessageQueueBytes = 12,
    /// <summary><c>RLIMIT_NICE</c>: 20 minus the lowest nice value.</summary>
    Nice = 13,
    /// <summary><c>RLIMIT_RTPRIO</c>: the highest real-time priority.</summary>
    RealTimePriority = 14,
    /// <summary><c>RLIMIT_RTTIME</c>: microseconds of real-time scheduling.</summary>
    RealTimeTimeout = 15,
}

/// <summary>What kind of system a program believes to run on. personality(2), linux/personality.h</summary>
[Flags]
public enum ExecutionDomain : uint
{
    /// <summary><c>PER_LINUX</c></summary>
    Linux = 0,
    /// <summary><c>PER_LINUX32</c>: uname(2) tells of a 32-bit machine.</summary>
    Linux32 = 8,
    /// <summary><c>ADDR_NO_RANDOMIZE</c></summary>
    NoAddressRandomization = 0x40000,
}
