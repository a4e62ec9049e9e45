using System.Text.Json;
using Hull.Oci;

namespace Hull.Runtime.Tests.Plans;

/// <summary>
/// A configuration, facts about a host, and the plan that follows, which has been read as prose and found right.
/// </summary>
internal sealed record PlanCase(PlanFile File)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    internal static string Home => SourceTree.Place("tests", "Runtime.Tests", "Plans");

    internal static string PathOf(string name) => Path.Combine(Home, name + PlanFile.Extension);

    /// <summary>What the planner writes today.</summary>
    internal string Print()
    {
        try
        {
            return PlanPrinter.Print(Plan());
        }
        catch (RuntimeError refusal)
        {
            return $"refused: {refusal.Message}\n";
        }
    }

    internal Plan Plan()
    {
        RequestDocument request = ReadRequest();
        return CreatePlanner.Plan(
            new CreateRequest
            {
                Id = request.Id,
                Bundle = request.Bundle,
                Config = ReadConfig(),
                WaitForStart = !request.Run,
                Foreground = request.Run && !request.Detach,
                ConsoleSocket = request.ConsoleSocket,
                NoPivot = request.NoPivot,
                NoNewKeyring = request.NoNewKeyring,
                PreservedDescriptors = request.PreserveFds,
            },
            FactsDocument.Read(File.Read(PlanFile.Facts)));
    }

    private Config ReadConfig()
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(File.Read(PlanFile.Configuration));
        parsed.Violations.Should().BeEmpty();
        Validator.Validate(parsed.Value!).Should().BeEmpty("only what create accepts reaches the planner");
        return parsed.Value!;
    }

    private RequestDocument ReadRequest() =>
        File.TryRead(PlanFile.Request) is { } request ? JsonSerializer.Deserialize<RequestDocument>(request, Options)! : new RequestDocument();

    /// <summary>How create was called, in the words of its options.</summary>
    private sealed record RequestDocument
    {
        public string Id { get; init; } = "example";

        public string Bundle { get; init; } = "/bundle";

        public bool Run { get; init; }

        public bool Detach { get; init; }

        public string? ConsoleSocket { get; init; }

        public bool NoPivot { get; init; }

        public bool NoNewKeyring { get; init; }

        public int PreserveFds { get; init; }
    }
}
