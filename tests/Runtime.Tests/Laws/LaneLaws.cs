using Hull.Linux;

namespace Hull.Runtime.Tests.Laws;

/// <summary>How the two processes of a plan get on with each other. Each law yields what breaks it.</summary>
internal static class ChannelLaws
{
    /// <summary>Both lanes are walked, each as far as the other lets it: both must reach their ends.</summary>
    internal static IEnumerable<string> BothEnd(Example example)
    {
        Plan plan = example.Plan!;
        var toHost = new Queue<Checkpoint>();
        var toContainer = new Queue<Checkpoint>();
        int inside = 0;
        int beside = 0;
        bool moved = true;
        while (moved)
        {
            int before = inside + beside;
            while (inside < plan.Container.Length && Container(plan.Container[inside].Operation, toHost, toContainer, beside == plan.Host.Length))
            {
                inside++;
            }

            while (beside < plan.Host.Length && Host(plan.Host[beside].Action, toHost, toContainer, inside == plan.Container.Length))
            {
                beside++;
            }

            moved = inside + beside > before;
        }

        if (inside < plan.Container.Length)
        {
            yield return $"the container process stays at step {inside}, {plan.Container[inside].Operation.Describe()}";
        }

        if (beside < plan.Host.Length)
        {
            yield return $"the host stays at step {beside}, {plan.Host[beside].Action.Describe()}";
        }

        if (toHost.Count + toContainer.Count > 0)
        {
            yield return "something was said that nobody heard";
        }
    }

    /// <summary>The container is recorded when the container process has said that everything is ready, and before it may go on.</summary>
    internal static IEnumerable<string> RecordedWhenReady(Example example)
    {
        HostAction[] actions = [.. example.Plan!.Host.Select(step => step.Action)];
        int record = Array.FindIndex(actions, action => action is RecordContainer);
        if (actions.Count(action => action is RecordContainer) != 1)
        {
            yield return "the container is not recorded exactly once";
        }
        else if (actions[..record].LastOrDefault(action => action is not (SetScheduler or SetIoPriority)) is not AwaitContainer { Checkpoint: Checkpoint.Ready })
        {
            yield return "the container is recorded before it is ready";
        }
        else if (record + 1 == actions.Length || actions[record + 1] is not TellContainer { Checkpoint: Checkpoint.Recorded })
        {
            yield return "the container process goes on before it is recorded";
        }
    }

    /// <summary>Only create waits for start, only run waits for the program; and a gate is there when somebody waits at it.</summary>
    internal static IEnumerable<string> WaitsAsAsked(Example example)
    {
        Plan plan = example.Plan!;
        int waits = plan.Container.Count(step => step.Operation is WaitForStart);
        int gates = plan.HostBefore.Count(step => step.Action is OpenStartSocket);
        bool awaitsProgram = plan.Host.Length > 0 && plan.Host[^1].Action is AwaitProgram;
        int expected = example.Request.WaitForStart ? 1 : 0;
        if (waits != expected || gates != expected)
        {
            yield return $"{waits} waits for start at {gates} gates instead of {expected}";
        }

        if (awaitsProgram == example.Request.WaitForStart)
        {
            yield return awaitsProgram ? "create waits for a program that waits for start" : "run does not wait for its program";
        }
    }

    private static bool Container(Operation operation, Queue<Checkpoint> toHost, Queue<Checkpoint> toContainer, bool hostHasEnded)
    {
        switch (operation)
        {
            case Announce announce: toHost.Enqueue(announce.Checkpoint); return true;
            case OpenConsole: toHost.Enqueue(Checkpoint.ConsoleReady); return true;
            case ForkIntoPidNamespace: toHost.Enqueue(Checkpoint.Forked); return true;
            case Await wait: return Take(toContainer, wait.Checkpoint);
            case WaitForStart: return hostHasEnded;
            default: return true;
        }
    }

    private static bool Host(HostAction action, Queue<Checkpoint> toHost, Queue<Checkpoint> toContainer, bool programRuns)
    {
        switch (action)
        {
            case TellContainer tell: toContainer.Enqueue(tell.Checkpoint); return true;
            case AwaitContainer wait: return Take(toHost, wait.Checkpoint);
            case AwaitProgram: return programRuns;
            default: return true;
        }
    }

    private static bool Take(Queue<Checkpoint> said, Checkpoint expected)
    {
        if (said.Count == 0 || said.Peek() != expected)
        {
            return false;
        }

        said.Dequeue();
        return true;
    }
}
