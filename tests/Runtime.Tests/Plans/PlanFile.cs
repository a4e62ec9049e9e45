using System.Text;

namespace Hull.Runtime.Tests.Plans;

/// <summary>
/// A golden plan as one file: sections below lines such as <c>--- config.json</c>, in the order in which they are read: what is asked for,
/// on which host, and the plan that follows. A section that is not known, stands twice or out of order is an error.
/// </summary>
internal sealed class PlanFile
{
    internal const string Configuration = "config.json";
    internal const string Process = "process.json";
    internal const string Request = "request.json";
    internal const string Facts = "facts.json";
    internal const string Golden = "plan";
    internal const string Extension = ".plan";
    private const string Mark = "--- ";

    private static readonly string[] Order = [Configuration, Process, Request, Facts, Golden];

    private readonly Dictionary<string, string> _sections;

    private PlanFile(Dictionary<string, string> sections) => _sections = sections;

    /// <summary>The names of the sections, in order.</summary>
    internal IEnumerable<string> Names => Order.Where(_sections.ContainsKey);

    /// <summary>The plan that was accepted; empty where none was yet.</summary>
    internal string Plan => _sections.GetValueOrDefault(Golden, "");

    /// <summary>The names of the documents of a folder, without their ending.</summary>
    internal static IEnumerable<string> In(string folder) =>
        Directory.GetFiles(folder, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    internal static PlanFile Parse(string text)
    {
        var sections = new Dictionary<string, string>();
        string? name = null;
        foreach (string line in text.Split('\n').SkipLast(1))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                string next = line[Mark.Length..];
                if (Array.IndexOf(Order, next) <= Array.IndexOf(Order, name))
                {
                    throw new FormatException($"\"{line}\" is no section, or stands twice or out of order; the order is: {string.Join(", ", Order)}");
                }

                sections[name = next] = "";
            }
            else
            {
                sections[name ?? throw new FormatException($"\"{line}\" stands before the first section")] += line + '\n';
            }
        }

        return new PlanFile(sections);
    }

    /// <summary>A section that must be there.</summary>
    internal byte[] Read(string section) =>
        TryRead(section) ?? throw new FormatException($"the section \"{Mark}{section}\" is missing");

    /// <summary>A section, or null where there is none.</summary>
    internal byte[]? TryRead(string section) => _sections.TryGetValue(section, out string? text) ? Encoding.UTF8.GetBytes(text) : null;

    /// <summary>The same with another plan.</summary>
    internal PlanFile WithPlan(string plan) => new(new Dictionary<string, string>(_sections) { [Golden] = plan });

    /// <summary>As it is written.</summary>
    public override string ToString() => string.Concat(Names.Select(name => $"{Mark}{name}\n{_sections[name]}"));
}
