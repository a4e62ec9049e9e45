using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hull.Linux.Tests.Abi;

/// <summary>
/// What the C headers call our constants, structures and fields. The documentation comments are the one place that says it: a summary
/// begins with the C name in <c>&lt;c&gt;</c>, and the summary of a type names its headers. So what a reader reads is what is tested.
/// </summary>
internal static partial class KernelNames
{
    private static readonly Dictionary<string, XElement> s_summaries = XDocument
        .Load(Path.ChangeExtension(typeof(Kernel).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    /// <summary>The C name of an enum member or a field, or null when its summary does not begin with one.</summary>
    public static string? OfField(Type type, string field) => LeadingName($"F:{NameInDocumentation(type)}.{field}");

    /// <summary>The C type, for example <c>struct statx</c>, or null.</summary>
    public static string? OfType(Type type) => LeadingName($"T:{NameInDocumentation(type)}");

    /// <summary>The headers a type's summary names, in order, as they are included.</summary>
    public static string[] HeadersOf(Type type) =>
        s_summaries.TryGetValue($"T:{NameInDocumentation(type)}", out var summary)
            ? [.. Header().Matches(summary.Value).Select(match => match.Value.Replace("include/uapi/", "", StringComparison.Ordinal))]
            : [];

    /// <summary>The summary says that the value is another one on arm64.</summary>
    public static bool DiffersBetweenProcessors(Type type, string field) =>
        s_summaries.TryGetValue($"F:{NameInDocumentation(type)}.{field}", out var summary)
        && summary.Value.Contains("Differs between processors", StringComparison.Ordinal);

    private static string NameInDocumentation(Type type) => type.FullName!.Replace('+', '.');

    private static string? LeadingName(string id) =>
        s_summaries.TryGetValue(id, out var summary)
        && summary.Nodes().FirstOrDefault(node => node is not XText text || !string.IsNullOrWhiteSpace(text.Value)) is XElement first
        && first.Name == "c"
            ? first.Value
            : null;

    [GeneratedRegex(@"[a-z0-9_/-]+\.h\b")]
    private static partial Regex Header();
}
