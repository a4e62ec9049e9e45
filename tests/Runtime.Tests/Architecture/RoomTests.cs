using System.Reflection;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>The folders of a project are layers: what the compiled code names goes from one to the next, and never in a circle.</summary>
public sealed class RoomTests
{
    public static TheoryData<string> Projects => ["Oci", "Linux", "Runtime"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_depends_on_itself_by_way_of_others(string project)
    {
        Dictionary<string, string> rooms = Rooms.Of(project);
        (string From, string To, string Types)[] graph = [.. Rooms.Arrows(AssemblyOf(project), rooms)
            .Select(arrow => (From: rooms[Rooms.NameOf(arrow.From)], To: rooms[Rooms.NameOf(arrow.To)], Types: $"{arrow.From.Name} > {arrow.To.Name}"))];

        rooms.Should().NotBeEmpty();
        Circle(graph).Should().BeEmpty();
    }

    [Fact]
    public void A_circle_of_folders_would_be_noticed()
    {
        Circle([("Mounts", "Plan", "a > b"), ("Plan", "Create", "b > c"), ("Create", "Mounts", "c > a"), ("Cli", "Create", "d > c")])
            .Should().Equal("Create to Mounts: c > a", "Mounts to Plan: a > b", "Plan to Create: b > c");
        Circle([("Mounts", "Plan", "a > b"), ("Create", "Mounts", "c > a")]).Should().BeEmpty();
    }

    [Fact]
    public void A_type_named_by_another_folder_is_found_in_members_and_in_instructions()
    {
        Dictionary<string, string> rooms = Rooms.Of("Runtime");
        (Type From, Type To)[] arrows = [.. Rooms.Arrows(typeof(CreatePlanner).Assembly, rooms)];

        arrows.Should().Contain((typeof(CreatePlanner), typeof(MountPlanning)), "an instruction calls it");
        arrows.Should().Contain((typeof(MountPlanning), typeof(ResolvedContainer)), "a parameter has its type");
    }

    /// <summary>What is left of the graph once every folder is taken away that nothing leads to, or that leads to nothing.</summary>
    private static IEnumerable<string> Circle(IReadOnlyCollection<(string From, string To, string Types)> graph)
    {
        List<(string From, string To, string Types)> left = [.. graph];
        while (left.RemoveAll(arrow => !left.Exists(other => other.From == arrow.To) || !left.Exists(other => other.To == arrow.From)) > 0)
        {
        }

        return left.GroupBy(arrow => (arrow.From, arrow.To))
            .Select(arrows => $"{arrows.Key.From} to {arrows.Key.To}: {string.Join(", ", arrows.Select(arrow => arrow.Types).Distinct().Order())}").Order();
    }

    private static Assembly AssemblyOf(string project) => project switch
    {
        "Oci" => typeof(Config).Assembly,
        "Linux" => typeof(Operation).Assembly,
        _ => typeof(CreatePlanner).Assembly,
    };
}
