using System.Collections.Immutable;
using System.Reflection;
using Hull.Linux;

namespace Hull.Runtime.Tests.Laws;

/// <summary>Everything a plan can hold can be said in words, and there is not too much of it.</summary>
public sealed class DescriptionTests
{
    /// <summary>What an operation is for must fit into one head: one for each property that acts inside the container, and no two for one.</summary>
    private const int MostOperations = 56;

    public static TheoryData<string> Operations => [.. Kinds(typeof(Operation)).Select(kind => kind.Name)];

    public static TheoryData<string> Actions => [.. Kinds(typeof(HostAction)).Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_is_described_in_words(string name) =>
        ((Operation)Sample(Kinds(typeof(Operation)).Single(kind => kind.Name == name))).Describe().Should().MatchRegex("^[a-z]").And.NotBe(name);

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_of_the_host_is_described_in_words(string name) =>
        ((HostAction)Sample(Kinds(typeof(HostAction)).Single(kind => kind.Name == name))).Describe().Should().MatchRegex("^[a-z]").And.NotBe(name);

    [Fact]
    public void Every_checkpoint_is_described_in_words()
    {
        string[] texts = [.. Enum.GetValues<Checkpoint>().Select(checkpoint => checkpoint.Describe())];

        texts.Should().OnlyHaveUniqueItems().And.NotContain("");
    }

    [Fact]
    public void Every_stage_that_is_no_sentence_of_its_own_is_described_in_words()
    {
        Stage[] silent = [.. Enum.GetValues<Stage>().Where(stage => stage.Describe().Length == 0)];

        silent.Should().Equal(Stage.Whole, Stage.StartHook, Stage.HookFailed, Stage.HookTimedOut);
    }

    [Fact]
    public void There_are_no_more_operations_than_can_be_known_by_heart()
    {
        Kinds(typeof(Operation)).Should().HaveCountLessThanOrEqualTo(MostOperations).And.HaveCountGreaterThan(30);
    }

    [Fact]
    public void Every_operation_and_action_is_sealed()
    {
        Kinds(typeof(Operation)).Concat(Kinds(typeof(HostAction))).Where(kind => !kind.IsSealed).Should().BeEmpty();
    }

    /// <summary>The records of a family; an abstract one among them is itself a family.</summary>
    private static Type[] Kinds(Type family) =>
        [.. family.Assembly.GetTypes().Where(type => type.IsSubclassOf(family) && !type.IsAbstract).OrderBy(type => type.Name, StringComparer.Ordinal)];

    private static object Sample(Type kind)
    {
        if (kind == typeof(string))
        {
            return "/some/text";
        }

        if (kind == typeof(CString))
        {
            return new CString("/some/text");
        }

        if (kind == typeof(RootfsPath))
        {
            return RootfsPath.Parse("/some/path");
        }

        if (kind == typeof(CStringArray))
        {
            return new CStringArray(["one", "two"]);
        }

        if (kind == typeof(FilterProgram))
        {
            return new FilterProgram([]);
        }

        if (kind == typeof(Oci.IdMapping))
        {
            return new Oci.IdMapping { ContainerId = 0, HostId = 1, Size = 2 };
        }

        if (kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            Type element = kind.GetGenericArguments()[0];
            Array items = Array.CreateInstance(element, 1);
            items.SetValue(Sample(element), 0);
            return typeof(ImmutableArray).GetMethods().Single(method => method.Name == "Create" && method.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(element).Invoke(null, [items])!;
        }

        if (kind.IsValueType)
        {
            return Activator.CreateInstance(kind)!;
        }

        ConstructorInfo made = kind.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(constructor => constructor.GetParameters().Length)!;
        return made.Invoke([.. made.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
    }
}
