using System.Runtime.InteropServices;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>How events are printed.</summary>
/// <param name="ForPeople">As text instead of JSON.</param>
/// <param name="Interval">Between two lines of usage of each; null for none.</param>
internal sealed record EventPrinting(bool ForPeople, TimeSpan? Interval);

/// <summary>Follows one container until its end, or all below a root until the reader has gone. Nothing is asked twice without a reason.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly Watching _watching;
    private readonly EventPrinting _printing;
    private readonly FileWatches _watches = new();
    private readonly Dictionary<string, WatchedContainer> _containers = new(StringComparer.Ordinal);
    private readonly List<ContainerEvent> _found = [];
    private readonly HashSet<WatchedContainer> _touched = [];
    private bool _followsAll;

    public EventStream(Watching watching, EventPrinting printing)
    {
        _watching = watching;
        _printing = printing;
    }

    /// <summary>Follows one; returns after its end.</summary>
    public void Follow(ContainerDirectory directory)
    {
        WatchedContainer only = WatchedContainer.Begin(directory, _watching, _watches, isNew: false, _found);
        _containers[only.Id] = only;
        Follow(store: null, only);
    }

    /// <summary>Follows all there are, and all that will be; returns when the reader has gone.</summary>
    public void Follow(ContainerStore store)
    {
        // First: what is made from now on is not missed.
        _followsAll = true;
        _watches.AddRoot(store.Path);
        foreach (string id in store.Ids())
        {
            Add(store, id, isNew: false);
        }

        Follow(store, only: null);
    }

    public void Dispose()
    {
        foreach (WatchedContainer container in _containers.Values)
        {
            container.Dispose();
        }

        _watches.Dispose();
    }

    private void Follow(ContainerStore? store, WatchedContainer? only)
    {
        List<PollDescriptor> polls = [];
        List<(WatchedContainer Container, int First)> owners = [];
        List<(string, bool)> names = [];
        long? next = Next(Polling.MonotonicNanoseconds());
        while (true)
        {
            Print();
            polls.Clear();
            owners.Clear();
            polls.Add(new PollDescriptor(_watches.Queue, PollEvents.In));
            polls.Add(new PollDescriptor(StandardOutput.Output, PollEvents.None));
            foreach (WatchedContainer container in _containers.Values)
            {
                owners.Add((container, polls.Count));
                container.AddPolls(polls);
            }

            if (only is { HasEnded: true })
            {
                return;
            }

            Span<PollDescriptor> span = CollectionsMarshal.AsSpan(polls);
            Polling.PollWaiting(span, Timeout(next)).OrThrow("ppoll");
            if ((span[1].Returned & (PollEvents.Error | PollEvents.HangUp)) != 0)
            {
                return;
            }

            _touched.Clear();
            names.Clear();
            bool complete = _watches.Take(_touched, names);
            for (int i = 0; i < owners.Count; i++)
            {
                int end = i + 1 < owners.Count ? owners[i + 1].First : polls.Count;
                Look(owners[i].Container, span[owners[i].First..end], all: !complete);
            }

            Change(store, names, all: !complete);
            next = PrintUsage(next);
        }
    }

    private void Look(WatchedContainer container, ReadOnlySpan<PollDescriptor> polls, bool all)
    {
        bool wanted = all || _touched.Contains(container) || container.Due <= Polling.MonotonicNanoseconds() || Processes.LackPidfds;
        foreach (PollDescriptor poll in polls)
        {
            wanted |= poll.Returned != 0;
        }

        try
        {
            if (wanted)
            {
                container.Look(polls, _found);
            }
        }
        catch (Exception failure) when (failure is KernelException or RuntimeError && _followsAll)
        {
            _watching.Log.Warning($"container \"{container.Id}\": {failure.Message}");
        }
    }

    private void Change(ContainerStore? store, List<(string Name, bool Came)> names, bool all)
    {
        if (store is null)
        {
            return;
        }

        foreach ((string name, bool came) in names)
        {
            Change(store, name, came);
        }

        if (all)
        {
            List<string> ids = store.Ids();
            _containers.Keys.Except(ids).ToList().ForEach(id => Change(store, id, came: false));
            ids.ForEach(id => Change(store, id, came: true));
        }
    }

    private void Change(ContainerStore store, string name, bool came)
    {
        if (!came && _containers.Remove(name, out WatchedContainer? gone))
        {
            gone.Delete(_found);
            gone.Dispose();
        }
        else if (came && ContainerId.IsValid(name) && !_containers.ContainsKey(name))
        {
            Add(store, name, isNew: true);
        }
    }

    /// <summary>One that cannot be followed hides no other.</summary>
    private void Add(ContainerStore store, string id, bool isNew)
    {
        try
        {
            if (store.Find(id) is { } directory)
            {
                _containers[id] = WatchedContainer.Begin(directory, _watching, _watches, isNew, _found);
            }
        }
        catch (Exception failure) when (failure is KernelException or RuntimeError)
        {
            _watching.Log.Warning($"container \"{id}\" is not followed: {failure.Message}");
        }
    }

    private int Timeout(long? next)
    {
        long now = Polling.MonotonicNanoseconds();
        long? due = next;
        foreach (WatchedContainer container in _containers.Values)
        {
            due = container.Due is { } one && !(due < one) ? one : due;
        }

        // Descriptors of processes before Linux 5.3 say nothing of their end.
        const int Slice = 100;
        int timeout = due is { } time ? (int)Math.Clamp((time - now + 999_999) / 1_000_000, 0, int.MaxValue) : -1;
        return Processes.LackPidfds && (timeout < 0 || timeout > Slice) ? Slice : timeout;
    }

    private long? Next(long now) => _printing.Interval is { } interval ? now + Math.Min(interval.Ticks, long.MaxValue / 400) * 100 : null;

    private long? PrintUsage(long? next)
    {
        long now = Polling.MonotonicNanoseconds();
        if (next is null || now < next)
        {
            return next;
        }

        Print();
        foreach (WatchedContainer container in _containers.Values)
        {
            if (container.Files is { } files)
            {
                StandardStreams.WriteOut(EventDocument.Statistics(container.Id, StatisticsReading.Of(files)));
            }
        }

        return Next(now);
    }

    private void Print()
    {
        foreach (ContainerEvent one in _found)
        {
            StandardStreams.WriteOut(_printing.ForPeople ? one.ToText() : one.ToJson());
        }

        _found.Clear();
    }
}
