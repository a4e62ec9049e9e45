using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Planning;

/// <summary>
/// What engines really ask for is planned, but for these properties. Whoever makes one of them work takes it off these lists.
/// </summary>
public sealed class RealConfigurationTests
{
    /// <summary>By file: each property for which this version refuses the configuration.</summary>
    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["containerd-01.json"] = [],
        ["containerd-02.json"] = [],
        ["containerd-03.json"] = [],
        ["containerd-04.json"] = [],
        ["containerd-05.json"] = [],
        ["containerd-06.json"] = [],
        ["containerd-07.json"] = [],
        ["docker-01.json"] = [],
        ["docker-02.json"] = [],
        ["docker-03.json"] = [],
        ["docker-04.json"] = [],
        ["docker-05.json"] = [],
        ["docker-06.json"] = [],
        ["docker-07.json"] = [],
        ["docker-08.json"] = [],
        ["docker-09.json"] = [],
        ["docker-10.json"] = [],
        ["docker-11.json"] = [],
        ["docker-12.json"] = [],
        ["podman-01.json"] = [],
        ["podman-02.json"] = [],
        ["podman-03.json"] = [],
        ["podman-04.json"] = [],
        ["podman-05.json"] = [],
        ["podman-06.json"] = [],
        ["podman-07.json"] = [],
        ["podman-08.json"] = [],
        ["podman-09.json"] = [],
        ["podman-10.json"] = [],
        ["podman-11.json"] = [],
        ["podman-12.json"] = [],
        ["podman-13.json"] = [],
        ["podman-14.json"] = [],
    };

    public static TheoryData<string> Files => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_configuration_of_an_engine_is_planned_but_for_known_properties(string file)
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(File.ReadAllBytes(SharedData.File("engine-configs", file)));
        Validator.Validate(parsed.Value!).Should().BeEmpty();

        RefusalsOf(parsed.Value!).Should().Equal(Refused[file]);
    }

    [Fact]
    public void No_configuration_of_an_engine_is_left_out()
    {
        string folder = Path.GetDirectoryName(SharedData.File("engine-configs", Refused.Keys.First()))!;

        Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileName(file)).Where(file => !file.Contains("-exec-") && !file.Contains("-update-"))
            .Should().BeEquivalentTo(Refused.Keys);
    }

    /// <summary>Plans, takes away what is refused, and plans again until nothing is.</summary>
    private static List<string> RefusalsOf(Config config)
    {
        var refused = new List<string>();
        while (true)
        {
            var request = new CreateRequest { Id = "real", Bundle = "/bundle", Config = config, WaitForStart = true, ConsoleSocket = SocketFor(config) };
            try
            {
                CreatePlanner.Plan(request, CgroupFixtures.Hybrid).Container.Should().NotBeEmpty();
                return refused;
            }
            catch (RuntimeError refusal)
            {
                refused.Should().NotContain(refusal.Property, "it has been taken away");
                refused.Add(refusal.Property!);
                config = Without(config, refusal);
            }
        }
    }

    /// <summary>An engine that wants a terminal waits for it.</summary>
    private static string? SocketFor(Config config) => config.Process?.Terminal == true ? "/tmp/console.sock" : null;

    private static Config Without(Config config, RuntimeError refusal) => refusal.Property switch
    {
        "process.apparmorProfile" => config with { Process = config.Process! with { ApparmorProfile = null } },
        "linux.sysctl" => config with { Linux = config.Linux! with { Sysctl = null } },
        _ => throw new InvalidOperationException($"a refusal that nobody knows of: {refusal.Message}"),
    };
}
