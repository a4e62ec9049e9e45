using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The error for a property that cannot be applied.</summary>
internal static class Refusal
{
    /// <summary>Names the property, what is wrong with it and the rule.</summary>
    public static RuntimeError Of(SpecPath path, string rule, string text) => new($"{text} [{rule}]") { Property = path.ToString() };
}
