using System.Globalization;
using System.Reflection;

namespace Hull.Conformance.Suite;

/// <summary>One observation of one rule.</summary>
/// <param name="Chapter">The class it stands in.</param>
/// <param name="Rules">The rules it observes; it is filed under the first.</param>
internal sealed record Case(string Chapter, IReadOnlyList<string> Rules, string Sentence, string Since, bool Alone, Action<Bundle> Body)
{
    public string Rule => Rules[0];

    public string Name => $"{Rule} {Sentence}";

    /// <summary>Every case of the suite, by chapter and in the order of the source.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. typeof(Case).Assembly.GetTypes().Where(type => type.Namespace == "Hull.Conformance.Cases" && !type.IsNested)
            .OrderBy(type => type.MetadataToken).SelectMany(Of),
    ];

    /// <summary>Whether a filter means this case: a rule's id or its beginning, a chapter, or words of the sentence.</summary>
    public bool Matches(string filter) =>
        Rules.Any(rule => rule.StartsWith(filter, StringComparison.OrdinalIgnoreCase))
        || Chapter.Equals(filter, StringComparison.OrdinalIgnoreCase)
        || Sentence.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Case> Of(Type chapter) =>
        from method in chapter.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let rule = method.GetCustomAttribute<RuleAttribute>()
        where rule is not null
        orderby method.MetadataToken
        from values in Rounds(method)
        select new Case(Plain(chapter.Name), rule.Rules, Title(method, values), rule.Since, rule.Alone, bundle => Call(method, bundle, values));

    private static object?[][] Rounds(MethodInfo method)
    {
        object?[][] rounds = [.. method.GetCustomAttributes<WithAttribute>().Select(with => with.Values)];
        return rounds.Length > 0 ? rounds : [[]];
    }

    private static string Plain(string name) => name.EndsWith("Cases", StringComparison.Ordinal) ? name[..^"Cases".Length] : name;

    private static string Title(MethodInfo method, object?[] values)
    {
        var sentence = method.Name.Replace('_', ' ');
        return values.Length == 0 ? sentence : $"{sentence} ({string.Join(", ", values.Select(Text))})";
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text.Length == 0 ? "\"\"" : text,
        object?[] array => string.Join(" ", array.Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static void Call(MethodInfo method, Bundle bundle, object?[] values)
    {
        var parameters = method.GetParameters();
        // A last parameter array takes all remaining values.
        if (parameters.Length > 1 && parameters[^1].IsDefined(typeof(ParamArrayAttribute)) && !(values.Length == parameters.Length - 1 && values[^1] is string[]))
        {
            var fixedCount = parameters.Length - 2;
            values = [.. values[..fixedCount], values[fixedCount..].Cast<string>().ToArray()];
        }

        method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [bundle, .. values], CultureInfo.InvariantCulture);
    }
}
