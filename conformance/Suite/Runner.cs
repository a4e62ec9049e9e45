using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hull.Conformance.Suite;

/// <summary>Runs cases against a runtime: in parallel where they may, each on a thread of its own with a time limit.</summary>
internal sealed class Runner(RuntimeUnderTest runtime, int jobs, Action<Result> report, CancellationToken stop = default)
{
    // A case makes several calls, and each of them may be the one that hangs.
    private static readonly TimeSpan Limit = 3 * Patience.Limit;

    /// <exception cref="OperationCanceledException">It was told to stop; the cases under way have ended and are cleaned up after.</exception>
    public IReadOnlyList<Result> Run(IReadOnlyList<Case> cases)
    {
        try
        {
            return RunAll(cases);
        }
        finally
        {
            Cgroups.RemovePrefixIfEmpty();
        }
    }

    private Result[] RunAll(IReadOnlyList<Case> cases)
    {
        var results = new ConcurrentDictionary<Case, Result>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop };
        // One at a time from a queue: cases differ much in length.
        var together = Partitioner.Create(cases.Where(one => !one.Alone), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(together, options, one => Done(results, one));
        foreach (var one in cases.Where(one => one.Alone))
        {
            stop.ThrowIfCancellationRequested();
            Done(results, one);
        }

        return [.. cases.Select(one => results[one])];
    }

    private void Done(ConcurrentDictionary<Case, Result> results, Case one)
    {
        var result = RunOne(one);
        results[one] = result;
        lock (results)
        {
            report(result);
        }
    }

    private Result RunOne(Case one)
    {
        var watch = Stopwatch.StartNew();
        var bundle = new Bundle(runtime.Path);
        var (verdict, text) = Attempt(one, bundle);
        var left = CleanUp.After(bundle);
        return new Result(runtime, one, verdict, text, watch.Elapsed, left);
    }

    private (Verdict, string) Attempt(Case one, Bundle bundle)
    {
        (Verdict, string) outcome = (Verdict.Failed, $"did not end within {Limit.TotalSeconds} s");
        var thread = new Thread(() => outcome = Judge(one, bundle)) { IsBackground = true };
        thread.Start();
        if (!thread.Join(Limit))
        {
            return (Verdict.Failed, $"did not end within {Limit.TotalSeconds} s");
        }

        return outcome;
    }

    private (Verdict, string) Judge(Case one, Bundle bundle)
    {
        try
        {
            Skip.Unless(Environment.UserName == "root", "needs root");
            one.Body(bundle);
            return (Verdict.Passed, "");
        }
        catch (SkippedException skipped)
        {
            return (Verdict.Skipped, skipped.Message[SkippedException.Prefix.Length..]);
        }
        // Whatever a case throws is its failure: an assertion, a time limit, a document that cannot be read.
#pragma warning disable CA1031
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return runtime.RefusedByName(failure.Message) is { } refusal ? (Verdict.Skipped, "refused by name: " + refusal)
                : (runtime.Implements(one.Since) ? Verdict.Failed : Verdict.Newer, failure.Message);
        }
    }
}
