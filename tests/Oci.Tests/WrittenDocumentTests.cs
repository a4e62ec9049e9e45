using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.Oci.Tests;

public sealed class WrittenDocumentTests
{
    private static readonly State Full = new()
    {
        OciVersion = "1.3.0",
        Id = "a\"b",
        Status = ContainerStatus.Running,
        Pid = 4422,
        Bundle = "/containers/rédis",
        Rootfs = "/r",
        Created = "2026-01-02T03:04:05.123456789Z",
        Annotations = new Map<string>(new("myKey", "my\nValue"), new("a b", "")),
        Owner = "root",
        Exit = new ContainerExit { Status = 137, Signal = 9, Time = "2026-01-02T03:04:06.123456700Z", OomKilled = true, PeakMemory = ulong.MaxValue, CpuTime = 1 },
    };

    [Fact]
    public void A_state_is_written_as_the_generated_code_would()
    {
        foreach (State state in new[] { Full, Full with { Pid = null, Rootfs = null, Created = null, Annotations = null, Owner = null, Exit = null }, Full with { Exit = new ContainerExit { Status = 3, Time = "t" } } })
        {
            JsonNode? generated = JsonSerializer.SerializeToNode(state, Json.Default.State);
            JsonNode.DeepEquals(JsonNode.Parse(Json.Write(state, indented: false)), generated).Should().BeTrue();
            JsonNode.DeepEquals(JsonNode.Parse(Json.Write(state, indented: true)), generated).Should().BeTrue();
        }
    }

    [Fact]
    public void A_process_state_is_written_as_the_generated_code_would()
    {
        ContainerProcessState state = new() { OciVersion = "1.3.0", Fds = ["seccompFd"], Pid = 7, Metadata = "m", State = Full };

        JsonNode.DeepEquals(JsonNode.Parse(Json.Write(state)), JsonSerializer.SerializeToNode(state, Json.Default.ContainerProcessState))
            .Should().BeTrue();
    }

    [Fact]
    public void A_state_for_a_hook_is_one_line_and_an_indented_one_has_many()
    {
        string line = Encoding.UTF8.GetString(Json.Write(Full, indented: false));
        string lines = Encoding.UTF8.GetString(Json.Write(Full, indented: true));

        line.Should().NotContain("\n").And.StartWith("{\"ociVersion\":\"1.3.0\",\"id\":\"a\\\"b\"");
        lines.Should().StartWith("{\n  \"ociVersion\": \"1.3.0\",\n").And.Contain("\n    \"a b\": \"\"\n  },\n").And.EndWith("\n}");
    }

    [Fact]
    public void Features_have_the_names_of_the_specification_and_leave_out_what_is_unknown()
    {
        Features features = new()
        {
            OciVersionMin = "1.0.0",
            OciVersionMax = "1.3.0",
            MountOptions = [],
            Linux = new LinuxFeatures
            {
                Namespaces = [NamespaceType.Pid],
                Cgroup = new CgroupFeatures { V1 = true, V2 = true, SystemdUser = false },
                Seccomp = new SeccompFeatures { Archs = [SeccompArchitecture.X64], KnownFlags = [SeccompFlag.Log] },
                MountExtensions = new MountExtensions { Idmap = new Feature { Enabled = true } },
            },
            PotentiallyUnsafeConfigAnnotations = ["a."],
        };

        JsonNode.DeepEquals(JsonNode.Parse(Json.Write(features)), JsonNode.Parse("""
            {"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","mountOptions":[],"linux":{"namespaces":["pid"],
             "cgroup":{"v1":true,"v2":true,"systemdUser":false},
             "seccomp":{"archs":["SCMP_ARCH_X86_64"],"knownFlags":["SECCOMP_FILTER_FLAG_LOG"]},
             "mountExtensions":{"idmap":{"enabled":true}}},"potentiallyUnsafeConfigAnnotations":["a."]}
            """)).Should().BeTrue();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_default_configuration_is_valid_and_reads_back(bool rootless, bool cgroupNamespace)
    {
        Config config = rootless ? DefaultConfig.CreateRootless(1000, 100, cgroupNamespace) : DefaultConfig.Create(cgroupNamespace);

        Validator.Validate(config).Should().BeEmpty();
        ConfigDocument.Parse(Json.Write(config)).Value.Should().BeEquivalentTo(config, options => options.WithStrictOrdering());
        config.Linux!.Namespaces!.Any(item => item.Type == NamespaceType.Cgroup).Should().Be(cgroupNamespace);
    }

    [Fact]
    public void The_rootless_configuration_maps_the_caller_to_root()
    {
        LinuxConfig linux = DefaultConfig.CreateRootless(1000, 100, cgroupNamespace: false).Linux!;

        linux.UidMappings.Should().Equal(new IdMapping { ContainerId = 0, HostId = 1000, Size = 1 });
        linux.GidMappings.Should().Equal(new IdMapping { ContainerId = 0, HostId = 100, Size = 1 });
        linux.Resources.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_default_configuration_is_that_of_runc(bool rootless)
    {
        JsonNode theirs = RuncSpec(rootless);
        bool cgroupNamespace = theirs["linux"]!["namespaces"]!.AsArray().Any(item => (string?)item!["type"] == "cgroup");
        uint user = rootless ? (uint)theirs["linux"]!["uidMappings"]![0]!["hostID"]! : 0;
        uint group = rootless ? (uint)theirs["linux"]!["gidMappings"]![0]!["hostID"]! : 0;
        Config config = rootless ? DefaultConfig.CreateRootless(user, group, cgroupNamespace) : DefaultConfig.Create(cgroupNamespace);
        JsonNode ours = JsonNode.Parse(Json.Write(config))!;

        // runc gave up the ambient capabilities after 1.1; the version and the name are our own.
        theirs["process"]!["capabilities"]!.AsObject().Remove("ambient");
        theirs["ociVersion"] = "1.3.0";
        theirs["hostname"] = "hull";
        Sorted(ours).Should().Be(Sorted(theirs));
    }

    private static JsonNode RuncSpec(bool rootless)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hull-oci-");
        try
        {
            using System.Diagnostics.Process? runc = Start(rootless, folder.FullName);
            if (runc is null)
            {
                Skip.Because("runc is not installed");
            }

            runc.WaitForExit();
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "config.json")))!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static System.Diagnostics.Process? Start(bool rootless, string folder)
    {
        try
        {
            string arguments = rootless ? "spec --rootless" : "spec";
            return System.Diagnostics.Process.Start(new ProcessStartInfo("runc", arguments) { WorkingDirectory = folder });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Members sorted by name, so that a difference shows as text.</summary>
    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(
            ",\n",
            map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}: {Sorted(member.Value)}")) + "}",
        JsonArray list => "[" + string.Join(", ", list.Select(Sorted)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };
}
