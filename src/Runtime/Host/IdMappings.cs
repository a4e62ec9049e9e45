using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Planning;

namespace Hull.Runtime.Host;

/// <summary>Maps the ids of a new user namespace. user_namespaces(7)</summary>
internal static class IdMappings
{
    /// <summary>Writes the maps of a process's user namespace.</summary>
    public static void Write(int pid, WriteIdMappings mappings)
    {
        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, process);
        HostFiles.WriteAll(directory, "uid_map", Lines(mappings.UserIds));
        SyscallResult mapped = HostFiles.TryWrite(directory, "gid_map", Lines(mappings.GroupIds));
        if (mapped.Errno == Errno.EPERM)
        {
            // Without privileges the kernel maps groups only for a namespace that can no longer change them (UMAP-04).
            HostFiles.WriteAll(directory, "setgroups", "deny"u8);
            mapped = HostFiles.TryWrite(directory, "gid_map", Lines(mappings.GroupIds));
        }

        mapped.OrThrow($"write {process}/gid_map");
    }

    private static byte[] Lines(ImmutableArray<IdMapping> mappings)
    {
        var text = new StringBuilder();
        foreach (IdMapping mapping in mappings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
