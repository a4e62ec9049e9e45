namespace Hull.Rules;

/// <summary>The rules of the specification checklist that a test holds hull to; the rule ledger reads them from the sources.</summary>
/// <param name="ids">Such as <c>MNT-09</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RuleAttribute(params string[] ids) : Attribute
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Ids { get; } = ids;
}
