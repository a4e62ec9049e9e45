using System.Text.Json;
using System.Text.Json.Nodes;
using Hull.Oci;

namespace Hull.Runtime.Tests.Schemas;

/// <summary>What hull writes and what it reads, by the specification's own schemas and their examples.</summary>
public sealed class SchemaTests
{
    private const string Folder = "oci-schema";

    /// <summary>Examples whose fault this runtime reads over, as it reads over the whole part for another platform.</summary>
    private static readonly string[] ForOtherPlatforms = ["freebsd-vnet-disable.json"];

    public static TheoryData<string, string> Kinds => new()
    {
        { "config", "config-schema.json" }, { "features", "features-schema.json" }, { "state", "state-schema.json" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_checker_agrees_with_the_authors_of_the_schemas(string kind, string schema)
    {
        string path = SharedData.File(Folder, schema);
        Examples(kind, "good").Should().NotBeEmpty();
        foreach (string file in Examples(kind, "good"))
        {
            JsonSchema.Check(path, JsonNode.Parse(File.ReadAllBytes(file))).Should().BeEmpty(file);
        }

        foreach (string file in Examples(kind, "bad").Where(IsJson))
        {
            JsonSchema.Check(path, JsonNode.Parse(File.ReadAllBytes(file))).Should().NotBeEmpty(file);
        }
    }

    [Fact]
    [Rule("FEAT-01", "FEAT-02", "FEAT-05", "FEAT-06", "FEAT-07", "FEAT-08")]
    public void The_features_are_valid()
    {
        JsonNode features = JsonNode.Parse(Json.Write(FeaturesCommand.Features()))!;

        JsonSchema.Check(SharedData.File(Folder, "features-schema.json"), features).Should().BeEmpty();
    }

    [Fact]
    public void A_configuration_that_spec_writes_is_valid()
    {
        foreach (Config config in new[] { DefaultConfig.Create(cgroupNamespace: true), DefaultConfig.CreateRootless(1000, 1000, cgroupNamespace: false) })
        {
            JsonSchema.Check(SharedData.File(Folder, "config-schema.json"), JsonNode.Parse(Json.Write(config))).Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData(ContainerStatus.Creating)]
    [InlineData(ContainerStatus.Created)]
    [InlineData(ContainerStatus.Running)]
    [InlineData(ContainerStatus.Stopped)]
    [Rule("STATE-01", "STATE-06")]
    public void A_state_is_valid(ContainerStatus status)
    {
        var state = new State { OciVersion = "1.3.0", Id = "one", Status = status, Pid = 7, Bundle = "/b", Annotations = new Map<string>(new KeyValuePair<string, string>("a", "b")) };

        JsonSchema.Check(SharedData.File(Folder, "state-schema.json"), JsonNode.Parse(Json.Write(state, indented: false))).Should().BeEmpty();
    }

    [Fact]
    [Rule("JSN-03")]
    public void What_the_schema_refuses_hull_refuses()
    {
        foreach (string file in Examples("config", "bad").Where(file => !ForOtherPlatforms.Contains(Path.GetFileName(file))))
        {
            Inspection.Of(File.ReadAllBytes(file)).Violations.Should().NotBeEmpty(file);
        }
    }

    private static string[] Examples(string kind, string judgement)
    {
        string schema = SharedData.File(Folder, "config-schema.json");
        return Directory.GetFiles(Path.Combine(Path.GetDirectoryName(schema)!, "test", kind, judgement), "*.json");
    }

    private static bool IsJson(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
