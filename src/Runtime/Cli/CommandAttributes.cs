namespace Hull.Runtime;

/// <summary>On a class of options: one call of the command, for its help and its manual page.</summary>
/// <param name="arguments">What follows the command's name; a whole line when <c>hull</c> stands in it.</param>
/// <param name="explanation">What it does, as a short sentence without a full stop.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class ExampleAttribute(string arguments, string explanation) : Attribute
{
    public string Arguments { get; } = arguments;

    public string Explanation { get; } = explanation;
}

/// <summary>On a class of options: what the command ends with, where that is more than 0 for success and 1 for failure.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class EndsWithAttribute(string explanation) : Attribute
{
    public string Explanation { get; } = explanation;
}

/// <summary>On an argument: it is the name of a container that exists, and completion offers those.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamesContainerAttribute : Attribute;

/// <summary>
/// On a class of options: what follows the first argument is not ours to read. <c>hull exec ID ls -d</c> runs <c>ls -d</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OptionsEndAtFirstArgumentAttribute : Attribute;
