using System.Diagnostics.CodeAnalysis;

namespace Hull.Linux;

/// <summary>Processes: making, replacing, ending and identifying them.</summary>
public static unsafe partial class Processes
{
    /// <summary>
    /// <c>clone3(arguments, sizeof)</c>: a new process; 0 in the child, its number in the parent. Kernel 5.3, 5.7 with a cgroup; before that
    /// <see cref="ClassicClone"/>. The child is a copy of this thread only: src/Linux/Child/README.md says what it may do. clone3(2)
    /// </summary>
    internal static SyscallResult Clone3(CloneArguments* arguments)
    {
        SyscallResult cloned = NewerCalls.IsMissing(SyscallNumber.clone3)
            ? SyscallResult.Failure(Errno.ENOSYS)
            : Kernel.Call(SyscallNumber.clone3, (nint)arguments, sizeof(CloneArguments));
        if (NewerCalls.Lacks(SyscallNumber.clone3, cloned))
        {
            return ClassicClone.Start(arguments);
        }

        // Before 5.5 and 5.7 the call is there, and takes neither the one flag nor the larger argument of the other.
        bool newer = (arguments->Flags & (ulong)(CloneFlags.IntoCgroup | CloneFlags.ClearSignalHandlers)) != 0;
        return newer && cloned.Errno is Errno.EINVAL or Errno.E2BIG ? ClassicClone.Start(arguments) : cloned;
    }

    /// <summary>
    /// <c>setsid()</c>: lead a new session, without a controlling terminal. EPERM for the leader of a process group. setsid(2)
    /// </summary>
    public static SyscallResult NewSession() => Kernel.Call(SyscallNumber.setsid);

    /// <summary><c>exit_group(status)</c>: end, without running anything of C's or .NET's. exit_group(2)</summary>
    [DoesNotReturn]
    public static void Exit(int status)
    {
        while (true)
        {
            Kernel.Call(SyscallNumber.exit_group, status);
        }
    }

    /// <summary><c>execve(path, arguments, environment)</c>: become another program; returns only when that failed. execve(2)</summary>
    public static SyscallResult Execute(CString path, CStringArray arguments, CStringArray environment) =>
        Kernel.Call(SyscallNumber.execve, path.Address, arguments.Address, environment.Address);

    /// <summary><c>getpid()</c>: our number in our pid namespace. getpid(2)</summary>
    public static int ProcessId() => (int)Kernel.Call(SyscallNumber.getpid).Value;

    /// <summary><c>getpgid(pid)</c>: the process group of a process; 0 is us. getpgid(2)</summary>
    public static SyscallResult GroupOf(int pid) => Kernel.Call(SyscallNumber.getpgid, pid);

    /// <summary>
    /// <c>pidfd_open(pid, flags)</c>: a descriptor of a process, always close-on-exec. Kernel 5.3; before that its directory in procfs, which
    /// cannot be polled. pidfd_open(2)
    /// </summary>
    public static SyscallResult OpenProcess(int pid, PidfdFlags flags = PidfdFlags.None)
    {
        SyscallResult opened = Kernel.Call(SyscallNumber.pidfd_open, pid, (nint)flags);
        return NewerCalls.Lacks(SyscallNumber.pidfd_open, opened) ? ProcessDescriptors.Open(pid) : opened;
    }

    /// <summary>The descriptor of a process is a pidfd, which others can be given. Asks nothing where pidfds are.</summary>
    public static SyscallResult RequirePidfd(Fd process) =>
        ProcessDescriptors.IsDirectory(process) ? NewerCalls.Refuse(SyscallNumber.pidfd_open) : default;

    /// <summary><c>pidfd_getfd(pidfd, number, 0)</c>: a copy of a descriptor of another process. Kernel 5.6. pidfd_getfd(2)</summary>
    public static SyscallResult CopyDescriptor(Fd pidfd, int number)
    {
        SyscallResult needed = RequirePidfd(pidfd);
        SyscallResult copied = needed.Failed ? needed : Kernel.Call(SyscallNumber.pidfd_getfd, pidfd.Number, number);
        return NewerCalls.Lacks(SyscallNumber.pidfd_getfd, copied) ? NewerCalls.Refuse(SyscallNumber.pidfd_getfd) : copied;
    }

    /// <summary>
    /// <c>pidfd_send_signal(pidfd, signal, NULL, 0)</c>: a signal to exactly that process; 0 only asks. Kernel 5.1; before that kill.
    /// pidfd_send_signal(2)
    /// </summary>
    public static SyscallResult SendSignal(Fd pidfd, int signal)
    {
        SyscallResult sent = Kernel.Call(SyscallNumber.pidfd_send_signal, pidfd.Number, signal);
        return NewerCalls.Lacks(SyscallNumber.pidfd_send_signal, sent) ? ProcessDescriptors.Signal(pidfd, signal) : sent;
    }

    /// <summary><c>kill(pid, signal)</c>: a signal to the process that has that number now; 0 only asks whether there is one. kill(2)</summary>
    public static SyscallResult Kill(int pid, int signal) => Kernel.Call(SyscallNumber.kill, pid, signal);

    /// <summary><c>prctl(PR_SET_DUMPABLE, 0 or 1)</c>: whether others of the same user may look into us. prctl(2)</summary>
    public static SyscallResult SetDumpable(bool dumpable) =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.SetDumpable, dumpable ? 1 : 0);

    /// <summary><c>prlimit(pid, which, {soft, hard}, NULL)</c>: set a limit; pid 0 is us. prlimit(2)</summary>
    public static SyscallResult SetResourceLimit(int pid, ResourceLimit which, ulong soft, ulong hard)
    {
        ResourceLimitValues values;
        values.Soft = soft;
        values.Hard = hard;
        return Kernel.Call(SyscallNumber.prlimit64, pid, (nint)which, (nint)(&values));
    }

    /// <summary>
    /// <c>prlimit(pid, which, NULL, {soft, hard})</c>: ask for a limit; pid 0 is us; ulong.MaxValue is unlimited. prlimit(2)
    /// </summary>
    public static SyscallResult GetResourceLimit(int pid, ResourceLimit which, out ulong soft, out ulong hard)
    {
        ResourceLimitValues values = default;
        var result = Kernel.Call(SyscallNumber.prlimit64, pid, (nint)which, 0, (nint)(&values));
        soft = values.Soft;
        hard = values.Hard;
        return result;
    }

    /// <summary><c>personality(domain)</c>: set the execution domain; the result is the old one. personality(2)</summary>
    public static SyscallResult SetPersonality(ExecutionDomain domain) => Kernel.Call(SyscallNumber.personality, (nint)(uint)domain);
}

/// <summary><c>struct rlimit64</c>. prlimit(2), linux/resource.h</summary>
internal struct ResourceLimitValues
{
    /// <summary><c>rlim_cur</c></summary>
    internal ulong Soft;

    /// <summary><c>rlim_max</c></summary>
    internal ulong Hard;
}

/// <summary>
/// <c>struct clone_args</c> in its second enlargement (88 bytes, kernel 5.7). Every field not set must be zero: start from
/// <c>default</c>. clone(2), linux/sched.h
/// </summary>
internal struct CloneArguments
{
    /// <summary><c>flags</c>: <see cref="CloneFlags"/> and <see cref="NamespaceKinds"/> together.</summary>
    internal ulong Flags;

    /// <summary><c>pidfd</c>: where the kernel writes the descriptor, an int.</summary>
    internal ulong Pidfd;

    /// <summary><c>child_tid</c>: where the child finds its own number.</summary>
    internal ulong ChildThreadId;

    /// <summary><c>parent_tid</c>: where the parent finds the child's number.</summary>
    internal ulong ParentThreadId;

    /// <summary><c>exit_signal</c>: what the parent gets at the end; 17 is SIGCHLD.</summary>
    internal ulong ExitSignal;

    /// <summary><c>stack</c>: the lowest address of a new stack; 0 goes on with a copy of ours.</summary>
    internal ulong Stack;

    /// <summary><c>stack_size</c></summary>
    internal ulong StackSize;

    /// <summary><c>tls</c></summary>
    internal ulong ThreadLocalStorage;

    /// <summary><c>set_tid</c>: process numbers to take, an array of int, innermost namespace first.</summary>
    internal ulong SetThreadIds;

    /// <summary><c>set_tid_size</c>: how many.</summary>
    internal ulong SetThreadIdCount;

    /// <summary><c>cgroup</c>: a descriptor of the v2 cgroup to start in.</summary>
    internal ulong Cgroup;
}
