namespace Hull.Linux.Tests;

/// <summary>What can never be done to a memory file again. fcntl(2), linux/fcntl.h</summary>
[Flags]
internal enum SealFlags
{
    None = 0,

    /// <summary><c>F_SEAL_SEAL</c>: add seals.</summary>
    Seal = 1,

    /// <summary><c>F_SEAL_SHRINK</c>: make it smaller.</summary>
    Shrink = 2,

    /// <summary><c>F_SEAL_GROW</c>: make it larger.</summary>
    Grow = 4,

    /// <summary><c>F_SEAL_WRITE</c>: write to it.</summary>
    Write = 8,

    /// <summary><c>F_SEAL_FUTURE_WRITE</c>: write to it other than through mappings that exist.</summary>
    FutureWrite = 16,
}

/// <summary>System calls that only tests make, to see what those of src/Linux have done.</summary>
internal static unsafe class Bindings
{
    /// <summary>
    /// <c>seccomp(SECCOMP_GET_ACTION_AVAIL, 0, action)</c>: EOPNOTSUPP when the kernel does not know it. Kernel 4.14. seccomp(2)
    /// </summary>
    internal static SyscallResult GetActionAvailable(SeccompAction action)
    {
        uint value = (uint)action;
        return Kernel.Call(SyscallNumber.seccomp, (nint)SeccompOperation.GetActionAvailable, 0, (nint)(&value));
    }

    /// <summary>
    /// <c>seccomp(SECCOMP_SET_MODE_FILTER, flags, NULL)</c>: EFAULT when the kernel knows the flags, EINVAL when not. Installs nothing.
    /// seccomp(2)
    /// </summary>
    internal static SyscallResult ProbeFlags(SeccompFilterFlags flags) =>
        Kernel.Call(SyscallNumber.seccomp, (nint)SeccompOperation.SetModeFilter, (nint)flags);

    /// <summary><c>fcntl(fd, F_SETFD, FD_CLOEXEC or 0)</c>: whether execve(2) closes it. fcntl(2)</summary>
    internal static SyscallResult SetCloseOnExec(Fd fd, bool closeOnExec) => Kernel.Call(
        SyscallNumber.fcntl, fd.Number, (nint)FileControl.SetDescriptorFlags,
        (nint)(closeOnExec ? DescriptorFlags.CloseOnExec : DescriptorFlags.None));

    /// <summary><c>fcntl(fd, F_ADD_SEALS, seals)</c>: forbid for good. EPERM when sealing is not allowed or sealed. fcntl(2)</summary>
    internal static SyscallResult AddSeals(Fd fd, SealFlags seals) =>
        Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.AddSeals, (nint)seals);

    /// <summary>
    /// <c>fcntl(fd, F_GET_SEALS)</c>: what is forbidden; the value is a <see cref="SealFlags"/>. EINVAL for other files. fcntl(2)
    /// </summary>
    internal static SyscallResult GetSeals(Fd fd) => Kernel.Call(SyscallNumber.fcntl, fd.Number, (nint)FileControl.GetSeals);

    /// <summary><c>accept4(socket, NULL, NULL, SOCK_CLOEXEC)</c>: the next connection; EINTR is retried. accept(2)</summary>
    internal static SyscallResult AcceptWaiting(Fd socket) =>
        Kernel.Wait(SyscallNumber.accept4, socket.Number, 0, 0, (nint)SocketType.CloseOnExec);

    /// <summary><c>prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0)</c>: 1 or 0. Kernel 4.3. capabilities(7)</summary>
    internal static SyscallResult IsAmbient(int capability) => Kernel.Call(
        SyscallNumber.prctl, (nint)ProcessControl.AmbientCapabilities, (nint)AmbientOperation.IsSet, capability);

    /// <summary>
    /// <c>getgroups(count, groups)</c>: the supplementary groups; the result is how many. An empty span only counts. getgroups(2)
    /// </summary>
    internal static SyscallResult GetGroups(Span<uint> groups)
    {
        fixed (uint* first = groups)
        {
            return Kernel.Call(SyscallNumber.getgroups, groups.Length, (nint)first);
        }
    }

    /// <summary><c>getuid()</c>: the real user id. getuid(2)</summary>
    internal static uint UserId() => (uint)Kernel.Call(SyscallNumber.getuid).Value;

    /// <summary><c>getgid()</c>: the real group id. getgid(2)</summary>
    internal static uint GroupId() => (uint)Kernel.Call(SyscallNumber.getgid).Value;

    /// <summary><c>prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)</c>: 1 when that was done. prctl(2)</summary>
    internal static SyscallResult GetNoNewPrivileges() =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.GetNoNewPrivileges);

    /// <summary><c>keyctl(KEYCTL_SETPERM, key, permissions)</c>: who may do what with a key. keyctl(2)</summary>
    internal static SyscallResult SetPermissions(int key, uint permissions) =>
        Kernel.Call(SyscallNumber.keyctl, (nint)KeyOperation.SetPermissions, key, (nint)permissions);

    /// <summary>
    /// <c>keyctl(KEYCTL_DESCRIBE, key, text, length)</c>: <c>type;uid;gid;permissions;description</c>, the permissions in hexadecimal; the
    /// result counts the final zero. keyctl(2)
    /// </summary>
    internal static SyscallResult Describe(int key, Span<byte> text)
    {
        fixed (byte* bytes = text)
        {
            return Kernel.Call(SyscallNumber.keyctl, (nint)KeyOperation.Describe, key, (nint)bytes, text.Length);
        }
    }

    /// <summary>
    /// <c>ioctl(namespaceFile, NS_GET_USERNS)</c>: a descriptor of the user namespace that owns it. Kernel 4.9. ioctl_ns(2)
    /// </summary>
    internal static SyscallResult UserNamespaceOf(Fd namespaceFile) =>
        Descriptors.Control(namespaceFile, (uint)NamespaceRequest.GetUserNamespace, 0);

    /// <summary><c>getppid()</c>: our parent's number; 0 when it is in another pid namespace. getpid(2)</summary>
    internal static int ParentProcessId() => (int)Kernel.Call(SyscallNumber.getppid).Value;

    /// <summary><c>gettid()</c>: the number of the calling thread. gettid(2)</summary>
    internal static int ThreadId() => (int)Kernel.Call(SyscallNumber.gettid).Value;

    /// <summary><c>prctl(PR_SET_CHILD_SUBREAPER, 0 or 1)</c>: whether orphans among our descendants become our children. prctl(2)</summary>
    internal static SyscallResult SetChildSubreaper(bool subreaper) =>
        Kernel.Call(SyscallNumber.prctl, (nint)ProcessControl.SetChildSubreaper, subreaper ? 1 : 0);

    /// <summary>
    /// <c>sched_getaffinity(pid, length, mask)</c>: on which processors; the result is the number of bytes written. The length must be a
    /// multiple of 8 and not too small (EINVAL). sched_setaffinity(2)
    /// </summary>
    internal static SyscallResult GetAffinity(int pid, Span<byte> mask)
    {
        fixed (byte* bytes = mask)
        {
            return Kernel.Call(SyscallNumber.sched_getaffinity, pid, mask.Length, (nint)bytes);
        }
    }

    /// <summary><c>sched_getattr(pid, attributes, sizeof, 0)</c>: the same, asked. sched_setattr(2)</summary>
    internal static SyscallResult GetScheduler(int pid, out SchedulingAttributes attributes)
    {
        SchedulingAttributes answer = default;
        var result = Kernel.Call(SyscallNumber.sched_getattr, pid, (nint)(&answer), sizeof(SchedulingAttributes));
        attributes = answer;
        return result;
    }

    /// <summary><c>ioprio_get(IOPRIO_WHO_PROCESS, pid)</c>: the class in bit 13 and above, the level below. ioprio_set(2)</summary>
    internal static SyscallResult GetIoPriority(int pid) =>
        Kernel.Call(SyscallNumber.ioprio_get, (nint)IoPriorityTarget.Process, pid);

    /// <summary><c>rt_sigprocmask(SIG_BLOCK, NULL, mask, 8)</c>: what is blocked now. sigprocmask(2)</summary>
    internal static SyscallResult GetSignalMask(out SignalMask mask)
    {
        ulong bits = 0;
        var result = Kernel.Call(SyscallNumber.rt_sigprocmask, (nint)SignalMaskChange.Block, 0, (nint)(&bits), sizeof(ulong));
        mask = new SignalMask(bits);
        return result;
    }

    /// <summary>
    /// <c>openat(directory, path, O_RDWR | O_NOCTTY | O_CLOEXEC)</c>: a new pseudo-terminal; the path is <c>ptmx</c> of the devpts instance
    /// it belongs to. pty(7)
    /// </summary>
    internal static SyscallResult OpenMaster(Fd directory, CString path) =>
        Files.OpenAt(directory, path, OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);

    /// <summary><c>ioctl(socket, SIOCGIFFLAGS, {"lo"})</c>: the state of the loopback interface. netdevice(7)</summary>
    internal static SyscallResult LoopbackFlags(Fd socket, out InterfaceFlags flags)
    {
        InterfaceQuery query = default;
        query.Name[0] = (byte)'l';
        query.Name[1] = (byte)'o';
        var result = Descriptors.Control(socket, (uint)InterfaceRequest.GetFlags, (nint)(&query));
        flags = query.Flags;
        return result;
    }
}
