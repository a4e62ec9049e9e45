using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Starts the process that opens for a container process what that one cannot open itself. It has our rights and stands among the
/// container's mounts; a few milliseconds later, when the last of them is sent, it ends.
/// </summary>
internal sealed class MountHelper : IDisposable
{
    private OwnedFd? _containerEnd;
    private OwnedFd? _helperEnd;
    private ClonedProcess? _process;

    /// <summary>Makes the channel, before the container process is cloned: it inherits its end.</summary>
    public void Open(Slots slots)
    {
        Sockets.Pair(out Fd container, out Fd helper, SocketType.SequencedPacket).OrThrow("socketpair");
        _containerEnd = new OwnedFd(container.Number);
        _helperEnd = new OwnedFd(helper.Number);
        slots[Slot.MountHelper] = container;
    }

    /// <summary>Starts the helper for a container process that has its mount namespace.</summary>
    /// <param name="mounts">What it opens, in order.</param>
    /// <param name="pid">The container process.</param>
    /// <param name="container">The container process's slots: of them the helper must keep nothing open.</param>
    /// <param name="inOwnMounts">It stands among a copy of the host's mounts that is its own: the container process has none that it may use.</param>
    public void Start(ImmutableArray<HostMount> mounts, int pid, Slots container, bool inOwnMounts = false)
    {
        _containerEnd!.Dispose();
        using var owners = new OwnerNamespaces(pid);
        using OwnedFd inside = Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/mnt"));
        using OwnedFd outside = Open("/proc/self/ns/mnt");
        var slots = new Slots
        {
            [Slot.Channel] = _helperEnd!,
            [Slot.MountNamespace] = inside,
            [Slot.HostMountNamespace] = outside,

            // With our end of the container's channel open in the helper, the container process would not notice our death.
            [Slot.HostChannel] = container[Slot.HostChannel],
        };
        _process = Clone.Start(Operations(mounts, owners, inOwnMounts), slots, new CloneContext(NamespaceKinds.None, [], Fd.None));
        _helperEnd!.Dispose();
    }

    /// <summary>Ends the helper: it has done its work, or the container process has ended.</summary>
    /// <exception cref="RuntimeError">It does not die: what it opens is on a file server that does not answer.</exception>
    public void Stop()
    {
        _containerEnd?.Dispose();
        _helperEnd?.Dispose();
        if (_process is { } process)
        {
            _process = null;
            using (process.Process)
            {
                ProcessEnd.Kill(process);
            }
        }
    }

    public void Dispose()
    {
        _containerEnd?.Dispose();
        _helperEnd?.Dispose();
        if (_process is { } process)
        {
            Processes.SendSignal(process.Process, (int)Signal.SIGKILL);
            process.Process.Dispose();
        }
    }

    private static Operation[] Operations(ImmutableArray<HostMount> mounts, OwnerNamespaces owners, bool inOwnMounts)
    {
        var operations = new List<Operation>();
        Slot at = Slot.HostMountNamespace;
        if (inOwnMounts)
        {
            // So that what is opened does not give mounts back to the host, as in a new container.
            operations.Add(new MakeNamespaces(NamespaceKinds.Mount));
            operations.Add(new SetPropagation("/", MountFlags.Slave | MountFlags.Recursive));
            at = Slot.MountNamespace;
        }

        foreach (HostMount mount in mounts)
        {
            Slot wanted = mount.FromHost ? Slot.HostMountNamespace : Slot.MountNamespace;
            if (wanted != at)
            {
                operations.Add(new JoinNamespace(wanted, NamespaceKinds.Mount));
                at = wanted;
            }

            Fd mapped = mount.Owners is { } mapping ? owners.Of(mapping) : Fd.None;
            CString source = mount.OwnSource is { } own ? own.Text : mount.Source is { } path ? new CString(path) : default;
            operations.Add(new OpenHostMount(source, mount.Recursive, mount.NoFollow, mapped, mount.Owners is { Below: true })
            {
                Root = mount.Root is { } root ? new CString(root) : default,
                Attach = mount.Attach,
                IsLayer = mount.IsLayer,
            });
        }

        return [.. operations];
    }

    private static OwnedFd Open(string path) => Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly).OwnedOrThrow($"open {path}");
}
