using System.Collections.Immutable;
using Hull.Linux;
using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>A plan while it is being made: the chapters of planning append to its lists.</summary>
internal sealed class Lanes
{
    private readonly ImmutableArray<HostStep>.Builder _before = ImmutableArray.CreateBuilder<HostStep>(16);
    private readonly ImmutableArray<Step>.Builder _inside = ImmutableArray.CreateBuilder<Step>(96);
    private readonly ImmutableArray<HostStep>.Builder _beside = ImmutableArray.CreateBuilder<HostStep>(64);
    private readonly ImmutableArray<BorrowedNamespace>.Builder _borrowed = ImmutableArray.CreateBuilder<BorrowedNamespace>();
    private readonly List<string> _warnings = [];
    private readonly HashSet<Checkpoint> _promised = [];
    private NamespaceKinds _new;
    private string _cgroup = "";
    private int _cgroupOtherwiseOf;
    private bool _opensProcessFilesystem;

    /// <summary>What the operator should know although nothing failed.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The host does this before the container process exists.</summary>
    public void Before(HostAction action, Origin origin) => _before.Add(new HostStep(action, origin));

    /// <summary>The container process does this next.</summary>
    public void Inside(Operation operation, Origin origin) => _inside.Add(new Step(operation, origin));

    /// <summary>The host does this next, while the container process lives.</summary>
    public void Beside(HostAction action, Origin origin) => _beside.Add(new HostStep(action, origin));

    /// <summary>The host does this next, while the container process lives.</summary>
    public void Beside(HostStep step) => _beside.Add(step);

    /// <summary>The container process is born into this new namespace.</summary>
    public void BornInto(NamespaceKinds kind) => _new |= kind;

    /// <summary>The container process is born into this existing namespace.</summary>
    public void BornInto(Slot slot, NamespaceKinds kind) => _borrowed.Add(new BorrowedNamespace(slot, kind));

    /// <summary>The container process is born into this v2 cgroup.</summary>
    public void BornInto(string cgroupDirectory) => _cgroup = cgroupDirectory;

    /// <summary>The process is born into this v2 cgroup, or, when that one cannot take it, where another process is.</summary>
    public void BornInto(string cgroupDirectory, int otherwiseWhere) => (_cgroup, _cgroupOtherwiseOf) = (cgroupDirectory, otherwiseWhere);

    /// <summary>The host waits here for the container process.</summary>
    public void MeetHost(Checkpoint checkpoint, Origin origin)
    {
        Inside(new Announce(checkpoint), origin);
        Beside(new AwaitContainer(checkpoint), origin);
    }

    /// <summary>The container process waits here for the host.</summary>
    public void MeetContainer(Checkpoint checkpoint, Origin origin)
    {
        Inside(new Await(checkpoint), origin);
        Beside(new TellContainer(checkpoint), origin);
    }

    /// <summary>The host tells the container process here; that one waits for it where <see cref="AwaitIfPromised"/> first says so.</summary>
    public void Promise(Checkpoint checkpoint, Origin origin)
    {
        _promised.Add(checkpoint);
        Beside(new TellContainer(checkpoint), origin);
    }

    /// <summary>The container process waits for the host's word, if there will be one and it has not had it already.</summary>
    public void AwaitIfPromised(Checkpoint checkpoint, Origin origin)
    {
        if (_promised.Remove(checkpoint))
        {
            Inside(new Await(checkpoint), origin);
        }
    }

    /// <summary>The host's procfs is open when the container process is born; once, however many chapters want it.</summary>
    public void OpenProcessFilesystem(Origin origin)
    {
        if (!_opensProcessFilesystem)
        {
            _opensProcessFilesystem = true;
            Before(new OpenProcessFilesystem(), origin);
        }
    }

    /// <summary>Something is not as asked, and the specification wants that to be a warning.</summary>
    public void Warn(string text) => _warnings.Add(text);

    /// <summary>The steps of the container process so far.</summary>
    public IReadOnlyList<Step> StepsInside => _inside;

    /// <summary>The finished plan.</summary>
    public Plan ToPlan() => new(
        _before.ToImmutable(),
        new CloneRequest(_new, _borrowed.ToImmutable(), _cgroup, _cgroupOtherwiseOf),
        _inside.ToImmutable(),
        _beside.ToImmutable(),
        [.. _warnings]);
}
