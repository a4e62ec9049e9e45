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
        var remarks = new List<Remark>(Remark.Of(inspection));
        if (inspection is { Config: { } config, Violations.IsEmpty: true })
        {
            remarks.AddRange(HostReview.Of(PlanCommand.RequestOf(bundle, config), global.CgroupChoice).Where(remark => options.Host || remark.Weight != Weight.Fault));
        }

        StandardStreams.WriteOut(options.Format switch
        {
            ValidateFormat.Text => RemarkText.Lines(remarks),
            ValidateFormat.Json => RemarkText.Json(remarks),
            ValidateFormat.Sarif => RemarkText.Sarif(remarks, document, $"{options.Bundle?.TrimEnd('/') ?? "."}/{Bundle.FileName}", BuildFacts.Version),
        });
        return remarks.Exists(remark => remark.Weight == Weight.Fault) ? ExitStatus.Failure : ExitStatus.Success;
    }
}
