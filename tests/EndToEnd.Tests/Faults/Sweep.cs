using System.Globalization;

namespace Hull.EndToEnd.Tests.Faults;

/// <summary>
/// Disturbs an operation in one way after the other and notes which trials broke a law: no hang; the right exit status means that all is right;
/// another one comes with a message; what is left can be removed, and a creation that fails leaves nothing.
/// HULL_FAULTS=all makes every trial, HULL_FAULTS=number chooses another sample.
/// </summary>
internal sealed class Sweep(Func<Operation> make, bool follow)
{
    private const int SampleSize = 24;
    private const int DefaultSeed = 1;

    // The runtime itself died: it can neither speak nor undo.
    private const int KilledItself = 128 + 9;

    // What exec ends with when it fails itself.
    private const int ExecFailed = 255;
    private readonly List<string> _broken = [];
    private Operation _operation = Make(make);

    private static string Request => Environment.GetEnvironmentVariable("HULL_FAULTS") ?? "";

    /// <summary>The laws that were broken, each with its trial.</summary>
    public IReadOnlyList<string> Broken => _broken;

    /// <summary>How many trials were made, and how many of them disturbed the operation so that it failed.</summary>
    public int Trials { get; private set; }

    public int Failed { get; private set; }

    /// <summary>How many had the right exit status and a warning.</summary>
    public int Warned { get; private set; }

    /// <summary>The calls of an undisturbed operation.</summary>
    public IReadOnlyList<TracedCall> Calls()
    {
        var log = Path.Combine(_operation.Bundle.Scratch, "strace");
        _operation.Prepare();
        Outcome outcome = _operation.Run([.. Following, "-s", "4096", "-o", log]);
        outcome.Status.Should().Be(_operation.Status, outcome.Error);
        _operation.Bundle.Delete("--force").ShouldSucceed();
        File.Delete(_operation.PidFile);
        var lines = File.ReadAllLines(log);
        IEnumerable<TracedCall> calls = follow ? TracedCall.OfContainer(lines) : TracedCall.OfRuntime(lines, _operation.Bundle.Home);
        return [.. calls.SkipWhile(call => _operation.FirstCall is { } first && call.Name != first)];
    }

    /// <summary>Makes the trials, or a sample of them.</summary>
    public Sweep Try(IEnumerable<Fault> faults)
    {
        foreach (var fault in Sample([.. faults]))
        {
            Trials++;
            var before = HostSnapshot.Take(_operation.Bundle);
            try
            {
                Try(fault, before);
            }
            catch (Exception broken)
            {
                // A law is broken, whichever exception says so; the next trial gets a container of its own.
                _broken.Add($"{fault}: {broken.Message}");
                _operation = Make(make);
            }
        }

        return this;
    }

    private static Operation Make(Func<Operation> make)
    {
        var operation = make();
        operation.Learn();
        return operation;
    }

    private string[] Following => follow ? ["-f"] : [];

    private static Fault[] Sample(Fault[] all)
    {
        if (Request == "all")
        {
            return all;
        }

        var random = new Random(int.TryParse(Request, CultureInfo.InvariantCulture, out var seed) ? seed : DefaultSeed);
#pragma warning disable CA5394 // A sample that can be repeated is what is wanted.
        random.Shuffle(all);
#pragma warning restore CA5394
        return all[..Math.Min(SampleSize, all.Length)];
    }

    private void Try(Fault fault, HostSnapshot before)
    {
        var bundle = _operation.Bundle;
        _operation.Prepare();
        var outcome = _operation.Run([.. Following, "-o", "/dev/null", "-e", fault.Injection]);
        Failed += outcome.Status == _operation.Status ? 0 : 1;
        if (outcome.Status == _operation.Status)
        {
            // A call with a fallback, or whose failure does not matter or is only told, or which was not made this time.
            Warned += outcome.Error.Length == 0 ? 0 : 1;
            _operation.Difference(outcome).Should().BeNull("the exit status is right");
        }
        else if (!fault.IsKill || outcome.Status != KilledItself)
        {
            outcome.Status.Should().Match(status => status < 128 || status == ExecFailed, "nothing may crash: {0}", outcome.Error);
            outcome.Error.Should().NotBeEmpty("a failure has a message");
            _operation.Remains().Should().BeNull("what fails is undone; it said {0}", outcome.Error);
            if (_operation.UndoesItself)
            {
                HostSnapshot.ShouldBecome(bundle, before, "what fails is undone; it said " + outcome.Error);
                File.Exists(_operation.PidFile).Should().BeFalse("a pid file without a container misleads");
            }
        }

        bundle.Runtime("delete", "--force", bundle.Id).Run().ShouldSucceed();
        HostSnapshot.ShouldBecome(bundle, before, "delete --force removes everything; it said " + outcome.Error);
        File.Delete(_operation.PidFile);
    }
}
