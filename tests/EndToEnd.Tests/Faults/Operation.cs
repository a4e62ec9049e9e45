using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Faults;

/// <summary>One command of the runtime on one bundle, to be disturbed: what comes before it, and what is right after it.</summary>
internal abstract class Operation(Bundle bundle)
{
    private string _undisturbed = "";

    public Bundle Bundle => bundle;

    public string PidFile => Path.Combine(bundle.Home, "pid");

    /// <summary>A failure undoes everything; else delete --force has to.</summary>
    public abstract bool UndoesItself { get; }

    /// <summary>What the runtime ends with when nothing goes wrong.</summary>
    public virtual int Status => 0;

    /// <summary>The system call with which the part begins that is disturbed; null for the whole operation.</summary>
    public virtual string? FirstCall => null;

    /// <summary>The runtime's arguments after --root.</summary>
    protected abstract string[] Arguments { get; }

    /// <summary>Brings the container to where the operation begins.</summary>
    public virtual void Prepare() => bundle.Save();

    /// <summary>Runs it under strace.</summary>
    public Outcome Run(params string[] strace) =>
        new Command(bundle.Scratch, ["strace", .. strace, HullBinary.Path, "--root", bundle.StateRoot, .. Arguments]).Run();

    /// <summary>Sees what comes of it when nothing goes wrong.</summary>
    public void Learn()
    {
        Prepare();
        Outcome outcome = Run("-o", "/dev/null");
        outcome.Status.Should().Be(Status, outcome.Error);
        _undisturbed = Seen(outcome);
        bundle.Delete("--force").ShouldSucceed();
        File.Delete(PidFile);
    }

    /// <summary>After the right exit status: what differs from the undisturbed operation, or null.</summary>
    public string? Difference(Outcome outcome)
    {
        string[] right = _undisturbed.Split('\n'), seen = Seen(outcome).Split('\n');
        return seen.SequenceEqual(right) ? null : $"{string.Join("; ", seen.Except(right))} instead of {string.Join("; ", right.Except(seen))}";
    }

    /// <summary>After a failure that the runtime lived to tell: what it has left although it should have undone it, or null.</summary>
    public virtual string? Remains() => null;

    /// <summary>The result of the operation, as a text that is always the same.</summary>
    protected abstract string Seen(Outcome outcome);

    /// <summary>What the observer wrote, without what differs in each container.</summary>
    protected static string Normal(string observation)
    {
        if (observation.Length == 0)
        {
            return "the observer said nothing";
        }

        var seen = JsonNode.Parse(observation)!.AsObject();
        seen.Remove("namespaces");
        seen.Remove("descriptors");
        seen.Remove("pid");
        seen.Remove("session");
        // Hierarchies that hull has no part in come and go with what others do on this host.
        seen["cgroup"] = new JsonArray([.. seen["cgroup"]!.AsArray().Where(line => !((string)line!).EndsWith(":/", StringComparison.Ordinal)).Select(line => line!.DeepClone())]);
        seen["env"] = new JsonArray([.. seen["env"]!.AsObject().Select(variable => (JsonNode)$"{variable.Key}={variable.Value}").OrderBy(line => (string?)line, StringComparer.Ordinal)]);
        return string.Join('\n', seen.Select(member => member.Key + " " + member.Value?.ToJsonString()));
    }

    protected string ObserveUntilStopped(Func<string> output)
    {
        bundle.WaitForStatus("stopped");
        return Normal(output());
    }
}

internal sealed class CreateOperation(Bundle bundle) : Operation(bundle)
{
    public override bool UndoesItself => true;

    protected override string[] Arguments => ["create", "--bundle", Bundle.Location, "--pid-file", PidFile, Bundle.Id];

    protected override string Seen(Outcome outcome)
    {
        if (Bundle.Status() is not "created" and var status)
        {
            return $"status {status}";
        }

        if (File.ReadAllText(PidFile) != Bundle.ProcessId().ToString(CultureInfo.InvariantCulture))
        {
            return "another pid in the pid file";
        }

        var start = Bundle.Start();
        return start.Status == 0 ? ObserveUntilStopped(outcome.OutputNow) : start.ToString();
    }
}

internal sealed class RunOperation(Bundle bundle) : Operation(bundle)
{
    // Once the program has ended, its status is the result, and what stays is only told.
    public override bool UndoesItself => true;

    protected override string[] Arguments => ["run", "--bundle", Bundle.Location, Bundle.Id];

    protected override string Seen(Outcome outcome) => Normal(outcome.Output);
}

/// <summary>The wait for a program that ends with 7, and all that comes after it.</summary>
internal sealed class RunToTheEndOperation(Bundle bundle) : Operation(bundle)
{
    public override bool UndoesItself => false;

    public override int Status => 7;

    public override string FirstCall => "ppoll";

    protected override string[] Arguments => ["run", "--bundle", Bundle.Location, Bundle.Id];

    protected override string Seen(Outcome outcome) => outcome.Output;
}

/// <summary>The same of a program that joins a container.</summary>
internal sealed class ExecToTheEndOperation(Bundle bundle) : Operation(bundle)
{
    public override bool UndoesItself => false;

    public override int Status => 7;

    public override string FirstCall => "ppoll";

    protected override string[] Arguments => ["exec", Bundle.Id, "/bin/sh", "-c", "exit 7"];

    public override void Prepare() => Bundle.Running();

    protected override string Seen(Outcome outcome) => outcome.Output;
}

internal sealed class StartOperation(Bundle bundle) : Operation(bundle)
{
    private RunningCommand? _create;

    public override bool UndoesItself => false;

    protected override string[] Arguments => ["start", Bundle.Id];

    public override void Prepare() => _create = Bundle.Create();

    protected override string Seen(Outcome outcome) => ObserveUntilStopped(() => _create!.Output);
}

internal sealed class DeleteOperation(Bundle bundle) : Operation(bundle)
{
    public override bool UndoesItself => false;

    protected override string[] Arguments => ["delete", "--force", Bundle.Id];

    public override void Prepare() => Bundle.Create();

    protected override string Seen(Outcome outcome) => Bundle.Status() ?? "gone";
}

internal sealed class ExecOperation(Bundle bundle) : Operation(bundle)
{
    public override bool UndoesItself => false;

    protected override string[] Arguments => ["exec", "--detach", "--pid-file", PidFile, Bundle.Id, "/observer"];

    public override void Prepare() => Bundle.Running();

    public override string? Remains()
    {
        if (File.Exists(PidFile))
        {
            return "a pid file";
        }

        var first = Bundle.ProcessId();
        return Eventually.Try(() => Cgroups.Processes(Cgroups.Below(Bundle.CgroupPath)).SequenceEqual([first]), Patience.Limit)
            ? null
            : $"processes {string.Join(' ', Cgroups.Processes(Cgroups.Below(Bundle.CgroupPath)))} beside {first}";
    }

    protected override string Seen(Outcome outcome)
    {
        Eventually.Holds(() => outcome.OutputNow().EndsWith('\n'), () => "the observer should have spoken");
        return Bundle.Status() == "running" && File.ReadAllText(PidFile).Length > 0 ? Normal(outcome.OutputNow()) : "no container or no pid file";
    }
}
