using System.Collections.Immutable;
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
    /// <param name="foldsCgroups">Steps about cgroups that follow each other are one line: there are dozens on a host of version 1.</param>
    public static string Print(Plan plan, bool foldsCgroups = false)
    {
        var text = new StringBuilder();
        foreach (string warning in plan.Warnings)
        {
            text.Append("warning: ").Append(warning).Append('\n');
        }

        text.Append("host, before the container process exists\n");
        Print(plan.HostBefore, foldsCgroups, text);
        text.Append("\nclone of the container process\n").Append("     ").Append(Describe(plan.Clone)).Append('\n');
        text.Append("\ncontainer process\n");
        for (var i = 0; i < plan.Container.Length; i++)
        {
            Line(text, i, plan.Container[i].Operation.Describe(), plan.Container[i].Origin);
        }

        text.Append("\nhost, while the container process lives\n");
        Print(plan.Host, foldsCgroups, text);
        return text.ToString();
    }

    private static void Print(ImmutableArray<HostStep> steps, bool foldsCgroups, StringBuilder text)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            int end = i;
            while (foldsCgroups && end < steps.Length && IsAboutCgroups(steps[end].Action))
            {
                end++;
            }

            if (end - i > 1)
            {
                text.Append(string.Create(CultureInfo.InvariantCulture, $"{i,4} make, limit and enter the container's cgroups: {end - i} steps, which --cgroups shows\n"));
                i = end - 1;
            }
            else
            {
                Line(text, i, steps[i].Action.Describe(), steps[i].Origin);
            }
        }
    }

    private static bool IsAboutCgroups(HostAction action) => action is MakeCgroup or InheritCpuset or LimitAction or DelegateCgroup or EnterCgroups;

    private static void Line(StringBuilder text, int index, string sentence, Origin origin)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{index,4} {sentence}");
        string reason = string.Join(", ", new[] { origin.ToString(), origin.Rule }.Where(part => part.Length > 0));
        text.Append(line).Append(reason.Length == 0 ? "" : $"  [{reason}]").Append('\n');
    }

    /// <summary>How the container process is cloned, in words.</summary>
    public static string Describe(CloneRequest clone)
    {
        string made = clone.New == 0 ? "no new namespaces" : $"new namespaces: {NamespaceNames.Describe(clone.New)}";
        string joined = string.Join(", ", clone.Borrowed.Select(borrowed => NamespaceNames.Describe(borrowed.Kind)));
        string inside = joined.Length == 0 ? "" : $"; inside existing ones: {joined}";
        string otherwise = clone.CgroupOtherwiseOf == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", or if that takes none, where process {clone.CgroupOtherwiseOf} is");
        return $"{made}{inside}{(clone.Cgroup.Length == 0 ? "" : $"; in cgroup {clone.Cgroup}")}{otherwise}";
    }
}
