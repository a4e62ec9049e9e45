using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Planning;

/// <summary>Who is warned that a capability cannot be ambient: whoever loses something by it.</summary>
public sealed class CapabilityWarningTests
{
    [Fact]
    public void Root_is_not_warned_for_its_program_gets_what_is_permitted_anyway()
    {
        WarningsFor(user: 0).Should().NotContain(warning => warning.Contains("ambient"));
    }

    [Fact]
    public void Root_is_warned_of_what_its_bounding_set_does_not_give_either()
    {
        WarningsFor(user: 0, bounding: "").Should().ContainSingle(warning => warning.Contains("process.capabilities.ambient: left out") && warning.Contains("CAP_KILL"));
    }

    [Fact]
    public void Another_user_is_warned()
    {
        WarningsFor(user: 1000).Should().ContainSingle(warning => warning.Contains("process.capabilities.ambient: left out") && warning.Contains("CAP_KILL"));
    }

    /// <summary>The sets of Buildah's steps: ambient, and not inheritable.</summary>
    private static ImmutableArray<string> WarningsFor(uint user, string bounding = "\"CAP_KILL\"")
    {
        byte[] document = System.Text.Encoding.UTF8.GetBytes(
            $$"""
              {
                "ociVersion": "1.0.2", "root": { "path": "rootfs" },
                "process": {
                  "cwd": "/", "args": ["true"], "user": { "uid": {{user}}, "gid": 0 },
                  "capabilities": { "bounding": [{{bounding}}], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"], "ambient": ["CAP_KILL"] }
                },
                "linux": { "namespaces": [{ "type": "mount" }, { "type": "pid" }] }
              }
              """);
        var request = new CreateRequest { Id = "c1", Bundle = "/bundle", Config = ConfigDocument.Parse(document).Value!, WaitForStart = true };
        return CreatePlanner.Plan(request, CgroupFixtures.Hybrid).Warnings;
    }

    /// <summary>The document is read by the names of src/Oci, messages are written by those of src/Linux.</summary>
    [Fact]
    public void Every_capability_has_the_same_number_in_the_document_and_for_the_kernel()
    {
        string[] names = Hull.Linux.CapabilityNames.All();
        names.Select(Hull.Oci.CapabilityNames.NumberOf).Should().Equal(Enumerable.Range(0, names.Length));
    }
}
