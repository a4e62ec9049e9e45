using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What an id such as <c>MNT-15</c>, which plans, errors and comments name, stands for: the line of conformance/Rules/rules.txt that has it.</summary>
internal static class RuleHelp
{
    /// <summary>Rules that are this runtime's own.</summary>
    private static Rule[] Own => [Rules.NamesMatchExactly, Rules.NestingIsBounded];

    /// <summary>The rule with its sentence and what kind of rule it is; null when there is none with that id.</summary>
    public static string? About(string id)
    {
        foreach (string[] fields in Carried())
        {
            if (string.Equals(fields[0], id, StringComparison.OrdinalIgnoreCase))
            {
                return $"{fields[0]}: {fields[2]}\n{KindOf(fields[1])}\n";
            }
        }

        return Array.Find(Own, own => string.Equals(own.Id, id, StringComparison.OrdinalIgnoreCase)) is { } rule ? $"{rule.Id}: {rule.Sentence}\nA rule of hull's own.\n" : null;
    }

    private static IEnumerable<string[]> Carried()
    {
        using Stream stream = typeof(RuleHelp).Assembly.GetManifestResourceStream("rules.txt")!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return Encoding.UTF8.GetString(text).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'));
    }

    /// <summary>The first letter of a rule's level decides; the second only says how runtimes take it.</summary>
    private static string KindOf(string level) => level[0] switch
    {
        'M' => "The specification demands it (MUST).",
        'S' => "The specification recommends it (SHOULD).",
        'm' => "The specification allows it (MAY).",
        'E' => "Whatever breaks it is an error.",
        'W' => "Whatever breaks it is warned of.",
        'X' => "The specification leaves it to others than the runtime.",
        _ => "The practice of runtimes, which the specification does not have.",
    };
}
