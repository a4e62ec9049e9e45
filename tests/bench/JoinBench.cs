namespace Hull.Bench;

/// <summary>What is asked of a container that runs: another program, its state, a signal; and of a thousand, a list.</summary>
internal static class JoinBench
{
    private const int Containers = 1000;

    public static void Run(Contender[] contenders, int rounds)
    {
        Contender[] alive = [.. contenders.Where(contender => contender.HasLifecycle)];
        Array.ForEach(alive, contender => contender.Begin());
        try
        {
            Console.WriteLine($"exec of `true` in a running container, {rounds} interleaved rounds");
            Table.Print(Measurement.Interleaved(rounds, alive, contender => contender.Exec()));
            Console.WriteLine($"exec --detach --pid-file of `true`, {rounds} interleaved rounds");
            Table.Print(Measurement.Interleaved(rounds, alive, contender => contender.ExecDetached()));
            Console.WriteLine($"state, {rounds} interleaved rounds");
            Table.Print(Measurement.Interleaved(rounds, alive, contender => contender.State()));
            Console.WriteLine($"kill with a signal that changes nothing, {rounds} interleaved rounds");
            Table.Print(Measurement.Interleaved(rounds, alive, contender => contender.Signal()));
            Console.WriteLine($"list of {Containers} containers, {rounds} interleaved rounds");
            Array.ForEach(alive, contender => contender.Multiply(Containers));
            Table.Print(Measurement.Interleaved(rounds, alive, contender => contender.List()));
        }
        finally
        {
            Array.ForEach(alive, contender => contender.End());
        }
    }
}
