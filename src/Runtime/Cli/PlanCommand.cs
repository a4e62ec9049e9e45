using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("plan", HelpText = "print what create would do, step by step, and do nothing")]
[Example("--bundle /bundles/web", "read what create would do")]
[Example("--summary --bundle /bundles/web", "who it runs as, what it may do and what it shares with the host")]
[Example("--diff /bundles/web /bundles/web-new", "what changes in the container from one configuration to the other")]
internal sealed class PlanOptions : BundleOptions
{
    [Option('f', "format", MetaValue = "text|json|html", HelpText = "how to print it; html is one page for a browser, both processes side by side")]
    public PlanFormat Format { get; set; }

    [Option("summary", HelpText = "the container in a dozen lines instead of its steps")]
    public bool Summary { get; set; }

    [Option("risk", HelpText = "what weakens the isolation, the gravest first, with the property")]
    public bool Risk { get; set; }

    [Option("diff", MetaValue = "OLD", HelpText = "the steps that differ from those of another bundle, or of a configuration in a file; the argument is then the new one")]
    public string? Diff { get; set; }

    [Option("trace", MetaValue = "FILE", HelpText = "with --format html: the times that create --trace FILE or run --trace FILE has measured")]
    public string? Trace { get; set; }

    [Option("cgroups", HelpText = "each step about cgroups on a line of its own")]
    public bool Cgroups { get; set; }

    [Value(0, MetaName = "container-id", HelpText = "the name that the container would have; with --diff the new bundle or configuration")]
    public string? ContainerId { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => PlanCommand.Run(global, this, log);
}

internal enum PlanFormat { Text, Json, Html }

/// <summary><c>hull plan</c>: what create would do, step by step. Needs no privileges and changes nothing.</summary>
internal static class PlanCommand
{
    internal static int Run(GlobalOptions global, PlanOptions options, Log log)
    {
        if ((options.Summary ? 1 : 0) + (options.Risk ? 1 : 0) + (options.Diff is null ? 0 : 1) > 1)
        {
            throw new RuntimeError("--summary, --risk and --diff exclude each other: each is another view of the plan");
        }

        bool isPage = options.Format == PlanFormat.Html, isView = options.Summary || options.Risk || options.Diff is not null;
        if ((isPage && isView) || (options.Trace is not null && !isPage))
        {
            throw new RuntimeError(isPage ? "--format html is of the plan itself, not of --summary, --risk and --diff" : "--trace FILE needs --format html");
        }

        StandardStreams.WriteOut(options.Diff is { } old ? Difference(global, options, old, log) : View(global, options, log));
        return ExitStatus.Success;
    }

    /// <summary>The container of a bundle, as far as what is planned does not depend on the caller.</summary>
    /// <param name="bundle">Its absolute path.</param>
    internal static CreateRequest RequestOf(string bundle, Config config) => new()
    {
        Id = "plan",
        Bundle = bundle,
        Config = config,
        WaitForStart = true,
        ConsoleSocket = config.Process?.Terminal == true ? "of --console-socket" : null,
    };

    private static string View(GlobalOptions global, PlanOptions options, Log log)
    {
        Bundle bundle = Bundle.Read(options.Bundle, log);
        CreateRequest request = RequestOf(options, bundle.Path, bundle.Config);
        request = string.IsNullOrEmpty(options.ContainerId) ? request : request with { Id = options.ContainerId };
        Plan plan = PlanOf(global.CgroupChoice, request);
        bool isJson = options.Format == PlanFormat.Json;
        if (options.Risk)
        {
            IReadOnlyList<Risk> risks = RiskReview.Of(CreatePlanner.Resolve(request), plan);
            return isJson ? Risk.Json(risks) : Risk.Lines(risks);
        }

        if (options.Summary)
        {
            ResolvedContainer container = CreatePlanner.Resolve(request);
            return isJson ? ContainerSummary.Json(container, plan) : ContainerSummary.Text(container, plan);
        }

        return options.Format == PlanFormat.Html ? PlanPage.Write(plan, bundle.Path, TimesOf(options.Trace))
            : isJson ? PlanDocument.Write(plan) : PlanPrinter.Print(plan, foldsCgroups: !options.Cgroups);
    }

    private static MeasuredTimes TimesOf(string? file)
    {
        try
        {
            return file is null ? MeasuredTimes.None : MeasuredTimes.Parse(file, HostFiles.ReadAll(Fd.CurrentDirectory, file));
        }
        catch (KernelException failure)
        {
            throw new RuntimeError($"option --trace: {failure.Call}", failure.Errno);
        }
    }

    /// <summary>Both are planned as if they lay in the new one's bundle: where a bundle lies is no property of its container.</summary>
    private static string Difference(GlobalOptions global, PlanOptions options, string old, Log log)
    {
        string current = options.ContainerId ?? options.Bundle ?? ".";
        (string directory, string file) = Configuration(current);
        (string oldDirectory, string oldFile) = Configuration(old);
        Config newConfig = Bundle.Read(directory, log, file).Config;
        Config oldConfig = Bundle.Read(oldDirectory, log, oldFile).Config;
        string bundle = Bundle.AbsolutePath(directory);
        Plan oldPlan = PlanOf(global.CgroupChoice, RequestOf(options, bundle, oldConfig)), newPlan = PlanOf(global.CgroupChoice, RequestOf(options, bundle, newConfig));
        return options.Format == PlanFormat.Json ? PlanDifference.Json(oldPlan, newPlan) : PlanDifference.Text(oldPlan, newPlan);
    }

    /// <summary>A bundle, or the configuration itself, which may have any name.</summary>
    private static (string Directory, string File) Configuration(string path)
    {
        if (!path.EndsWith(".json", StringComparison.Ordinal))
        {
            return (path, Bundle.FileName);
        }

        int slash = path.LastIndexOf('/');
        return (slash < 0 ? "." : slash == 0 ? "/" : path[..slash], path[(slash + 1)..]);
    }

    private static CreateRequest RequestOf(PlanOptions options, string bundle, Config config) => RequestOf(bundle, config) with
    {
        NoPivot = options.NoPivot,
        NoNewKeyring = options.NoNewKeyring,
        PreservedDescriptors = checked((int)Math.Min(options.PreserveFds, 1 << 20)),
    };

    /// <summary>What create would do here.</summary>
    internal static Plan PlanOf(CgroupChoice cgroups, CreateRequest request)
    {
        HostFacts facts = CgroupDriver.Choose(cgroups, HostProbe.Probe(request), out UnitManager? systemd);
        systemd?.Dispose();
        return CreatePlanner.Plan(request, facts);
    }
}
