namespace Hull.Oci;

/// <summary>A record that is a document of its own: src/Generators writes readers of it and of all records it holds.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DocumentAttribute : Attribute;

/// <summary>The rule that a document breaks when this required property, or one of this record that has no rule of its own, is absent.</summary>
/// <param name="rule">A property of <see cref="Rules"/>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
internal sealed class WhenMissingAttribute(string rule) : Attribute
{
    public string Rule => rule;
}

/// <summary>The rule that a document breaks when this property, or an item of it, is not one of the enumeration's names.</summary>
/// <param name="rule">A property of <see cref="Rules"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WhenUnknownAttribute(string rule) : Attribute
{
    public string Rule => rule;
}

/// <summary>Reads a property by a hand-written method, because its form in the document is not that of its type.</summary>
/// <param name="method">A method of <see cref="DocumentReader"/> without parameters that returns what the property holds.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReadWithAttribute(string method) : Attribute
{
    public string Method => method;
}

/// <summary>An enumeration whose values have the specification's names: their own in capitals, after a prefix.</summary>
/// <param name="prefix">What stands before each, such as <c>RLIMIT_</c>.</param>
[AttributeUsage(AttributeTargets.Enum)]
internal sealed class UpperCaseNamesAttribute(string prefix) : Attribute
{
    public string Prefix => prefix;
}

/// <summary>An enumeration whose values have the specification's names: their own in small letters.</summary>
[AttributeUsage(AttributeTargets.Enum)]
internal sealed class LowerCaseNamesAttribute : Attribute;

/// <summary>The name of a value that is not what <see cref="UpperCaseNamesAttribute"/> or <see cref="LowerCaseNamesAttribute"/> make of it.</summary>
/// <param name="name">The name, without the prefix.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class SpecNameAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>
/// The numbers that a property may hold: src/Generators writes the check (<see cref="RecordRanges"/>). Zero, which says that it is not set,
/// is allowed even where the range begins above it.
/// </summary>
/// <param name="rule">A property of <see cref="Rules"/>: what any other number breaks.</param>
/// <param name="from">The smallest.</param>
/// <param name="to">The largest.</param>
/// <param name="otherwise">What is said of any other, after the number.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RangeAttribute(string rule, long from, long to, string otherwise) : Attribute
{
    public string Rule => rule;

    public long From => from;

    public long To => to;

    public string Otherwise => otherwise;
}
