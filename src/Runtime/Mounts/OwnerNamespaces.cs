using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// User namespaces that only carry a mapping of owners: each is made by a process that does nothing else, and lives on as a descriptor.
/// mount_setattr(2), MOUNT_ATTR_IDMAP
/// </summary>
/// <param name="pid">The container process, whose own user namespace is the mapping where none is given (IDM-05).</param>
internal sealed class OwnerNamespaces(int pid) : IDisposable
{
    private readonly List<(MountOwners Owners, OwnedFd Namespace)> _made = [];

    /// <summary>The user namespace with this mapping; many mounts with the same one share it.</summary>
    public Fd Of(MountOwners owners)
    {
        foreach ((MountOwners known, OwnedFd made) in _made)
        {
            if (known.UserIds.AsSpan().SequenceEqual(owners.UserIds.AsSpan()) && known.GroupIds.AsSpan().SequenceEqual(owners.GroupIds.AsSpan()))
            {
                return made;
            }
        }

        OwnedFd one = owners.UserIds.IsEmpty ? Open(pid) : Make(owners);
        _made.Add((owners, one));
        return one;
    }

    public void Dispose()
    {
        foreach ((_, OwnedFd made) in _made)
        {
            made.Dispose();
        }
    }

    private static OwnedFd Make(MountOwners owners)
    {
        var slots = new Slots();
        using var channel = new HostChannel(slots);
        ClonedProcess holder = Clone.Start([new Await(Checkpoint.IdMapped)], slots, new CloneContext(NamespaceKinds.User, [], Fd.None));
        using OwnedFd process = holder.Process;
        channel.CloseFarEnd();
        try
        {
            // Fewer owners than were asked for would be other owners than were asked for.
            IdMappings.Write(holder.Pid, new WriteIdMappings(owners.UserIds, owners.GroupIds), shortage => throw new RuntimeError(shortage));
            return Open(holder.Pid);
        }
        finally
        {
            // It waits for a message that never comes, and ends when our end of the channel closes.
            channel.Dispose();
            Processes.Wait(process, WaitOptions.Exited, out _);
        }
    }

    private static OwnedFd Open(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/user");
        return Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly).OwnedOrThrow($"open {path}");
    }
}
