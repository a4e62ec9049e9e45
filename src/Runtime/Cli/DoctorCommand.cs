using System.Globalization;
using System.Text;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("doctor", HelpText = "say what this host cannot give to containers, what that costs, and what to do about it")]
[Example("", "everything that is missing or wrong, for the caller as it is")]
[Example("--bundle /bundles/web", "whether this bundle would become a container here: the check before a deployment")]
[Example("--repair --yes", "remove what interrupted commands have left; without --yes it is only listed")]
[EndsWith("0 when nothing stops containers; 1 when something does, or when hull failed")]
internal sealed class DoctorOptions : Command
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to say it")]
    public TextFormat Format { get; set; }

    [Option('b', "bundle", MetaValue = "DIR", HelpText = "also check this bundle on this host")]
    public string? Bundle { get; set; }

    [Option("repair", HelpText = "remove what records of this root prove abandoned: interrupted creations and removals, and containers from before this boot")]
    public bool Repair { get; set; }

    [Option('y', "yes", HelpText = "with --repair: do it, do not only list it")]
    public bool Yes { get; set; }

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => DoctorCommand.Run(global, this, log);
}

/// <summary><c>hull doctor</c>: what is wrong with this host, as findings; and the repair of what interrupted commands have left.</summary>
internal static class DoctorCommand
{
    internal static int Run(GlobalOptions global, DoctorOptions options, Log log)
    {
        if (options.Yes && !options.Repair)
        {
            throw new RuntimeError("option --yes: there is nothing to agree to without --repair");
        }

        StoreRoot root = StoreRoot.Choose(global.Root);
        HostReport report = HostSurvey.Ask(root);
        List<HostFinding> findings = [.. HostChecks.Of(report)];
        using ContainerStore? store = report.State.Refusal.Length == 0 ? ContainerStore.OpenExisting(root) : null;
        (Leftover? Abandoned, HostFinding HostFinding)[] leftovers = store is null ? [] : [.. Leftovers.In(store)];
        List<string> repairs = [];
        foreach ((Leftover? abandoned, HostFinding finding) in leftovers)
        {
            if (!options.Repair || abandoned is null)
            {
                findings.Add(finding);
            }
            else if (!options.Yes)
            {
                findings.Add(finding);
                repairs.Add($"would {abandoned.Repair}");
            }
            else
            {
                Remove(store!, abandoned, finding, findings, repairs, log);
            }
        }

        if (options.Bundle is { } bundle)
        {
            findings.AddRange(OfBundle(Bundle.AbsolutePath(bundle), global, report));
        }

        findings = [.. findings.OrderBy(finding => finding.Weight)];
        StandardStreams.WriteOut(options.Format == TextFormat.Json ? AsJson(findings, repairs, report) : AsText(findings, repairs));
        return findings.Exists(finding => finding.Weight == Weight.Fault) ? ExitStatus.Failure : ExitStatus.Success;
    }

    private static IEnumerable<HostFinding> OfBundle(string bundle, GlobalOptions global, HostReport report)
    {
        Inspection inspection;
        try
        {
            inspection = Inspection.Of(Bundle.ReadDocument(bundle));
        }
        catch (RuntimeError unreadable)
        {
            return [BundleChecks.Of(Finding.Of(unreadable))];
        }

        IEnumerable<HostFinding> found = ValidateCommand.Findings(global.CgroupChoice, bundle, inspection, host: true).Where(finding => finding.Weight != Weight.Note).Select(BundleChecks.Of);
        return inspection is { Config: { } config, Violations.IsEmpty: true } ? found.Concat(BundleChecks.Of(bundle, config, report)) : found;
    }

    private static void Remove(ContainerStore store, Leftover abandoned, HostFinding finding, List<HostFinding> findings, List<string> repairs, Log log)
    {
        try
        {
            if (Leftovers.Remove(store, abandoned, log))
            {
                repairs.Add($"did {abandoned.Repair}");
            }
        }
        catch (Exception refused) when (refused is RuntimeError or KernelException)
        {
            findings.Add(finding with { Reason = $"{finding.Reason}; removing it failed: {refused.Message}", Remedy = $"hull delete --force {abandoned.Id}" });
        }
    }

    private static string AsText(List<HostFinding> findings, List<string> repairs)
    {
        var text = new StringBuilder();
        foreach (HostFinding finding in findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{finding.Severity}: {finding.Subject}: {OneLine(finding.Reason)}\n    so {OneLine(finding.Cost)}\n");
            text.Append(finding.Remedy is null ? "" : $"    try: {finding.Remedy}\n");
        }

        foreach (string repair in repairs)
        {
            text.Append(CultureInfo.InvariantCulture, $"repair: {repair}\n");
        }

        int Count(Weight weight) => findings.Count(finding => finding.Weight == weight);
        text.Append(CultureInfo.InvariantCulture, $"{Count(Weight.Fault)} that stop containers, {Count(Weight.Warning)} warnings, {Count(Weight.Note)} notes\n");
        return text.ToString();
    }

    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));

    private static string AsJson(List<HostFinding> findings, List<string> repairs, HostReport report)
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Name("findings");
        json.Open('[');
        foreach (HostFinding finding in findings)
        {
            json.Open('{');
            json.Member("subject", finding.Subject);
            json.Member("severity", finding.Severity);
            json.Member("reason", finding.Reason);
            json.Member("cost", finding.Cost);
            json.Member("remedy", finding.Remedy);
            json.Close('}');
        }

        json.Close(']');
        json.Name("repairs");
        json.Open('[');
        foreach (string repair in repairs)
        {
            json.Value(repair);
        }

        json.Close(']');
        json.Name("facts");
        json.Open('{');
        InfoCommand.WriteFacts(json, report);
        json.Close('}');
        json.Close('}');
        return json.ToString();
    }
}
