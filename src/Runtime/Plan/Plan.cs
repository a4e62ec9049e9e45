using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A step of the container process.</summary>
internal sealed record Step(Operation Operation, Origin Origin);

/// <summary>A step of the host process.</summary>
internal sealed record HostStep(HostAction Action, Origin Origin);

/// <summary>How the container process is cloned.</summary>
/// <param name="New">Namespaces made for it.</param>
/// <param name="Borrowed">
/// Namespaces that the host enters while it clones the process, so that the process starts inside them: once it is in a user namespace of
/// its own, the process could not enter them itself.
/// </param>
/// <param name="Cgroup">The directory of the v2 cgroup that the process is cloned into; empty for the host's own.</param>
/// <param name="CgroupOtherwiseOf">When that cgroup cannot take a process: the process whose cgroup is used instead. 0 for none.</param>
internal sealed record CloneRequest(NamespaceKinds New, ImmutableArray<BorrowedNamespace> Borrowed, string Cgroup, int CgroupOtherwiseOf = 0);

/// <summary>One namespace of <see cref="CloneRequest.Borrowed"/>.</summary>
internal readonly record struct BorrowedNamespace(Slot Slot, NamespaceKinds Kind);

/// <summary>
/// All that will be done to make a container, in order: two lists for two processes. It has no branch, variable or loop;
/// what can be decided is decided, and what a kernel may lack is handled inside one operation.
/// </summary>
internal sealed class Plan
{
    /// <summary>Puts the two lists together.</summary>
    /// <exception cref="ArgumentException">A checkpoint of one list is missing in the other: one process would wait for ever.</exception>
    public Plan(
        ImmutableArray<HostStep> hostBefore,
        CloneRequest clone,
        ImmutableArray<Step> container,
        ImmutableArray<HostStep> host,
        ImmutableArray<string> warnings)
    {
        HostBefore = hostBefore;
        Clone = clone;
        Container = container;
        Host = host;
        Warnings = warnings;
        if (FirstMismatch() is { } mismatch)
        {
            throw new ArgumentException(mismatch);
        }
    }

    /// <summary>What the host does before the container process exists.</summary>
    public ImmutableArray<HostStep> HostBefore { get; }

    /// <summary>How the container process is cloned.</summary>
    public CloneRequest Clone { get; }

    /// <summary>What the container process does; ends in <see cref="Execute"/>.</summary>
    public ImmutableArray<Step> Container { get; }

    /// <summary>What the host does while the container process carries out its own list.</summary>
    public ImmutableArray<HostStep> Host { get; }

    /// <summary>What the operator should know although the plan can be carried out.</summary>
    public ImmutableArray<string> Warnings { get; }

    private string? FirstMismatch()
    {
        if (Container.Length == 0 || Container[^1].Operation is not Execute)
        {
            return "the container process's last step must be to run the program";
        }

        var expected = new List<(Checkpoint Checkpoint, bool ToHost)>();
        foreach (Step step in Container)
        {
            switch (step.Operation)
            {
                case Announce announce: expected.Add((announce.Checkpoint, true)); break;
                case Await await: expected.Add((await.Checkpoint, false)); break;
                case OpenConsole: expected.Add((Checkpoint.ConsoleReady, true)); break;
                case ForkIntoPidNamespace: expected.Add((Checkpoint.Forked, true)); break;
            }
        }

        int next = 0;
        foreach (HostStep step in Host)
        {
            (Checkpoint Checkpoint, bool ToHost)? message = step.Action switch
            {
                AwaitContainer wait => (wait.Checkpoint, true),
                TellContainer tell => (tell.Checkpoint, false),
                _ => null,
            };
            if (message is null)
            {
                continue;
            }

            if (next == expected.Count || expected[next] != message)
            {
                return $"checkpoint {next} of the host ({message.Value.Checkpoint}) is not one of the container process";
            }

            next++;
        }

        return next == expected.Count ? null : $"checkpoint {next} of the container process ({expected[next].Checkpoint}) is not one of the host";
    }
}
