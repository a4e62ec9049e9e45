namespace Hull.Runtime;

/// <summary>
/// On a class of options: what follows the first argument is not ours to read. <c>hull exec ID ls -d</c> runs <c>ls -d</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OptionsEndAtFirstArgumentAttribute : Attribute;
