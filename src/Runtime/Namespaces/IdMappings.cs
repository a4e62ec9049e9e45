using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Maps the ids of a new user namespace. Without privileges the kernel takes one line, with our own id; more needs newuidmap(1) and
/// newgidmap(1), which know the ranges that the administrator gave us in /etc/subuid and /etc/subgid (UMAP-04). user_namespaces(7)
/// </summary>
internal static class IdMappings
{
    /// <summary>Writes the maps of a process's user namespace.</summary>
    /// <param name="warn">Told what is left out.</param>
    public static void Write(int pid, WriteIdMappings mappings, Action<string> warn)
    {
        using OwnedFd directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));
        SyscallResult users = HostFiles.TryWrite(directory, "uid_map", Lines(mappings.UserIds));
        if (users.Errno == Errno.EPERM)
        {
            users = WriteWithHelp(pid, directory, new Side("uid", "users", "newuidmap", Credentials.EffectiveUserId()), mappings.UserIds, warn);
        }

        users.OrThrow("write uid_map");
        SyscallResult groups = HostFiles.TryWrite(directory, "gid_map", Lines(mappings.GroupIds));
        if (groups.Errno == Errno.EPERM && IsOwnAlone(mappings.GroupIds, Credentials.EffectiveGroupId()))
        {
            // Without privileges the kernel maps a group only for a namespace that can no longer leave groups (UMAP-04).
            groups = WriteOwnGroup(directory, mappings.GroupIds);
        }

        if (groups.Errno == Errno.EPERM)
        {
            groups = WriteWithHelp(pid, directory, new Side("gid", "groups", "newgidmap", Credentials.EffectiveGroupId()), mappings.GroupIds, warn);
        }

        groups.OrThrow("write gid_map");
    }

    /// <summary>The part of the mappings that needs no privileges: our own id; null when they leave it out.</summary>
    internal static IdMapping? Own(ImmutableArray<IdMapping> mappings, uint own)
    {
        foreach (IdMapping mapping in mappings)
        {
            if (own >= mapping.HostId && own - mapping.HostId < mapping.Size)
            {
                return new IdMapping { ContainerId = mapping.ContainerId + (own - mapping.HostId), HostId = own, Size = 1 };
            }
        }

        return null;
    }

    /// <summary>
    /// The mappings are of our own id and of no other: all that the kernel takes without privileges. For another one the ability to leave
    /// groups must not be given up: newgidmap maps it without that.
    /// </summary>
    internal static bool IsOwnAlone(ImmutableArray<IdMapping> mappings, uint own) => mappings is [{ Size: 1 } only] && only.HostId == own;

    private static SyscallResult WriteWithHelp(int pid, Fd directory, Side side, ImmutableArray<IdMapping> mappings, Action<string> warn)
    {
        try
        {
            (WaitStatus status, string said) = HostProgram.Run(side.Helper, Arguments(pid, mappings));
            return status is { ExitCode: 0, Signal: 0 } ? SyscallResult.Success() : throw new RuntimeError($"map {side.Ids}: {said.Trim().ReplaceLineEndings("; ")}")
            {
                Property = $"linux.{side.Name}Mappings",
                Hint = $"/etc/sub{side.Name} must give these {side.Ids} to the caller",
            };
        }
        catch (RuntimeError missing) when (missing.Errno is Errno.ENOENT or Errno.EACCES)
        {
            // Then there is only what needs no help.
        }

        if (Own(mappings, side.Own) is not { } own)
        {
            return SyscallResult.Failure(Errno.EPERM);
        }

        warn($"linux.{side.Name}Mappings: {side.Helper} is not installed: of all {side.Ids} only {own.ContainerId} is mapped");
        return side.Name == "uid" ? HostFiles.TryWrite(directory, "uid_map", Lines([own])) : WriteOwnGroup(directory, [own]);
    }

    private static SyscallResult WriteOwnGroup(Fd directory, ImmutableArray<IdMapping> group)
    {
        SyscallResult denied = HostFiles.TryWrite(directory, "setgroups", "deny"u8);
        return denied.Failed ? denied : HostFiles.TryWrite(directory, "gid_map", Lines(group));
    }

    private static List<string> Arguments(int pid, ImmutableArray<IdMapping> mappings)
    {
        List<string> arguments = [Text((uint)pid)];
        foreach (IdMapping mapping in mappings)
        {
            arguments.Add(Text(mapping.ContainerId));
            arguments.Add(Text(mapping.HostId));
            arguments.Add(Text(mapping.Size));
        }

        return arguments;
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

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Users or groups: what the two are called, and our own.</summary>
    private readonly record struct Side(string Name, string Ids, string Helper, uint Own);
}
