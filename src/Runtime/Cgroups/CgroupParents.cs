using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The cgroups above a container's own that were made with it and that other containers still use when it goes. They are noted in the state
/// directory, so that the last container of that directory removes them, and nothing that was there before (OP-DEL-04).
/// </summary>
internal static class CgroupParents
{
    /// <summary>The file of the notes: no container can have this id.</summary>
    internal const string FileName = "cgroups~";

    /// <summary>
    /// After a container's cgroups have been removed: removes those above that are empty now, of this container and of others before it, and
    /// notes the rest.
    /// </summary>
    /// <exception cref="KernelException">The notes cannot be read or written.</exception>
    /// <exception cref="RuntimeError">Another process keeps them locked.</exception>
    public static void RemoveUnused(ContainerDirectory container, ImmutableArray<RecordedCgroup> cgroups)
    {
        List<Note> left = Left(cgroups);
        if (left.Count == 0 && (!AnyIsOurs(cgroups) || !HostFiles.Exists(container.Store, FileName)))
        {
            return;
        }

        // Containers that go at the same time must not both see the other's cgroup and leave it at that: so the note comes first, and then the
        // attempt. The other one has removed its cgroup before it looks for notes.
        using OwnedFd store = HostFiles.OpenDirectory(container.Store, ".");
        FileLock.Take(store, container.Path[..container.Path.LastIndexOf('/')]);
        List<Note> notes = Read(HostFiles.ReadAllOrNull(store, FileName));
        if (left.Count > 0)
        {
            notes.AddRange(left);
            Write(store, notes);
        }

        // Inner ones first.
        notes.Sort((one, other) => other.Directory.Length - one.Directory.Length);
        int removed = notes.RemoveAll(IsDone);
        if (notes.Count > 0 && !HasOthers(store, container.Id))
        {
            // No container of this state directory could remove them later: they are in use by others, and stay to those.
            removed += notes.Count;
            notes.Clear();
        }

        if (removed > 0)
        {
            Write(store, notes);
        }
    }

    private static bool HasOthers(Fd store, string id)
    {
        foreach (string name in HostFiles.ListDirectory(store, "."))
        {
            if (name != id && ContainerId.IsValid(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The levels that were made for it and that still exist: other containers are below them.</summary>
    private static List<Note> Left(ImmutableArray<RecordedCgroup> cgroups)
    {
        List<Note> left = [];
        foreach (RecordedCgroup cgroup in cgroups)
        {
            string directory = cgroup.Directory;
            for (int level = 1; level < cgroup.MadeLevels; level++)
            {
                directory = CgroupDirectories.Parent(directory);
                if (!Files.Status(Fd.CurrentDirectory, directory, AtFlags.SymlinkNoFollow, out FileStatus found).Failed)
                {
                    left.Add(new Note(found.Inode, directory));
                }
            }
        }

        return left;
    }

    private static bool AnyIsOurs(ImmutableArray<RecordedCgroup> cgroups)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (cgroup.IsOurs)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It is gone, or another one has its name now, which is not ours to remove.</summary>
    private static bool IsDone(Note note)
    {
        SyscallResult found = Files.Status(Fd.CurrentDirectory, note.Directory, AtFlags.SymlinkNoFollow, out FileStatus status);
        return found.Failed
            ? found.Errno == Errno.ENOENT
            : status.Inode != note.Inode || Files.RemoveDirectory(Fd.CurrentDirectory, note.Directory).Errno is Errno.None or Errno.ENOENT;
    }

    private static List<Note> Read(byte[]? text)
    {
        List<Note> notes = [];
        ReadOnlySpan<byte> rest = text;
        while (Utf8Parser.TryParse(rest, out ulong inode, out int digits) && rest[digits..].IndexOf((byte)0) is var end and > 1)
        {
            notes.Add(new Note(inode, Encoding.UTF8.GetString(rest[(digits + 1)..(digits + end)])));
            rest = rest[(digits + end + 1)..];
        }

        return notes;
    }

    private static void Write(Fd store, List<Note> notes)
    {
        if (notes.Count == 0)
        {
            Files.Unlink(store, FileName);
            return;
        }

        var text = new StringBuilder();
        foreach (Note note in notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{note.Inode} {note.Directory}\0");
        }

        HostFiles.ReplaceAtomically(store, FileName, Encoding.UTF8.GetBytes(text.ToString()), 0x180);
    }

    /// <summary>A cgroup that was made for a container. Its name may be another one's by now, its inode not.</summary>
    private readonly record struct Note(ulong Inode, string Directory);
}
