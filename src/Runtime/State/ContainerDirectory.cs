using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The directory of one container: the record, the private copy of the configuration, the start socket. Open from the moment it was found, so that
/// another container of the same name, made later, is never mistaken for it.
/// </summary>
internal sealed class ContainerDirectory : IDisposable
{
    private const string ConfigName = "config.json";
    private const long PollNanoseconds = 5_000_000;

    /// <summary>How long a command waits for another one that works on the same container.</summary>
    private const int PatienceMilliseconds = 10_000;

    private readonly Fd _store;
    private readonly OwnedFd? _ownStore;
    private readonly OwnedFd _directory;
    private bool _locked;

    internal ContainerDirectory(string id, string path, OwnedFd store, OwnedFd directory)
        : this(id, path, store.Fd, directory) => _ownStore = store;

    /// <param name="store">The directory above; it stays the caller's.</param>
    internal ContainerDirectory(string id, string path, Fd store, OwnedFd directory)
    {
        Id = id;
        Path = path;
        _store = store;
        _directory = directory;
    }

    /// <summary>The container's id.</summary>
    public string Id { get; }

    /// <summary>Where it is, for messages.</summary>
    public string Path { get; }

    /// <summary>
    /// The directory. A container process must close its copy at once: the lock belongs to the open file, and would live as long as it.
    /// </summary>
    public Fd Fd => _directory;

    /// <summary>The state directory that it is in.</summary>
    public Fd Store => _store;

    /// <summary>Other commands follow what happens to it (<see cref="Notices"/>), as it was found.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>We hold the lock.</summary>
    public bool IsLocked => _locked;

    /// <summary>
    /// Locks the container: no other process changes it until <see cref="Dispose"/>. False when it was deleted meanwhile. Waits a while for
    /// another command, but not for ever: a hook may call us from within the command we wait for.
    /// </summary>
    /// <param name="log">For the line that says that we wait, and for which process.</param>
    /// <exception cref="RuntimeError">It was not free in time; the message names the holder where the kernel tells it.</exception>
    public bool Lock(Log log, int timeoutMilliseconds = PatienceMilliseconds)
    {
        long end = 0;
        while (true)
        {
            SyscallResult locked = Files.Lock(_directory, LockOperation.Exclusive | LockOperation.NonBlocking);
            if (!locked.Failed)
            {
                _locked = true;
                return IsStillLinked();
            }

            if (locked.Errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                locked.OrThrow($"flock {Path}");
            }

            if (end == 0)
            {
                end = Polling.MonotonicNanoseconds() + (timeoutMilliseconds * 1_000_000L);
                if (log.IsDebug)
                {
                    log.Debug($"container \"{Id}\" is busy: waiting for another command{Holder()}");
                }
            }
            else if (Polling.MonotonicNanoseconds() >= end)
            {
                throw new RuntimeError($"container \"{Id}\" is busy: another hull command works on it{Holder()}: try again");
            }

            Polling.Sleep(PollNanoseconds);
        }
    }

    /// <summary>Locks a directory that we have just made; false when it has been removed already.</summary>
    internal bool LockNew()
    {
        // Others hold it only for the moment in which they find out that it is empty.
        FileLock.Take(_directory, Path);
        _locked = true;
        return IsStillLinked();
    }

    /// <summary>Some process holds the lock now, this one or another: while there is only an intent record, its creator lives.</summary>
    public bool IsLockedByAnyProcess()
    {
        if (_locked)
        {
            return true;
        }

        SyscallResult locked = Files.Lock(_directory, LockOperation.Shared | LockOperation.NonBlocking);
        if (!locked.Failed)
        {
            Files.Lock(_directory, LockOperation.Unlock).OrThrow($"flock {Path}");
            return false;
        }

        return locked.Errno == Errno.EAGAIN ? true : throw new KernelException($"flock {Path}", locked.Errno);
    }

    /// <summary>The record, or null when the creator died before it wrote one.</summary>
    public ContainerRecord? ReadRecord()
    {
        byte[]? bytes = HostFiles.ReadSmallOrNull(_directory, RecordDocument.FileName);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            return RecordDocument.Read(bytes);
        }
        catch (JsonException broken)
        {
            throw Broken(broken);
        }
    }

    /// <summary>The record of a container whose making was finished.</summary>
    /// <exception cref="RuntimeError">It was not.</exception>
    public ContainerRecord ReadCompleteRecord() => ReadRecord() is { Phase: RecordPhase.Complete } record
        ? record
        : throw new RuntimeError($"container \"{Id}\" is not complete: its creation was interrupted, or goes on")
        {
            Hint = $"hull delete --force {Id} removes what is left of one that was interrupted",
        };

    /// <summary>The record, or what can still be read of it: for a removal by force, which must never be stopped by a broken one.</summary>
    /// <param name="broken">Why it cannot be read as a whole, or null.</param>
    public ContainerRecord? SalvageRecord(out RuntimeError? broken)
    {
        broken = null;
        byte[]? bytes = HostFiles.ReadAllOrNull(_directory, RecordDocument.FileName);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            return RecordDocument.Read(bytes);
        }
        catch (JsonException fault)
        {
            broken = Broken(fault);
            return RecordDocument.Salvage(bytes, Id);
        }
    }

    private RuntimeError Broken(JsonException fault) =>
        new($"container \"{Id}\": {Path}/{RecordDocument.FileName} is broken: {fault.Message}")
        {
            Hint = $"hull delete --force {Id} removes what it still names",
        };

    /// <summary>Replaces the record; readers see the old one or the new one.</summary>
    public void WriteRecord(ContainerRecord record) =>
        HostFiles.ReplaceAtomically(_directory, RecordDocument.FileName, RecordDocument.Write(record), 0x180);

    /// <summary>Completes the record: from here the container exists without its creator.</summary>
    public void Complete(ContainerRecord record)
    {
        if (record.Phase != RecordPhase.Complete || record.Process.Pid <= 0 || record.Process.StartTime == 0)
        {
            throw new ArgumentException("a complete record names its process", nameof(record));
        }

        WriteRecord(record);
    }

    /// <summary>Keeps the configuration as it was when the container was made (BND-04).</summary>
    public void WriteConfig(ReadOnlySpan<byte> config) => HostFiles.ReplaceAtomically(_directory, ConfigName, config, 0x180);

    /// <summary>The configuration as it was when the container was made; null when the creator died before it was kept.</summary>
    public byte[]? ReadConfig() => HostFiles.ReadSmallOrNull(_directory, ConfigName);

    /// <summary>Forgets the container. The last thing of all: what is left of one can be found only through its directory.</summary>
    public void Remove()
    {
        // The record goes last, so that an interrupted removal can be repeated.
        foreach (string name in HostFiles.ListDirectory(_directory, "."))
        {
            if (name != RecordDocument.FileName)
            {
                HostFiles.RemoveTree(_directory, name);
            }
        }

        HostFiles.RemoveTree(_directory, RecordDocument.FileName);
        SyscallResult removed = Files.RemoveDirectory(_store, Id);
        if (removed.Failed && removed.Errno != Errno.ENOENT)
        {
            throw new KernelException($"unlinkat {Path}", removed.Errno);
        }
    }

    /// <summary>Gives the lock up: others may work on the container from now on.</summary>
    public void Unlock()
    {
        Files.Lock(_directory, LockOperation.Unlock).OrThrow($"flock {Path}");
        _locked = false;
    }

    /// <summary>Gives the lock up, also the copies of it that a child has inherited, and closes the directory.</summary>
    public void Dispose()
    {
        if (_locked)
        {
            Files.Lock(_directory, LockOperation.Unlock);
            _locked = false;
        }

        _directory.Dispose();
        _ownStore?.Dispose();
    }

    private string Holder() => LockHolder.Of(_directory) is { } pid ? $": process {ProcessNames.Describe([pid])}" : "";

    private bool IsStillLinked()
    {
        SyscallResult found = Files.Status(_store, Id, AtFlags.SymlinkNoFollow, out FileStatus named);
        if (found.Errno == Errno.ENOENT)
        {
            return false;
        }

        found.OrThrow($"statx {Path}");
        Files.Status(_directory, "", AtFlags.EmptyPath, out FileStatus opened).OrThrow($"statx {Path}");
        return named.Inode == opened.Inode && named.ContainingDevice == opened.ContainingDevice;
    }
}
