using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>The descriptors of a container process, by slot. The process is cloned with a copy of the host's table.</summary>
public sealed class Slots
{
    private readonly int[] _numbers = new int[(int)Slot.Count];

    /// <summary>Every slot is empty.</summary>
    public Slots() => Array.Fill(_numbers, -1);

    /// <summary>What is behind <see cref="Slot.SeccompHandshake"/>; null when the plan loads no filter.</summary>
    public SeccompHandshake? SeccompHandshake { get; set; }

    /// <summary>Where the process notes the time of each step; null when nobody wants to know.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>The descriptor in a slot, or <see cref="Fd.None"/>.</summary>
    public Fd this[Slot slot]
    {
        get => new(_numbers[(int)slot]);
        set => _numbers[(int)slot] = value.Number;
    }
}

/// <summary>How a container process is to be cloned.</summary>
/// <param name="New">Namespaces made for it.</param>
/// <param name="Borrowed">Namespaces that the host enters while it is cloned: slot and kind.</param>
/// <param name="Cgroup">The v2 cgroup it is cloned into, or none. CLONE_INTO_CGROUP, Linux 5.7</param>
public sealed record CloneContext(NamespaceKinds New, IReadOnlyList<(Slot Slot, NamespaceKinds Kind)> Borrowed, Fd Cgroup);

/// <summary>A container process that has been started.</summary>
/// <param name="Pid">As the host numbers it.</param>
/// <param name="Process">Its pidfd.</param>
public sealed record ClonedProcess(int Pid, OwnedFd Process);

/// <summary>Clones this process into a container process, which carries out its operations and nothing else.</summary>
public static class Clone
{
    /// <summary>Starts a process that carries out <paramref name="operations"/>. See README.md beside this file.</summary>
    /// <exception cref="KernelException">The process could not be made, or a namespace not be entered.</exception>
    public static ClonedProcess Start(Operation[] operations, Slots slots, CloneContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var executor = new Executor(operations, slots);
        var borrowed = new List<(OwnedFd Own, NamespaceKinds Kind)>();
        try
        {
            foreach ((Slot slot, NamespaceKinds kind) in context.Borrowed)
            {
                // The namespace to return to; of pid namespaces the one for children counts.
                if (kind == NamespaceKinds.Pid)
                {
                    // Processes of that namespace see the new one at once, while it is still in the host's mount namespace: it must not be
                    // dumpable from the beginning, and inherits that from this one (CVE-2016-9962).
                    Processes.SetDumpable(false).OrThrow("prctl PR_SET_DUMPABLE");
                }

                string path = kind == NamespaceKinds.Pid ? "/proc/thread-self/ns/pid_for_children" : $"/proc/thread-self/ns/{NamespaceNames.FileOf(kind)}";
                OwnedFd own = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly).OwnedOrThrow($"open {path}");
                borrowed.Add((own, kind));
                SyscallResult entered = slot == Slot.ContainerProcess ? Namespaces.EnterThoseOf(slots[slot], kind) : Namespaces.Enter(slots[slot], kind);
                entered.OrThrow($"setns {NamespaceNames.FileOf(kind)}");
            }

            return Call(executor, context);
        }
        finally
        {
            foreach ((OwnedFd own, NamespaceKinds kind) in borrowed)
            {
                Namespaces.Enter(own, kind).OrThrow($"setns back to the host's {NamespaceNames.FileOf(kind)} namespace");
                own.Dispose();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe ClonedProcess Call(Executor executor, CloneContext context)
    {
        int processDescriptor = -1;
        CloneArguments arguments = default;
        arguments.Flags = (ulong)context.New | (ulong)(CloneFlags.Pidfd | CloneFlags.ClearSignalHandlers);
        arguments.Pidfd = (ulong)&processDescriptor;
        arguments.ExitSignal = (ulong)Signal.SIGCHLD;
        if (context.Cgroup.IsOpen)
        {
            arguments.Flags |= (ulong)CloneFlags.IntoCgroup;
            arguments.Cgroup = (ulong)context.Cgroup.Number;
        }

        // Of a child whose end is ignored nothing is kept to be waited for, its exit status least of all.
        SignalMask ignored = Signals.Ignored();
        if (ignored.Contains((int)Signal.SIGCHLD))
        {
            Signals.ResetSignalDispositions(SignalMask.Empty.With((int)Signal.SIGCHLD)).OrThrow("rt_sigaction SIGCHLD");
        }

        // No collection is running now, and none can start: the collector is not concurrent (NativeAot.props), so it runs on the thread that
        // allocates, and that is this one; hull has no other (start.c). TryStartNoGCRegion would make it no safer: it begins with a
        // collection (17 to 22 microseconds, `soak region`), which otherwise never happens in the life of a command. The soak test forks
        // under harder conditions: with a finalizer thread, and awake.
        // No signal may find the child with a handler of the runtime's: it would run in a process without its threads.
        Signals.BlockAllSignals(out SignalMask mask).OrThrow("rt_sigprocmask");
        SyscallResult cloned = Processes.Clone3(&arguments);
        if (cloned is { Failed: false, Value: 0 })
        {
            BecomeContainer(executor, ignored);
        }

        Signals.SetSignalMask(mask).OrThrow("rt_sigprocmask");
        CopiedMemory.Renew();
        int pid = (int)cloned.OrThrow("clone3");
        return new ClonedProcess(pid, processDescriptor >= 0 ? new OwnedFd(processDescriptor) : Open(pid));
    }

    /// <summary>clone(2) gave no descriptor. It is our child and not waited for: the number is its own.</summary>
    private static OwnedFd Open(int pid)
    {
        SyscallResult opened = Processes.OpenProcess(pid);
        if (opened.Failed)
        {
            ClassicClone.End(pid);
        }

        return opened.OwnedOrThrow($"pidfd_open {pid}");
    }

    /// <summary>What the new process does first. Never returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BecomeContainer(Executor executor, SignalMask ignored)
    {
        // .NET ignores SIGPIPE and engines hand over ignored and blocked signals; the program must start with none.
        Signals.ResetSignalDispositions(Signals.HasHandlers() ? SignalMask.Full : ignored);
        Signals.SetSignalMask(default);
        executor.Run();
    }
}
