using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

internal enum ValidateFormat { Text, Json, Sarif }

[Verb("validate", HelpText = "say everything that is wrong with a bundle's config.json, and do nothing")]
[Example("--bundle /bundles/web", "everything that is wrong with it, one line each")]
[Example("--host --strict", "also what create would meet on this host, and names that are mistyped")]
[Example("--format sarif", "for an editor or a code host, with lines and columns")]
[EndsWith("0 when nothing is wrong, warnings aside; 1 with all that is wrong on standard output")]
internal sealed class ValidateOptions : Command
{
    [Option('b', "bundle", MetaValue = "DIR", HelpText = "the directory of config.json; the current one when absent")]
    public string? Bundle { get; set; }

    [Option('f', "format", MetaValue = "text|json|sarif", HelpText = "how to say it")]
    public ValidateFormat Format { get; set; }

    [Option("strict", HelpText = "a property that the specification does not have is a fault")]
    public bool Strict { get; set; }

    [Option("host", HelpText = "also what create would meet here: files, programs, hooks, namespaces, cgroups, security modules")]
    public bool Host { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => ValidateCommand.Run(global, this);
}

/// <summary>
/// <c>hull validate</c>: every rule that a bundle's config.json breaks, by the same code that create asks, and what run would warn of. Needs no
/// privileges. Exit status 0 only when nothing is wrong; warnings do not count.
/// </summary>
internal static class ValidateCommand
{
    internal static int Run(GlobalOptions global, ValidateOptions options)
    {
        string bundle = Bundle.AbsolutePath(options.Bundle);
        byte[] document = Bundle.ReadDocument(bundle);
        Inspection inspection = Inspection.Of(document);
        inspection = options.Strict ? inspection.Strict() : inspection;
        List<Finding> findings = Findings(global.CgroupChoice, bundle, inspection, options.Host);
        StandardStreams.WriteOut(options.Format switch
        {
            ValidateFormat.Text => FindingText.Lines(findings),
            ValidateFormat.Json => FindingText.Json(findings),
            ValidateFormat.Sarif => FindingText.Sarif(findings, document, $"{options.Bundle?.TrimEnd('/') ?? "."}/{Bundle.FileName}", BuildFacts.Version),
        });
        return findings.Exists(finding => finding.Weight == Weight.Fault) ? ExitStatus.Failure : ExitStatus.Success;
    }

    /// <summary>All that is to be said about a bundle.</summary>
    /// <param name="bundle">Its absolute path.</param>
    /// <param name="host">Also what stops it on this host.</param>
    internal static List<Finding> Findings(CgroupChoice cgroups, string bundle, Inspection inspection, bool host) =>
    [
        .. Finding.Of(inspection),
        .. inspection is { Config: { } config, Violations.IsEmpty: true } ? OfPlan(cgroups, bundle, config, host) : [],
    ];

    /// <summary>What run would warn of; with <paramref name="host"/> also what stops it on this host.</summary>
    private static IEnumerable<Finding> OfPlan(CgroupChoice cgroups, string bundle, Config config, bool host)
    {
        CreateRequest request = PlanCommand.RequestOf(bundle, config);
        try
        {
            Plan plan = PlanCommand.PlanOf(cgroups, request);
            IEnumerable<Finding> warnings = plan.Warnings.Select(warning => new Finding(Weight.Warning, null, SpecPath.Root, warning));
            return host ? warnings.Concat(HostReview.Of(CreatePlanner.Resolve(request), plan)) : warnings;
        }
        catch (RuntimeError refusal)
        {
            return host ? [Finding.Of(refusal)] : [];
        }
    }
}
