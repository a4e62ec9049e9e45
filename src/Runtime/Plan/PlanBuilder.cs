using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A plan under construction: each part of planning appends to its lists.</summary>
internal sealed class PlanBuilder
{
    private readonly ImmutableArray<HostStep>.Builder _hostBefore = ImmutableArray.CreateBuilder<HostStep>(16);
    private readonly ImmutableArray<Step>.Builder _container = ImmutableArray.CreateBuilder<Step>(96);
    private readonly ImmutableArray<HostStep>.Builder _host = ImmutableArray.CreateBuilder<HostStep>(64);
    private readonly ImmutableArray<BorrowedNamespace>.Builder _borrowed = ImmutableArray.CreateBuilder<BorrowedNamespace>();
    private readonly List<string> _warnings = [];
    private readonly HashSet<Checkpoint> _told = [];
    private NamespaceKinds _new;
    private string _cgroup = "";
    private int _cgroupOtherwiseOf;
    private bool _opensProcessFilesystem;

    /// <summary>What the operator should know although nothing failed.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The host does this before the container process exists.</summary>
    public void HostBefore(HostAction action, Origin origin) => _hostBefore.Add(new HostStep(action, origin));

    /// <summary>The container process does this next.</summary>
    public void Container(Operation operation, Origin origin) => _container.Add(new Step(operation, origin));

    /// <summary>The host does this next, while the container process lives.</summary>
    public void Host(HostAction action, Origin origin) => _host.Add(new HostStep(action, origin));

    /// <summary>The host does this next, while the container process lives.</summary>
    public void Host(HostStep step) => _host.Add(step);

    /// <summary>The container process is cloned into this new namespace.</summary>
    public void CloneInto(NamespaceKinds kind) => _new |= kind;

    /// <summary>The container process is cloned into this existing namespace.</summary>
    public void CloneInto(Slot slot, NamespaceKinds kind) => _borrowed.Add(new BorrowedNamespace(slot, kind));

    /// <summary>The container process is cloned into this v2 cgroup.</summary>
    public void CloneInto(string cgroupDirectory) => _cgroup = cgroupDirectory;

    /// <summary>The process is cloned into this v2 cgroup, or, when that one cannot take it, into that of another process.</summary>
    public void CloneInto(string cgroupDirectory, int otherwiseWhere) => (_cgroup, _cgroupOtherwiseOf) = (cgroupDirectory, otherwiseWhere);

    /// <summary>The host waits here until the container process has reached the checkpoint.</summary>
    public void HostWaitsFor(Checkpoint checkpoint, Origin origin)
    {
        Container(new Announce(checkpoint), origin);
        Host(new AwaitContainer(checkpoint), origin);
    }

    /// <summary>The container process waits here until the host has reached the checkpoint.</summary>
    public void ContainerWaitsFor(Checkpoint checkpoint, Origin origin)
    {
        Container(new Await(checkpoint), origin);
        Host(new TellContainer(checkpoint), origin);
    }

    /// <summary>The host says here that the checkpoint is reached; the container process waits for that at the next <see cref="AwaitIfTold"/>.</summary>
    public void TellLater(Checkpoint checkpoint, Origin origin)
    {
        _told.Add(checkpoint);
        Host(new TellContainer(checkpoint), origin);
    }

    /// <summary>The container process waits for a checkpoint of <see cref="TellLater"/>, unless it has waited for it already.</summary>
    public void AwaitIfTold(Checkpoint checkpoint, Origin origin)
    {
        if (_told.Remove(checkpoint))
        {
            Container(new Await(checkpoint), origin);
        }
    }

    /// <summary>The host's procfs is open when the container process is cloned; once, however often it is asked for.</summary>
    public void OpenProcessFilesystem(Origin origin)
    {
        if (!_opensProcessFilesystem)
        {
            _opensProcessFilesystem = true;
            HostBefore(new OpenProcessFilesystem(), origin);
        }
    }

    /// <summary>Part of the configuration has no effect here, and the specification wants a warning for that.</summary>
    public void Warn(string text) => _warnings.Add(text);

    /// <summary>The steps of the container process so far.</summary>
    public IReadOnlyList<Step> ContainerSteps => _container;

    /// <summary>The finished plan.</summary>
    public Plan ToPlan() => new(
        _hostBefore.ToImmutable(),
        new CloneRequest(_new, _borrowed.ToImmutable(), _cgroup, _cgroupOtherwiseOf),
        _container.ToImmutable(),
        _host.ToImmutable(),
        [.. _warnings]);
}
