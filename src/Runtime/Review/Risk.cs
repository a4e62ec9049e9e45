using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>How far a program gets that uses it; the first is the farthest.</summary>
internal enum RiskLevel
{
    /// <summary>It is as good as root of the host.</summary>
    High,

    /// <summary>It sees or changes what is the host's or another container's, or needs one fault of the kernel less.</summary>
    Medium,

    /// <summary>A second line of defence is missing.</summary>
    Low,
}

/// <summary>Something in a configuration that weakens the isolation of its container.</summary>
/// <param name="Level">How much.</param>
/// <param name="Place">The property that asks for it, or that would prevent it.</param>
/// <param name="Text">What the program in the container can do, one line.</param>
internal sealed record Risk(RiskLevel Level, SpecPath Place, string Text)
{
    /// <summary>One line for each, the gravest first.</summary>
    public static string Lines(IReadOnlyList<Risk> risks)
    {
        var text = new StringBuilder();
        foreach (Risk risk in risks)
        {
            text.Append(NameOf(risk.Level).PadRight(8)).Append(risk.Place).Append(": ").Append(risk.Text).Append('\n');
        }

        return text.Length == 0 ? "nothing in this configuration weakens the isolation\n" : text.ToString();
    }

    /// <summary>An array of objects with <c>level</c>, <c>property</c> and <c>text</c>.</summary>
    public static string Json(IReadOnlyList<Risk> risks)
    {
        var json = new JsonText(indented: true);
        json.Open('[');
        foreach (Risk risk in risks)
        {
            json.Open('{');
            json.Member("level", NameOf(risk.Level));
            json.Member("property", risk.Place.ToString());
            json.Member("text", risk.Text);
            json.Close('}');
        }

        json.Close(']');
        return json.ToString();
    }

    private static string NameOf(RiskLevel level) => level switch
    {
        RiskLevel.High => "high",
        RiskLevel.Medium => "medium",
        RiskLevel.Low => "low",
    };
}
