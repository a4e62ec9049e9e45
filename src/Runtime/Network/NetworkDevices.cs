using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The host's network interfaces that are moved into a container (NET-01). They are never fetched back when it ends: the kernel returns
/// physical ones to the host when their network namespace goes, lets virtual ones end with it, and leaves all of them in a namespace
/// that lives on (NET-06). Only a creation that fails gives back what it took (ERR-01).
/// </summary>
internal sealed class NetworkDevices : IDisposable
{
    private readonly List<Moved> _moved = [];
    private OwnedFd? _own;
    private OwnedFd? _theirs;
    private RouteSocket? _host;
    private RouteSocket? _container;

    /// <param name="Before">As it was.</param>
    /// <param name="Addresses">Those it had.</param>
    /// <param name="Others">The numbers of the interfaces that were where it went to.</param>
    private sealed record Moved(NetworkInterface Before, IReadOnlyList<InterfaceAddress> Addresses, HashSet<int> Others);

    /// <summary>Moves one, keeps its permanent global addresses and switches it on.</summary>
    /// <param name="move">Which.</param>
    /// <param name="joined">The container's network namespace where it is a joined one; none otherwise.</param>
    /// <param name="pid">A process of the container that is in its network namespace.</param>
    public void Move(MoveNetworkDevice move, Fd joined, int pid)
    {
        Open(joined, pid);
        NetworkInterface device = _host!.Find(move.Name)
            ?? throw new KernelException($"no network interface of the host is named {move.Name}", Errno.ENODEV);
        bool isTemplate = move.NameInside.Contains('%', StringComparison.Ordinal);
        if (!isTemplate && _container!.Find(move.NameInside) is not null)
        {
            throw new KernelException($"the container's network namespace has an interface named {move.NameInside} already", Errno.EEXIST);
        }

        IReadOnlyList<InterfaceAddress> addresses = _host.Addresses(device.Index);
        HashSet<int> others = [.. _container!.List().Select(other => other.Index)];

        // Noted first: the kernel moves an interface before it renames it, and may then refuse the name.
        _moved.Add(new Moved(device, addresses, others));
        _host.Move(device.Index, _theirs!, move.NameInside);
        NetworkInterface inside = isTemplate ? FindMoved(others, device.Index) : _container.Find(move.NameInside) ?? FindMoved(others, device.Index);
        GiveAddresses(_container, inside, device.Name, addresses.Where(GoesAlong));
        _container.SetUp(inside.Index);
    }

    /// <summary>Gives everything back, as it was: the names, the addresses, on or off.</summary>
    /// <exception cref="RuntimeError">Something did not come back; the others did.</exception>
    public void Undo()
    {
        var cleaning = new CleaningUp();
        for (int i = _moved.Count - 1; i >= 0; i--)
        {
            Moved moved = _moved[i];
            cleaning.Try(() => GiveBack(moved));
        }

        _moved.Clear();
        cleaning.ThrowIfIncomplete();
    }

    private void GiveBack(Moved moved)
    {
        if (_host!.Find(moved.Before.Name) is null)
        {
            _container!.Move(FindMoved(moved.Others, moved.Before.Index).Index, _own!, moved.Before.Name);
        }

        NetworkInterface back = _host.Find(moved.Before.Name) ?? throw new KernelException($"{moved.Before.Name} did not come back", Errno.ENODEV);
        GiveAddresses(_host, back, moved.Before.Name, moved.Addresses.Where(WasSet));
        if (moved.Before.IsUp)
        {
            _host.SetUp(back.Index);
        }
    }

    public void Dispose()
    {
        _host?.Dispose();
        _container?.Dispose();
        _own?.Dispose();
        _theirs?.Dispose();
    }

    private void Open(Fd joined, int pid)
    {
        if (_host is not null)
        {
            return;
        }

        _own = Namespace("/proc/thread-self/ns/net");
        _theirs = joined.IsOpen
            ? Descriptors.DuplicateAbove(joined, 0).OwnedOrThrow("fcntl")
            : Namespace(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"));
        _host = RouteSocket.Open();
        _container = RouteSocket.OpenIn(_theirs, _own);
    }

    private static OwnedFd Namespace(string path) =>
        Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec).OwnedOrThrow($"open {path}");

    /// <summary>The interface that was moved, whatever its name is now: it keeps its number when that is free where it comes to.</summary>
    private NetworkInterface FindMoved(HashSet<int> others, int index)
    {
        List<NetworkInterface> added = [.. _container!.List().Where(one => !others.Contains(one.Index))];
        return added.Find(one => one.Index == index)
            ?? (added.Count == 1 ? added[0] : throw new KernelException("the interface is lost in the container's network namespace", Errno.ENODEV));
    }

    /// <summary>What the specification wants to be kept (NET-04).</summary>
    private static bool GoesAlong(InterfaceAddress address) =>
        (address.Flags & AddressFlags.Permanent) != 0 && address.Scope == AddressScope.Universe;

    /// <summary>All that were set by hand: the kernel makes a link-local IPv6 address again by itself.</summary>
    private static bool WasSet(InterfaceAddress address) => address.Family == (byte)AddressFamily.Internet || address.Scope != AddressScope.Link;

    private static void GiveAddresses(RouteSocket socket, NetworkInterface device, string oldName, IEnumerable<InterfaceAddress> addresses)
    {
        foreach (InterfaceAddress address in addresses)
        {
            socket.AddAddress(device.Index, address with { Label = Relabel(address.Label, oldName, device.Name) });
        }
    }

    /// <summary>A label begins with the name of its interface.</summary>
    private static string? Relabel(string? label, string oldName, string name)
    {
        if (label is null || label == oldName)
        {
            return null;
        }

        return label.StartsWith(oldName + ":", StringComparison.Ordinal) ? name + label[oldName.Length..] : label;
    }
}

/// <summary>Network interfaces of the host that move into the container, before any hook looks for them there (NET-08).</summary>
internal static class NetworkDevicePlanning
{
    /// <exception cref="RuntimeError">A caller without power over the host has no interfaces to give (NET-07).</exception>
    public static void Move(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        foreach ((string name, NetDevice device) in container.NetDevices)
        {
            Origin origin = new(SpecPath.Root.Property("linux").Property("netDevices").Property(name), "NET-01");
            if (facts.Rootless)
            {
                throw origin.Refuse("moving a network interface of the host needs root outside of a user namespace");
            }

            plan.Host(new MoveNetworkDevice(name, string.IsNullOrEmpty(device.Name) ? name : device.Name, container.Namespaces.IsJoined(NamespaceKinds.Network)), origin);
        }
    }
}
