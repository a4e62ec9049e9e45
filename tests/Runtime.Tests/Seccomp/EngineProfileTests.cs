using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>An engine's profile becomes the specification's as the engine itself makes it.</summary>
public sealed class EngineProfileTests
{
    private static readonly EngineProfile Container = new(["CAP_CHOWN", "CAP_BPF"], SeccompArchitecture.X64, new KernelVersion(5, 10));

    [Theory]
    [InlineData("""{}""", """{}""", true)]
    [InlineData("""{ "caps": ["CAP_BPF"] }""", """{}""", true)]
    [InlineData("""{ "caps": ["CAP_BPF", "CAP_CHOWN"] }""", """{}""", true)]
    [InlineData("""{ "caps": ["CAP_BPF", "CAP_SYS_ADMIN"] }""", """{}""", false)]
    [InlineData("""{ "arches": ["arm", "amd64"] }""", """{}""", true)]
    [InlineData("""{ "arches": ["arm64"] }""", """{}""", false)]
    [InlineData("""{ "minKernel": "5.10" }""", """{}""", true)]
    [InlineData("""{ "minKernel": "5.11" }""", """{}""", false)]
    [InlineData("""{ "caps": ["CAP_BPF"], "arches": ["arm64"] }""", """{}""", false)]
    [InlineData("""{}""", """{ "caps": ["CAP_SYS_ADMIN"] }""", true)]
    [InlineData("""{}""", """{ "caps": ["CAP_SYS_ADMIN", "CAP_BPF"] }""", false)]
    [InlineData("""{}""", """{ "arches": ["amd64"] }""", false)]
    [InlineData("""{}""", """{ "minKernel": "4.8" }""", false)]
    [InlineData("""{}""", """{ "minKernel": "6.0" }""", true)]
    public void A_rule_is_there_when_all_that_it_includes_holds_and_nothing_that_it_excludes(string includes, string excludes, bool isThere)
    {
        Oci.Seccomp profile = Parse($$"""
            { "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": {{includes}}, "excludes": {{excludes}} }] }
            """);

        IReadOnlyList<SeccompSyscall> rules = Container.Resolve(profile).Syscalls!;
        rules.Select(rule => (rule.Names[0], rule.Includes, rule.Excludes)).Should().Equal(isThere ? [("bpf", null, null)] : []);
    }

    [Fact]
    public void The_architectures_are_those_that_the_map_gives_the_processor()
    {
        Oci.Seccomp profile = Parse("""
            {
              "defaultAction": "SCMP_ACT_ERRNO",
              "archMap": [
                { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
                { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] }
              ]
            }
            """);

        Container.Resolve(profile).Architectures.Should().BeEquivalentTo([SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32]);
        (Container with { Architecture = SeccompArchitecture.Arm64 }).Resolve(profile).Architectures.Should().BeEquivalentTo([SeccompArchitecture.Arm64, SeccompArchitecture.Arm]);
        Container.Resolve(profile).ArchMap.Should().BeNull();
    }

    [Fact]
    public void Dockers_own_profile_becomes_one_without_a_warning_and_forbids_what_a_capability_would_allow()
    {
        Oci.Seccomp profile = Parse(File.ReadAllText(SharedData.File("", "seccomp-docker-default.json")));
        profile.IsOfAnEngine().Should().BeTrue();
        Oci.Seccomp resolved = Container.Resolve(profile);

        resolved.IsOfAnEngine().Should().BeFalse();
        Oci.Seccomp again = Parse(System.Text.Encoding.UTF8.GetString(Json.Write(resolved)));
        IEnumerable<string> allowed = again.Syscalls!.Where(rule => rule.Action == SeccompAction.Allow).SelectMany(rule => rule.Names);
        allowed.Should().Contain("bpf").And.Contain("ptrace").And.NotContain("reboot").And.NotContain("setns");
        SeccompDocument.Parse(Json.Write(resolved)).Warnings.Should().BeEmpty();
    }

    private static Oci.Seccomp Parse(string text) => SeccompDocument.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Value!;
}
