namespace Hull.Conformance.Suite;

/// <summary>
/// Marks a case: the rules of the checklist that it observes, the first one being the one it is filed under. The name of the method
/// is the sentence that is printed. Its first parameter is a <see cref="Bundle"/> of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuleAttribute(params string[] rules) : Attribute
{
    public IReadOnlyList<string> Rules => rules;

    /// <summary>The version of the specification that brought the rule: a runtime that says it implements an older one may lack it.</summary>
    public string Since { get; set; } = "1.0.0";

    /// <summary>True for a case that other cases would disturb, or that would disturb them.</summary>
    public bool Alone { get; set; }
}

/// <summary>One more time through the same case, with these values for its further parameters.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class WithAttribute(params object?[] values) : Attribute
{
    public object?[] Values => values;
}
