using Microsoft.CodeAnalysis;

namespace Hull.Generators;

/// <summary>What the generators cannot read. Each is a build error at the member that is meant; the ids never change their meaning.</summary>
internal static class Diagnostics
{
    // Records and enumerations of the configuration.
    public static readonly DiagnosticDescriptor UnreadableType = Error("HULL001", "{0}: no reader knows the type {1}");
    public static readonly DiagnosticDescriptor RequiredWithoutRule = Error("HULL002", "{0} is required: [WhenMissing] must name the rule that its absence breaks");
    public static readonly DiagnosticDescriptor NamesWithoutRule = Error("HULL003", "{0} is one of several names: [WhenUnknown] must name the rule that another name breaks");
    public static readonly DiagnosticDescriptor UselessAttribute = Error("HULL004", "{0}: [{1}] has no effect here: {2}");
    public static readonly DiagnosticDescriptor NotInit = Error("HULL005", "{0} cannot be set: a property of the document is public and has an init accessor");
    public static readonly DiagnosticDescriptor NullabilityMismatch = Error("HULL006", "{0}: a property is either required or nullable");
    public static readonly DiagnosticDescriptor NameTwice = Error("HULL007", "{0}: the name \"{1}\" is taken by {2}");
    public static readonly DiagnosticDescriptor TooManyProperties = Error("HULL008", "{0} has {1} properties: a reader tells at most 64 apart");
    public static readonly DiagnosticDescriptor EnumWithoutNames = Error("HULL009", "{0}: the enumeration {1} has neither [UpperCaseNames] nor [LowerCaseNames]");
    public static readonly DiagnosticDescriptor EnumNotCounted = Error("HULL010", "{0}: the values of an enumeration with names are 0, 1, 2 … in the order of their declaration");
    public static readonly DiagnosticDescriptor BadName = Error("HULL011", "{0}: \"{1}\" cannot be a name: it is empty or holds white space");
    public static readonly DiagnosticDescriptor NoSuchMethod = Error("HULL012", "{0}: DocumentReader has no method {1}() without parameters that returns {2}");
    public static readonly DiagnosticDescriptor NoSuchRule = Error("HULL013", "{0}: Rules has no rule {1}");
    public static readonly DiagnosticDescriptor NotCreatable = Error("HULL014", "{0}: a reader cannot make a {1}: it must be a class or record of the same assembly with a parameterless constructor");
    public static readonly DiagnosticDescriptor RequiredMerged = Error("HULL015", "{0} is required: a record that is merged starts without anything");

    // Classes of options.
    public static readonly DiagnosticDescriptor OptionType = Error("HULL021", "{0}: an option cannot have the type {1}");
    public static readonly DiagnosticDescriptor OptionName = Error("HULL022", "{0}: an option needs a long name of two letters or more");
    public static readonly DiagnosticDescriptor OptionTwice = Error("HULL023", "{0}: the option {1} is taken by {2}");
    public static readonly DiagnosticDescriptor OptionSetting = Error("HULL024", "{0}: the readers do not know the setting {1}");
    public static readonly DiagnosticDescriptor ArgumentType = Error("HULL025", "{0}: an argument is a string or a list of strings, not {1}");
    public static readonly DiagnosticDescriptor ArgumentPosition = Error("HULL026", "{0}: the positions of arguments are 0, 1, 2 …");
    public static readonly DiagnosticDescriptor ArgumentList = Error("HULL027", "{0}: a list of arguments is the last one, and options end before it ([OptionsEndAtFirstArgument])");
    public static readonly DiagnosticDescriptor OptionNotSettable = Error("HULL028", "{0} cannot be set: an option or argument has an accessible set accessor");
    public static readonly DiagnosticDescriptor CommandTwice = Error("HULL029", "{0}: the command {1} is taken by {2}");

    // Methods marked [Dispatch].
    public static readonly DiagnosticDescriptor DispatchShape = Error("HULL041", "{0}: [Dispatch] is for a partial method with one parameter of an abstract class of the same assembly");
    public static readonly DiagnosticDescriptor DispatchMissing = Error("HULL042", "{0}: {1} has no {2}, so nothing carries out this {3}");
    public static readonly DiagnosticDescriptor DispatchNotSealed = Error("HULL043", "{0} derives from {1} and must be sealed");
    public static readonly DiagnosticDescriptor DispatchOpen = Error("HULL044", "{0}: other assemblies must not derive from it: give it a private protected constructor");

    private static DiagnosticDescriptor Error(string id, string message) =>
        new(id, "What is declared cannot be generated", message, "Hull.Generators", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
