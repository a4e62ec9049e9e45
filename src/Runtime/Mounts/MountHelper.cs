using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Starts the process that opens for a container process what that one cannot open itself. It has our rights and stands among the
/// container's mounts; a few milliseconds later, when the last of them is lent, it ends.
/// </summary>
internal sealed class MountHelper : IDisposable
{
    private OwnedFd? _borrower;
    private OwnedFd? _mountHelper;
    private ClonedProcess? _process;

    /// <summary>Makes the way, before the container process is born: it inherits its end.</summary>
    public void Open(Slots slots)
    {
        Sockets.Pair(out Fd borrower, out Fd lender, SocketType.SequencedPacket).OrThrow("socketpair");
        _borrower = new OwnedFd(borrower.Number);
        _mountHelper = new OwnedFd(lender.Number);
        slots[Slot.MountHelper] = borrower;
    }

    /// <summary>Starts the lender for a container process that has its mount namespace.</summary>
    /// <param name="mounts">What it lends, in order.</param>
    /// <param name="pid">The container process.</param>
    /// <param name="container">The container process's slots: of them the lender must keep nothing open.</param>
    public void Start(ImmutableArray<HostMount> mounts, int pid, Slots container)
    {
        _borrower!.Dispose();
        using var owners = new OwnerNamespaces(pid);
        using OwnedFd inside = Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/mnt"));
        using OwnedFd outside = Open("/proc/self/ns/mnt");
        var slots = new Slots
        {
            [Slot.Channel] = _mountHelper!,
            [Slot.MountNamespace] = inside,
            [Slot.HostMountNamespace] = outside,

            // With our end of the container's lane open in the lender, the container process would not notice our death.
            [Slot.HostChannel] = container[Slot.HostChannel],
        };
        _process = Clone.Start(Operations(mounts, owners), slots, new CloneContext(NamespaceKinds.None, [], Fd.None));
        _mountHelper!.Dispose();
    }

    public void Dispose()
    {
        _borrower?.Dispose();
        _mountHelper?.Dispose();
        if (_process is not null)
        {
            // It has ended, or has nobody left to serve.
            Processes.SendSignal(_process.Process, (int)Signal.SIGKILL);
            Processes.Wait(_process.Process, WaitOptions.Exited, out _);
            _process.Process.Dispose();
            _process = null;
        }
    }

    private static Operation[] Operations(ImmutableArray<HostMount> mounts, OwnerNamespaces owners)
    {
        var operations = new List<Operation>();
        Slot at = Slot.HostMountNamespace;
        foreach (HostMount lent in mounts)
        {
            Slot wanted = lent.FromHost ? Slot.HostMountNamespace : Slot.MountNamespace;
            if (wanted != at)
            {
                operations.Add(new JoinNamespace(wanted, NamespaceKinds.Mount));
                at = wanted;
            }

            Fd mapped = lent.Owners is { } mapping ? owners.Of(mapping) : Fd.None;
            CString source = lent.Source is { } path ? new CString(path) : default;
            operations.Add(new OpenHostMount(source, lent.Recursive, lent.NoFollow, mapped, lent.Owners is { Below: true }));
        }

        return [.. operations];
    }

    private static OwnedFd Open(string path) => Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly).OwnedOrThrow($"open {path}");
}
