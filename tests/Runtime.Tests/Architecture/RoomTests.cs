using System.Reflection;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Architecture;

/// <summary>The folders of a project are layers: what the compiled code names lies in the same folder or in one below.</summary>
public sealed class RoomTests
{
    /// <summary>The folders of each project, the lowest first. A folder names only those before it; the project's own folder is called "".</summary>
    private static readonly Dictionary<string, string[]> Layers = new()
    {
        ["Oci"] = ["Rules", "", "Parsing", "Validation"],
        ["Linux"] = ["Kernel", "Files", "Mounts", "Processes", "Network", "Terminal", "Bpf", "Operations", "Child"],
        ["Runtime"] =
        [
            // What everything is said with, the bus of systemd, and what is kept of a container.
            "Messages", "Bus", "State",

            // What a plan is made of and made from.
            "Plan",

            // The subjects: what is planned of each, and what the host does for it.
            "Seccomp/Tables", "Seccomp", "Process", "Namespaces", "Cgroups", "Cgroups/Systemd", "Cgroups/Statistics", "Mounts", "Resctrl", "Network",

            // The whole container, what is told of it to people, what a host gives to it, the commands, the program.
            "Create", "Events", "Criu", "Review", "Diagnosis", "Cli", "",
        ],
    };

    public static TheoryData<string> Projects => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_place_among_the_layers(string project)
    {
        Rooms.Of(project).Values.Distinct().Should().BeEquivalentTo(
            Layers[project], $"a new folder of src/{project} is entered into {nameof(RoomTests)}.{nameof(Layers)}, after every folder that it names");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_names_one_above_it(string project)
    {
        string[] layers = Layers[project];
        (string From, string To, string Types)[] graph = [.. Graph(project)];

        graph.Should().NotBeEmpty();
        graph.Where(arrow => Array.IndexOf(layers, arrow.From) < Array.IndexOf(layers, arrow.To))
            .Select(arrow => $"{arrow.From} to {arrow.To}: {arrow.Types}").Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_depends_on_itself_by_way_of_others(string project)
    {
        Circle([.. Graph(project)]).Should().BeEmpty();
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

    /// <summary>Which folder names which, and by which types.</summary>
    private static IEnumerable<(string From, string To, string Types)> Graph(string project)
    {
        Dictionary<string, string> rooms = Rooms.Of(project);
        return Rooms.Arrows(AssemblyOf(project), rooms)
            .GroupBy(arrow => (From: rooms[Rooms.NameOf(arrow.From)], To: rooms[Rooms.NameOf(arrow.To)]))
            .Select(arrows => (arrows.Key.From, arrows.Key.To, string.Join(", ", arrows.Select(arrow => $"{arrow.From.Name} > {arrow.To.Name}").Distinct().Order())));
    }

    /// <summary>What is left of the graph once every folder is taken away that no arrow leads to, or none leads away from.</summary>
    private static IEnumerable<string> Circle(IReadOnlyCollection<(string From, string To, string Types)> graph)
    {
        List<(string From, string To, string Types)> left = [.. graph];
        while (left.RemoveAll(arrow => !left.Exists(other => other.From == arrow.To) || !left.Exists(other => other.To == arrow.From)) > 0)
        {
        }

        return left.Select(arrow => $"{arrow.From} to {arrow.To}: {arrow.Types}").Order();
    }

    private static Assembly AssemblyOf(string project) => project switch
    {
        "Oci" => typeof(Config).Assembly,
        "Linux" => typeof(Operation).Assembly,
        _ => typeof(CreatePlanner).Assembly,
    };
}
