using System.Text.Json;
using Hull.Oci;
using Hull.Runtime.Tests.Plans;

namespace Hull.Runtime.Tests.ExecPlans;

/// <summary>Programs that join a container, as prose: like the plans of containers, and accepted in the same way.</summary>
public sealed class ExecPlanTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private static string Home => SourceTree.Place("tests", "Runtime.Tests", "ExecPlans");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Home).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_program_in_a_container_on_a_host_has_exactly_this_plan(string name)
    {
        string folder = Path.Combine(Home, name);
        string golden = Path.Combine(folder, PlanCase.Golden);
        string actual = Print(folder);
        if (Environment.GetEnvironmentVariable("HULL_ACCEPT") == "1")
        {
            Environment.GetEnvironmentVariable("CI").Should().NotBe("true", "what a plan should be is not decided by a machine");
            File.WriteAllText(golden, actual);
        }

        string expected = File.ReadAllText(golden);
        Assert.True(expected == actual, $"The plan is another one:\n{LineDifference.Between(expected, actual)}");
    }

    [Fact]
    public void Every_example_is_found() => Cases.Should().HaveCountGreaterThan(6);

    private static string Print(string folder)
    {
        RequestDocument request = JsonSerializer.Deserialize<RequestDocument>(File.ReadAllBytes(Path.Combine(folder, "request.json")), Options)!;
        Config config = ConfigDocument.Parse(File.ReadAllBytes(Path.Combine(folder, PlanCase.Configuration))).Value!;
        string process = Path.Combine(folder, "process.json");
        try
        {
            return PlanPrinter.Print(ExecPlanner.Plan(
                new ExecRequest
                {
                    Id = "example",
                    Config = config,
                    FirstProcess = 4711,
                    Rootfs = "/bundle/rootfs",
                    Process = File.Exists(process) ? ProcessDocument.Parse(File.ReadAllBytes(process)).Value! : config.Process!,
                    Cgroups = new ExecCgroups([.. request.V1Cgroups], request.V2Cgroup, request.CgroupIsChosen),
                    Calling = new Calling(!request.Detach, request.ConsoleSocket, request.PidfdSocket, request.PreserveFds),
                },
                FactsDocument.Read(Path.Combine(folder, PlanCase.Facts))));
        }
        catch (RuntimeError refusal)
        {
            return $"refused: {refusal.Message}\n";
        }
    }

    /// <summary>How exec was called, in the words of its options, and where the container's cgroups are.</summary>
    private sealed record RequestDocument
    {
        public string[] V1Cgroups { get; init; } = [];

        public string V2Cgroup { get; init; } = "";

        public bool CgroupIsChosen { get; init; }

        public bool Detach { get; init; }

        public string? ConsoleSocket { get; init; }

        public string? PidfdSocket { get; init; }

        public int PreserveFds { get; init; }
    }
}
