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

    public static TheoryData<string> Cases => [.. PlanFile.In(Home)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_program_in_a_container_on_a_host_has_exactly_this_plan(string name) =>
        GoldenPlan.Check(Path.Combine(Home, name + PlanFile.Extension), Print);

    [Fact]
    public void Every_example_is_found()
    {
        Cases.Should().HaveCountGreaterThan(6);
        Directory.GetFileSystemEntries(Home).Select(entry => Path.GetExtension(entry)).Should().BeSubsetOf([PlanFile.Extension, ".cs"]);
    }

    private static string Print(PlanFile document)
    {
        RequestDocument request = JsonSerializer.Deserialize<RequestDocument>(document.Read(PlanFile.Request), Options)!;
        Config config = ConfigDocument.Parse(document.Read(PlanFile.Configuration)).Value!;
        byte[]? process = document.TryRead(PlanFile.Process);
        try
        {
            return PlanPrinter.Print(ExecPlanner.Plan(
                new ExecRequest
                {
                    Id = "example",
                    Config = config,
                    FirstProcess = 4711,
                    Rootfs = "/bundle/rootfs",
                    Process = process is null ? config.Process! : ProcessDocument.Parse(process).Value!,
                    Cgroups = new ExecCgroups([.. request.V1Cgroups], request.V2Cgroup, request.CgroupIsChosen),
                    Attachment = new Attachment(!request.Detach, request.ConsoleSocket, request.PidfdSocket, request.PreserveFds),
                },
                FactsDocument.Read(document.Read(PlanFile.Facts))));
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
