namespace Hull.Bench;

/// <summary>Many at a time, on a machine that has nothing else to do: what counts is the processor time of all of them.</summary>
internal static class CrowdBench
{
    private const int Execs = 2000;
    private const int ExecsAtOnce = 8;

    public static void Run(Contender[] runtimes, int rounds)
    {
        foreach (var crowd in new[] { 8, 32 })
        {
            Console.WriteLine($"run of the default bundle with `true`, {crowd} at a time, {rounds} interleaved rounds");
            Table.Print(Measurement.Interleaved(rounds, runtimes, runtime => AtOnce(crowd, number => runtime.RunNumber(number))));
        }

        Array.ForEach(runtimes, runtime => runtime.Begin());
        try
        {
            Console.WriteLine($"{Execs} execs of `true`, {ExecsAtOnce} at a time");
            Table.Print(Measurement.Interleaved(1, runtimes, runtime => AtOnce(ExecsAtOnce, _ => Repeat(Execs / ExecsAtOnce, runtime.Exec))));
        }
        finally
        {
            Array.ForEach(runtimes, runtime => runtime.End());
        }
    }

    private static Sample Repeat(int times, Func<Sample> measure)
    {
        var sum = default(Sample);
        for (var time = 0; time < times; time++)
        {
            sum += measure();
        }

        return sum;
    }

    private static Sample AtOnce(int count, Func<int, Sample> measure)
    {
        var samples = new Sample[count];
        var threads = new Thread[count];
        var failures = new Exception?[count];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var number = 0; number < count; number++)
        {
            var own = number;
            threads[number] = new Thread(() =>
            {
                try
                {
                    samples[own] = measure(own);
                }
                catch (InvalidOperationException exception)
                {
                    failures[own] = exception;
                }
            });
            threads[number].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        if (failures.FirstOrDefault(failure => failure is not null) is { } failed)
        {
            throw new InvalidOperationException(failed.Message, failed);
        }

        var sum = samples.Aggregate((left, right) => left + right);
        return sum with { Milliseconds = watch.Elapsed.TotalMilliseconds };
    }
}
