using System.Collections;
using System.Reflection;

namespace Hull.Runtime.Tests.CommandLines;

public class DifferentialTests
{
    private const int ListsPerCommand = 1500;

    public static TheoryData<string> OptionClasses() => [.. DeclaredOptions.All().Select(declared => declared.Type.Name)];

    [Theory]
    [MemberData(nameof(OptionClasses))]
    public void The_generated_reader_and_CommandLineParser_read_the_same_or_both_refuse(string optionClass)
    {
        DeclaredOptions declared = DeclaredOptions.All().Single(candidate => candidate.Type.Name == optionClass);
        var generator = new ArgumentListGenerator(declared, seed: 20_261_121);
        var accepted = 0;
        HashSet<string> seen = [];
        for (var i = 0; i < ListsPerCommand; i++)
        {
            string[] arguments = generator.Next();
            object? expected = ReflectionReading.Read(declared, arguments);

            OptionReader reader = NewReader(declared.Type);
            string? error = reader.Read(arguments);

            string because = $"of [{string.Join("] [", arguments)}], where the reader says: {error ?? "fine"}";
            (error is null).Should().Be(expected is not null, because);
            if (expected is not null)
            {
                seen.UnionWith(declared.Options.Where(option => arguments.Any(argument => Spells(argument, option))).Select(option => option.LongName));
                accepted++;
                Describe(declared, reader.Options).Should().Be(Describe(declared, expected), because);
            }
        }

        accepted.Should().BeInRange(ListsPerCommand / 20, ListsPerCommand * 19 / 20, "both sides must be exercised");
        declared.Options.Select(option => option.LongName).Where(name => name != "help").Except(seen).Should().BeEmpty("each option of each command must occur");
    }

    private static bool Spells(string argument, DeclaredOption option)
    {
        string name = argument.TrimStart('-').Split('=')[0];
        return argument.StartsWith('-') && (name == option.LongName || (name.Length > 0 && name == option.ShortName));
    }

    [Fact]
    public void Every_class_of_options_has_a_reader_for_each_of_its_options()
    {
        foreach (DeclaredOptions declared in DeclaredOptions.All())
        {
            NewReader(declared.Type).OptionNames().Should().BeEquivalentTo(declared.Options.Select(option => option.LongName), declared.Type.Name);
        }
    }

    private static OptionReader NewReader(Type options) =>
        (OptionReader)Activator.CreateInstance(options.Assembly.GetType($"{options.FullName}Reader", throwOnError: true)!)!;

    private static string Describe(DeclaredOptions declared, object options) =>
        string.Join("\n", declared.Properties.Select(property => $"{property.Name}={Text(property, options)}"));

    private static string Text(PropertyInfo property, object options) => property.GetValue(options) switch
    {
        null => "nothing",
        string text => $"'{text}'",
        IEnumerable list => $"[{string.Join("|", list.Cast<object>())}]",
        object value => value.ToString()!,
    };
}
