using Hull.Linux;

namespace Hull.Runtime;

/// <summary>One inotify queue for all that is followed: a user may have only 128 of them. inotify(7)</summary>
internal sealed class FileWatches : IDisposable
{
    private readonly OwnedFd _queue;
    private readonly Dictionary<int, WatchedContainer> _owners = [];
    private readonly List<FileEvent> _events = [];
    private int _root = -1;

    public FileWatches() =>
        _queue = Notifications.WatchQueue(WatchQueueFlags.NonBlocking).OwnedOrThrow("inotify_init1");

    /// <summary>Readable when something has happened.</summary>
    public Fd Queue => _queue;

    /// <summary>Watches the directory in which containers come and go.</summary>
    public void AddRoot(string path) => _root = Add(path, WatchEvents.Create | WatchEvents.Delete | WatchEvents.MovedTo | WatchEvents.OnlyDirectory);

    /// <summary>Watches a file or directory of a container.</summary>
    public void Add(WatchedContainer owner, string path, WatchEvents events) => _owners[Add(path, events)] = owner;

    /// <summary>Its events are of no interest any more; the kernel removes the watches with what they watch.</summary>
    public void Remove(WatchedContainer owner)
    {
        foreach ((int watch, WatchedContainer one) in _owners)
        {
            if (one == owner)
            {
                _owners.Remove(watch);
                Notifications.Unwatch(_queue, watch);
            }
        }
    }

    /// <summary>What has happened since the last call.</summary>
    /// <param name="touched">Gets the containers to look at.</param>
    /// <param name="names">Gets what has come or gone in the root, in order.</param>
    /// <returns>False when events were lost: then everything is to be looked at.</returns>
    public bool Take(HashSet<WatchedContainer> touched, List<(string Name, bool Came)> names)
    {
        _events.Clear();
        Notifications.Take(_queue, _events).OrThrow("read inotify");
        bool complete = true;
        foreach (FileEvent one in _events)
        {
            complete &= (one.Events & WatchEvents.Overflow) == 0;
            if (one.Watch == _root && one.Name.Length > 0)
            {
                names.Add((one.Name, (one.Events & WatchEvents.Delete) == 0));
            }
            else if (_owners.TryGetValue(one.Watch, out WatchedContainer? owner))
            {
                touched.Add(owner);
            }
        }

        return complete;
    }

    public void Dispose() => _queue.Dispose();

    private int Add(string path, WatchEvents events)
    {
        SyscallResult added = Notifications.Watch(_queue, path, events);
        return added.Errno == Errno.ENOSPC
            ? throw new RuntimeError($"inotify_add_watch {path}", added.Errno) { Hint = "raise fs.inotify.max_user_watches" }
            : (int)added.OrThrow($"inotify_add_watch {path}");
    }
}
