namespace Hull.Oci;

/// <summary>A rule of the specification, or of the practice of its runtimes, that a document can break.</summary>
/// <param name="Id">Its name in the checklist and in error texts, such as <c>RLIM-03</c>.</param>
/// <param name="Page">The page of the specification, such as <c>config.md</c>.</param>
/// <param name="Anchor">The anchor on that page.</param>
/// <param name="Sentence">The rule in one sentence of our own.</param>
public sealed record Rule(string Id, string Page, string Anchor, string Sentence)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Sentence} ({Page}#{Anchor})";
}

/// <summary>
/// The rules a document can break, one property each: those of conformance/Rules/rules.txt that need nothing but the document to be checked,
/// and JSN-07 and JSN-08, which are this runtime's own. Properties, not fields: a good document needs none of them, and fields of a class
/// would all be made at the first use of any.
/// </summary>
// The form of a document, its version and its annotations.
public static partial class Rules
{
    /// <summary>JSN-01.</summary>
    public static Rule DocumentIsJson => new(
        "JSN-01", "config.md", "container-configuration-file",
        "A document is one JSON value in UTF-8 whose objects name no member twice.");

    /// <summary>JSN-02.</summary>
    public static Rule UnknownIsIgnored => new("JSN-02", "config.md", "configExtensibility", "A property that is not known is ignored.");

    /// <summary>JSN-03.</summary>
    public static Rule ValuesAreValid => new(
        "JSN-03", "config.md", "configValidValues",
        "A value of a known property has the type the specification gives it.");

    /// <summary>JSN-04.</summary>
    public static Rule NumbersAreExact => new(
        "JSN-04", "config.md", "configValidValues",
        "A number is written as a whole number and lies in the range of its type.");

    /// <summary>JSN-06.</summary>
    public static Rule DocumentEndsOnce => new(
        "JSN-06", "config.md", "container-configuration-file",
        "Nothing but white space follows the document.");

    /// <summary>JSN-07.</summary>
    public static Rule NamesMatchExactly => new(
        "JSN-07", "config.md", "container-configuration-file",
        "A name that differs from a known one only in case is taken as meant.");

    /// <summary>JSN-08.</summary>
    public static Rule NestingIsBounded => new(
        "JSN-08", "config.md", "container-configuration-file",
        "A document nests no deeper than 64 levels.");

    /// <summary>VER-01.</summary>
    public static Rule VersionIsSemantic => new(
        "VER-01", "config.md", "configSpecificationVersion",
        "The version of the specification is given and is a semantic version.");

    /// <summary>VER-03.</summary>
    public static Rule VersionIsSupported => new(
        "VER-03", "config.md", "configSpecificationVersion",
        "The major version of the specification is one this runtime supports.");

    /// <summary>ANN-01.</summary>
    public static Rule AnnotationsAreStrings => new(
        "ANN-01", "config.md", "configAnnotations",
        "Annotations have names that are not empty and values that are strings.");
}
