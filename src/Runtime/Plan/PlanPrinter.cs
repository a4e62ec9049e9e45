using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// A plan as text. The numbers are those in error messages; each line ends with the property and the rule that demanded the step.
/// </summary>
internal static class PlanPrinter
{
    /// <summary>One line for each step, in three paragraphs.</summary>
    public static string Print(Plan plan)
    {
        var text = new StringBuilder();
        foreach (string warning in plan.Warnings)
        {
            text.Append("warning: ").Append(warning).Append('\n');
        }

        text.Append("host, before the container process exists\n");
        Print(plan.HostBefore, text);
        text.Append("\nbirth of the container process\n").Append("     ").Append(Describe(plan.Clone)).Append('\n');
        text.Append("\ncontainer process\n");
        for (var i = 0; i < plan.Container.Length; i++)
        {
            Line(text, i, plan.Container[i].Operation.Describe(), plan.Container[i].Origin);
        }

        text.Append("\nhost, while the container process lives\n");
        Print(plan.Host, text);
        return text.ToString();
    }

    private static void Print(System.Collections.Immutable.ImmutableArray<HostStep> steps, StringBuilder text)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            Line(text, i, steps[i].Action.Describe(), steps[i].Origin);
        }
    }

    private static void Line(StringBuilder text, int index, string sentence, Origin origin)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{index,4} {sentence}");
        string reason = string.Join(", ", new[] { origin.ToString(), origin.Rule }.Where(part => part.Length > 0));
        text.Append(line).Append(reason.Length == 0 ? "" : $"  [{reason}]").Append('\n');
    }

    private static string Describe(CloneRequest clone)
    {
        string made = clone.New == 0 ? "no new namespaces" : $"new namespaces: {NamespaceNames.Describe(clone.New)}";
        string joined = string.Join(", ", clone.Borrowed.Select(borrowed => NamespaceNames.Describe(borrowed.Kind)));
        string inside = joined.Length == 0 ? "" : $"; inside existing ones: {joined}";
        string otherwise = clone.CgroupOtherwiseOf == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", or if that takes none, where process {clone.CgroupOtherwiseOf} is");
        return $"{made}{inside}{(clone.Cgroup.Length == 0 ? "" : $"; in cgroup {clone.Cgroup}")}{otherwise}";
    }
}
