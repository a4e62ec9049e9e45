using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// clone(2) for clone3, which Linux has since 5.3 and which filters of system calls forbid most often, as they cannot look into its argument. What
/// it cannot be told, the new process does itself before all else: it enters its cgroup, and its namespace of cgroups only then. A time namespace,
/// for which clone(2) has no bit left, this process makes for the new one; that of a new user namespace cannot be made so.
/// </summary>
internal static unsafe class ClassicClone
{
    /// <summary>
    /// Clones as <see cref="Processes.Clone3"/> does, but gives no pidfd: who asks for one opens it, as only a process in the pid namespace of its
    /// /proc can. In the new process the value is 0.
    /// </summary>
    /// <param name="arguments">Flags, exit signal and cgroup of it are looked at.</param>
    internal static SyscallResult Start(CloneArguments* arguments)
    {
        const ulong own = (ulong)(CloneFlags.Pidfd | CloneFlags.IntoCgroup | CloneFlags.ClearSignalHandlers);
        ulong flags = arguments->Flags & ~own;
        bool intoCgroup = (arguments->Flags & (ulong)CloneFlags.IntoCgroup) != 0;
        bool intoClocks = (flags & (ulong)NamespaceKinds.Time) != 0;
        return intoClocks ? IntoTimeNamespace(flags, arguments) : intoCgroup ? IntoCgroup(flags, arguments) : Clone(flags, arguments->ExitSignal);
    }

    /// <summary>A time namespace that is made is one for processes that are cloned from then on: this process takes its own back at once. Kernel 5.6</summary>
    private static SyscallResult IntoTimeNamespace(ulong flags, CloneArguments* arguments)
    {
        if ((flags & (ulong)NamespaceKinds.User) != 0)
        {
            return NewerCalls.Refuse(SyscallNumber.clone3);
        }

        byte* name = stackalloc byte[Procfs.LongestPath];
        SyscallResult own = Files.OpenAt(Fd.CurrentDirectory, Procfs.Path(name, "/proc/self/ns/time"u8, -1, default), OpenFlags.ReadOnly);
        SyscallResult made = own.Failed ? own : Namespaces.Unshare(NamespaceKinds.Time);
        if (made.Failed)
        {
            Files.Close(own.Fd);
            return own.Errno == Errno.ENOENT ? SyscallResult.Failure(Errno.EINVAL) : made;
        }

        flags &= ~(ulong)NamespaceKinds.Time;
        bool intoCgroup = (arguments->Flags & (ulong)CloneFlags.IntoCgroup) != 0;
        SyscallResult cloned = intoCgroup ? IntoCgroup(flags, arguments) : Clone(flags, arguments->ExitSignal);
        if (cloned is { Failed: false, Value: 0 })
        {
            Files.Close(own.Fd);
            return cloned;
        }

        SyscallResult returned = Namespaces.Enter(own.Fd, NamespaceKinds.Time);
        Files.Close(own.Fd);
        if (!cloned.Failed && returned.Failed)
        {
            End((int)cloned.Value);
            return returned;
        }

        return cloned;
    }

    /// <summary>The new process enters the cgroup and says whether it could; it goes on only then.</summary>
    private static SyscallResult IntoCgroup(ulong flags, CloneArguments* arguments)
    {
        byte* name = stackalloc byte[13];
        ReadOnlySpan<byte> text = "cgroup.procs"u8;
        for (var i = 0; i < text.Length; i++)
        {
            name[i] = text[i];
        }

        name[text.Length] = 0;
        SyscallResult file = Files.OpenAt(new Fd((int)arguments->Cgroup), CString.Borrow(name, text.Length), OpenFlags.WriteOnly);
        if (file.Failed)
        {
            return file;
        }

        SyscallResult piped = Descriptors.Pipe(out Fd read, out Fd write, 0);
        SyscallResult cloned = piped.Failed ? piped : Clone(flags & ~(ulong)NamespaceKinds.Cgroup, arguments->ExitSignal);
        if (cloned is { Failed: false, Value: 0 })
        {
            EnterCgroup(file.Fd, read, write, (flags & (ulong)NamespaceKinds.Cgroup) != 0);
            return cloned;
        }

        Files.Close(file.Fd);
        Files.Close(write);
        int errno = (int)Errno.EPIPE;
        if (!cloned.Failed)
        {
            SyscallResult told;
            do
            {
                told = Files.Read(read, new Span<byte>(&errno, sizeof(int)));
            }
            while (told.Errno == Errno.EINTR);
        }

        Files.Close(read);
        if (cloned.Failed || errno == 0)
        {
            return cloned;
        }

        End((int)cloned.Value);
        return SyscallResult.Failure((Errno)errno);
    }

    /// <summary>In the new process. Does not return where it may not enter.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EnterCgroup(Fd file, Fd read, Fd write, bool makeNamespace)
    {
        Files.Close(read);
        byte self = (byte)'0';
        SyscallResult entered = Files.Write(file, new ReadOnlySpan<byte>(&self, 1));
        Files.Close(file);
        entered = entered.Failed || !makeNamespace ? entered : Namespaces.Unshare(NamespaceKinds.Cgroup);
        int errno = (int)entered.Errno;
        Files.Write(write, new ReadOnlySpan<byte>(&errno, sizeof(int)));
        Files.Close(write);
        if (entered.Failed)
        {
            Processes.Exit(1);
        }
    }

    /// <summary>
    /// <c>clone(flags | signal, NULL, NULL, ...)</c>: a copy of this thread alone, that goes on here. The arguments after the second are in another
    /// order on some processors; none of them is used. clone(2)
    /// </summary>
    private static SyscallResult Clone(ulong flags, ulong exitSignal) => Kernel.Call(SyscallNumber.clone, (nint)(flags | exitSignal));

    /// <summary>Ends a child that cannot be used, and waits for that.</summary>
    internal static void End(int pid)
    {
        Processes.Kill(pid, (int)Signal.SIGKILL);
        SyscallResult waited;
        do
        {
            waited = Processes.WaitChild(pid, out _);
        }
        while (waited.Errno == Errno.EINTR);
    }
}
