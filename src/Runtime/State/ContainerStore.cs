using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Where the containers of one <c>--root</c> are remembered: one directory for each, found by its id. Every path starts at the root's
/// descriptor and follows no symbolic link, so that nothing planted there leads elsewhere.
/// </summary>
internal sealed class ContainerStore : IDisposable
{
    private readonly OwnedFd _root;

    private ContainerStore(string path, OwnedFd root)
    {
        Path = path;
        _root = root;
    }

    /// <summary>The root directory as the user gave it.</summary>
    public string Path { get; }

    /// <summary>Opens the root directory, made with all that is missing above it: for commands that make containers.</summary>
    public static ContainerStore OpenOrMake(StoreRoot root)
    {
        try
        {
            return Open(root.Path) ?? MakeAndOpen(root.Path);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"state directory {root.Path}: {failure.Message}: give another one with --root");
        }
    }

    /// <summary>Opens the root directory if there is one: for commands that look for containers, which never make it.</summary>
    public static ContainerStore? OpenExisting(StoreRoot root)
    {
        try
        {
            return Open(root.Path);
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"state directory {root.Path}: {failure.Message}");
        }
    }

    /// <summary>A container that must exist.</summary>
    public static ContainerDirectory Get(StoreRoot root, string id)
    {
        using ContainerStore? store = OpenExisting(root);
        return store is null ? throw DoesNotExist(ContainerId.Check(id)) : store.Find(id) ?? throw DoesNotExist(id);
    }

    /// <summary>The same, locked: for what changes it.</summary>
    public static ContainerDirectory GetLocked(StoreRoot root, string id, Log log)
    {
        ContainerDirectory directory = Get(root, id);
        try
        {
            return directory.Lock(log) ? directory : throw DoesNotExist(id);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>The error for a container that is not there; engines match its text.</summary>
    public static RuntimeError DoesNotExist(string id) => new($"container does not exist: {CallerText.Quote(id)}");

    /// <summary>The directory of a container, or null when there is none.</summary>
    public ContainerDirectory? Find(string id) =>
        OpenTrusted(id, out bool followed) is { } directory
            ? new ContainerDirectory(id, $"{Path}/{id}", OpenAgain(), directory) { IsFollowed = followed }
            : null;

    /// <summary>
    /// The record of a container, read beside its directory: a third of the system calls, for a command that reads a thousand. Null where the whole
    /// way has to be gone, as there is no record, or none that can be trusted or read.
    /// </summary>
    /// <param name="buffer">For the bytes of the record; a larger one is left to the whole way.</param>
    public ContainerRecord? Glance(string id, Span<byte> buffer)
    {
        SyscallResult found = Files.Status(_root, id, AtFlags.SymlinkNoFollow, out FileStatus status);
        if (found.Failed || status.Type != FileType.Directory || !IsTrusted(status.UserId))
        {
            return null;
        }

        // The owner of a directory alone can put another one in its place.
        SyscallResult opened = Files.OpenAt2(
            _root, $"{id}/{RecordDocument.FileName}", OpenFlags.ReadOnly | OpenFlags.NoFollow, 0,
            ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks | ResolveFlags.NoMagicLinks);
        if (opened.Failed)
        {
            return null;
        }

        SyscallResult read = Files.ReadWaiting(opened.Fd, buffer);
        Files.Close(opened.Fd);
        try
        {
            return read.Failed || read.Value == buffer.Length ? null : RecordDocument.Read(buffer[..(int)read.Value]);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>The same with the store's own descriptor, so only for as long as the store is open: for a command that reads many.</summary>
    public ContainerDirectory? FindWhileOpen(string id) =>
        OpenTrusted(id, out bool followed) is { } directory ? new ContainerDirectory(id, $"{Path}/{id}", _root.Fd, directory) { IsFollowed = followed } : null;

    private OwnedFd? OpenTrusted(string id, out bool followed)
    {
        followed = false;
        ContainerId.Check(id);
        SyscallResult opened = OpenChild(id);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        if (opened.Errno is Errno.ELOOP or Errno.ENOTDIR or Errno.EXDEV)
        {
            throw new RuntimeError($"container \"{id}\": {Path}/{id} is not a state directory of hull ({opened.Errno.Text()}): remove it");
        }

        OwnedFd directory = opened.OwnedOrThrow($"openat2 {Path}/{id}");
        Files.Status(directory, "", AtFlags.EmptyPath, out FileStatus status).OrThrow($"statx {Path}/{id}");
        if (!IsTrusted(status.UserId))
        {
            directory.Dispose();
            throw new RuntimeError($"container \"{id}\": {Path}/{id} belongs to user {status.UserId}: refusing to trust it");
        }

        followed = Notices.AreFollowed(status);
        return directory;
    }

    /// <summary>The ids of all containers, sorted. Entries that cannot be containers are passed over.</summary>
    public List<string> Ids()
    {
        List<string> ids = HostFiles.ListDirectory(_root, ".");
        ids.RemoveAll(name => !ContainerId.IsValid(name));
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>
    /// Takes an id for a new container: makes its directory, locks it, and writes the intent record and the private copy of the
    /// configuration, before anything else of the container is made. From here <c>delete --force</c> can undo whatever follows.
    /// </summary>
    /// <param name="intent">What is about to be made.</param>
    /// <param name="config">The configuration, byte for byte (BND-04).</param>
    public ContainerDirectory Reserve(ContainerRecord intent, ReadOnlySpan<byte> config)
    {
        string id = ContainerId.Check(intent.Id);
        ContainerDirectory directory = MakeLocked(id);
        try
        {
            directory.WriteRecord(intent);
            directory.WriteConfig(config);
            return directory;
        }
        catch (Exception failure)
        {
            using (directory)
            {
                var cleaning = new CleaningUp();
                cleaning.Try(directory.Remove);
                cleaning.ThrowAfter(failure, $"hull delete --force {id} tries again");
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    // A process that deletes leftovers may take the directory away between its making and the lock: then make it again.
    private ContainerDirectory MakeLocked(string id)
    {
        while (true)
        {
            SyscallResult made = Files.MakeDirectory(_root, id, 0x1C0);
            if (made.Errno == Errno.EEXIST)
            {
                throw new RuntimeError($"container with given ID already exists: \"{id}\": id already in use: choose another one or delete that container");
            }

            made.OrThrow($"mkdirat {Path}/{id}");
            try
            {
                if (LockMade(id) is { } directory)
                {
                    return directory;
                }
            }
            catch
            {
                // Empty, so nothing is lost. What tells of the failure is the exception that is being thrown.
                Files.RemoveDirectory(_root, id);
                throw;
            }
        }
    }

    private ContainerDirectory? LockMade(string id)
    {
        SyscallResult opened = OpenChild(id);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        OwnedFd made = opened.OwnedOrThrow($"openat2 {Path}/{id}");
        ContainerDirectory? directory = null;
        try
        {
            directory = new ContainerDirectory(id, $"{Path}/{id}", OpenAgain(), made);
            if (directory.LockNew())
            {
                return directory;
            }

            directory.Dispose();
            return null;
        }
        catch
        {
            directory?.Dispose();
            made.Dispose();
            throw;
        }
    }

    private SyscallResult OpenChild(string name)
    {
        while (true)
        {
            SyscallResult opened = Files.OpenAt2(
                _root, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0,
                ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks | ResolveFlags.NoMagicLinks);

            // EAGAIN: something was renamed during the walk, anywhere.
            if (opened.Errno != Errno.EAGAIN)
            {
                return opened;
            }
        }
    }

    private OwnedFd OpenAgain() => HostFiles.OpenDirectory(_root, ".");

    private static ContainerStore? Open(string path)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        OwnedFd root = opened.OwnedOrThrow("open");
        try
        {
            CheckRoot(path, root);
            return new ContainerStore(path, root);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    private static ContainerStore MakeAndOpen(string path)
    {
        HostFiles.MakeDirectories(path, 0x1C0);
        return Open(path) ?? throw new KernelException("open", Errno.ENOENT);
    }

    // A user that can write there can make records that we would act on as root.
    private static void CheckRoot(string path, Fd root)
    {
        Files.Status(root, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx");
        Files.Status(Fd.CurrentDirectory, "/", AtFlags.None, out FileStatus top).OrThrow("statx /");
        if (status.Inode == top.Inode && status.ContainingDevice == top.ContainingDevice)
        {
            throw new RuntimeError($"state directory {path}: the root directory \"/\" cannot be one: give another one with --root");
        }

        if (!IsTrusted(status.UserId))
        {
            throw new RuntimeError($"state directory {path}: it belongs to user {status.UserId}, who could forge records: give another one with --root");
        }

        // With the sticky bit nobody can replace what belongs to others, and the owner of each container's directory is looked at.
        const uint WritableByOthers = 2, WritableByGroup = 0x10, Sticky = 0x200;
        if ((status.Mode & (WritableByOthers | Sticky)) == WritableByOthers)
        {
            throw new RuntimeError($"state directory {path}: everybody may write there and forge records: chmod o-w it, or give another one with --root");
        }

        if ((status.Mode & (WritableByGroup | Sticky)) == WritableByGroup && !IsTrustedGroup(status.GroupId))
        {
            throw new RuntimeError($"state directory {path}: group {status.GroupId} may write there and forge records: chmod g-w it, or give another one with --root");
        }
    }

    private static bool IsTrusted(uint owner) => owner == 0 || owner == Credentials.EffectiveUserId();

    /// <summary>A user's own group usually has that user alone in it; another one that the user is in has others.</summary>
    private static bool IsTrustedGroup(uint group) => group == 0 || group == Credentials.EffectiveGroupId();
}
