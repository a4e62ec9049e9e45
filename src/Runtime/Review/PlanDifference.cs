using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// What changes when a container gets another configuration: the steps that only one of two plans has. A step is known by its sentence, so that
/// a mount which merely stands at another place of the list is no change.
/// </summary>
internal static class PlanDifference
{
    /// <summary>One line for each: <c>-</c> for a step of the old plan alone, <c>+</c> for one of the new alone, below the heading of its list.</summary>
    public static string Text(Plan old, Plan current)
    {
        var text = new StringBuilder();
        foreach ((string list, List<Change> changes) in Between(old, current))
        {
            text.Append(list).Append('\n');
            foreach (Change change in changes)
            {
                string place = change.Line.Place.Length == 0 ? "" : $"  [{change.Line.Place}]";
                text.Append(change.IsNew ? "  + " : "  - ").Append(change.Line.Sentence).Append(place).Append('\n');
            }
        }

        return text.Length == 0 ? "the containers are the same\n" : text.ToString();
    }

    /// <summary>An array of objects: <c>list</c>, <c>change</c> (added, removed), <c>text</c>, <c>property</c>.</summary>
    public static string Json(Plan old, Plan current)
    {
        var json = new JsonText(indented: true);
        json.Open('[');
        foreach ((string list, List<Change> changes) in Between(old, current))
        {
            foreach (Change change in changes)
            {
                json.Open('{');
                json.Member("list", list);
                json.Member("change", change.IsNew ? "added" : "removed");
                json.Member("text", change.Line.Sentence);
                json.Member("property", change.Line.Place);
                json.Close('}');
            }
        }

        json.Close(']');
        return json.ToString();
    }

    private static IEnumerable<(string List, List<Change> Changes)> Between(Plan old, Plan current) => new (string List, List<Change> Changes)[]
    {
        ("warnings", Compare([.. old.Warnings.Select(Line.OfText)], [.. current.Warnings.Select(Line.OfText)])),
        ("host, before the container process exists", Compare([.. old.HostBefore.Select(Line.Of)], [.. current.HostBefore.Select(Line.Of)])),
        ("clone of the container process", Compare([Line.OfText(PlanPrinter.Describe(old.Clone))], [Line.OfText(PlanPrinter.Describe(current.Clone))])),
        ("container process", Compare([.. old.Container.Select(Line.Of)], [.. current.Container.Select(Line.Of)])),
        ("host, while the container process lives", Compare([.. old.Host.Select(Line.Of)], [.. current.Host.Select(Line.Of)])),
    }.Where(list => list.Changes.Count > 0);

    /// <summary>The fewest lines that turn one list into the other, by their longest common subsequence.</summary>
    private static List<Change> Compare(Line[] old, Line[] current)
    {
        int[,] common = new int[old.Length + 1, current.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
        {
            for (int j = current.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i].Sentence == current[j].Sentence ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var changes = new List<Change>();
        int left = 0, right = 0;
        while (left < old.Length || right < current.Length)
        {
            if (left < old.Length && right < current.Length && old[left].Sentence == current[right].Sentence)
            {
                left++;
                right++;
            }
            else if (left < old.Length && (right == current.Length || common[left + 1, right] >= common[left, right + 1]))
            {
                changes.Add(new Change(IsNew: false, old[left++]));
            }
            else
            {
                changes.Add(new Change(IsNew: true, current[right++]));
            }
        }

        return changes;
    }

    private readonly record struct Change(bool IsNew, Line Line);

    private readonly record struct Line(string Sentence, string Place)
    {
        internal static Line Of(Step step) => new(step.Operation.Describe(), step.Origin.ToString());

        internal static Line Of(HostStep step) => new(step.Action.Describe(), step.Origin.ToString());

        internal static Line OfText(string text) => new(text, "");
    }
}
