using CommandLine;

namespace Hull.Runtime;

internal enum PlanFormat { Text, Json }

[Verb("plan", HelpText = "print what create would do, step by step, and do nothing")]
[Example("--bundle /bundles/web", "read what create would do")]
[Example("--format json", "the same for programs")]
internal sealed class PlanOptions : BundleOptions
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to print the plan")]
    public PlanFormat Format { get; set; }

    [Value(0, MetaName = "container-id", HelpText = "the name that the container would have")]
    public string? ContainerId { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => PlanCommand.Run(global, this, log);
}

/// <summary><c>hull plan</c>: what create would do, step by step. Needs no privileges and changes nothing.</summary>
internal static class PlanCommand
{
    internal static int Run(GlobalOptions global, PlanOptions options, Log log)
    {
        Bundle bundle = Bundle.Read(options.Bundle, log);
        var request = new CreateRequest
        {
            Id = string.IsNullOrEmpty(options.ContainerId) ? "plan" : options.ContainerId,
            Bundle = bundle.Path,
            Config = bundle.Config,
            WaitForStart = true,
            ConsoleSocket = bundle.Config.Process?.Terminal == true ? "of --console-socket" : null,
            NoPivot = options.NoPivot,
            NoNewKeyring = options.NoNewKeyring,
            PreservedDescriptors = checked((int)Math.Min(options.PreserveFds, 1 << 20)),
        };
        HostFacts facts = CgroupDriver.Choose(global.CgroupChoice, HostProbe.Probe(request), out UnitManager? systemd);
        systemd?.Dispose();
        Plan plan = CreatePlanner.Plan(request, facts);
        StandardStreams.WriteOut(options.Format == PlanFormat.Json ? PlanDocument.Write(plan) : PlanPrinter.Print(plan));
        return ExitStatus.Success;
    }
}
