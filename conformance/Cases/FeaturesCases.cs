using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>The features document.</summary>
internal static class FeaturesCases
{
    [Rule("FEAT-01", Since = "1.1.0")]
    public static void Features_is_one_object_with_the_range_of_versions(Bundle bundle)
    {
        var features = Features(bundle);
        ((string?)features["ociVersionMin"]).Should().StartWith("1.");
        ((string?)features["ociVersionMax"]).Should().StartWith("1.");
    }

    [Rule("FEAT-02", "VER-02", Since = "1.1.0")]
    [With("ociVersionMin")]
    [With("ociVersionMax")]
    public static void Both_ends_of_the_range_are_accepted(Bundle bundle, string end)
    {
        bundle.With("ociVersion", (string)Features(bundle)[end]!).Args("true").Run().ShouldSucceed();
    }

    [Rule("FEAT-02", Since = "1.1.0")]
    public static void The_range_is_not_empty(Bundle bundle)
    {
        var features = Features(bundle);
        Numbers((string)features["ociVersionMin"]!).Should().BeLessThanOrEqualTo(Numbers((string)features["ociVersionMax"]!));
    }

    [Rule("FEAT-03", "MOPT-01", Since = "1.1.0", Alone = true)]
    public static void Every_listed_mount_option_is_recognised(Bundle bundle)
    {
        // What only a bind, a remount or a map of ids can be asked for has cases of its own. tmpfs refuses an option it does not know.
        string[] elsewhere = ["bind", "rbind", "remount", "idmap", "ridmap", "copy-symlink", "src-nofollow", "dest-nofollow"];
        var refused = Listed(bundle, "mountOptions").Except(elsewhere)
            .Where(option => bundle.Another().Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Args("true").Run().Status != 0);
        refused.Should().BeEmpty();
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_hook_is_called(Bundle bundle)
    {
        foreach (var kind in Listed(bundle, "hooks"))
        {
            var place = kind == "startContainer" ? "/hooks" : bundle.RootfsPath + "/hooks";
            bundle.Adding("hooks." + kind, new JsonObject { ["path"] = "/bin/sh", ["args"] = Array("sh", "-c", $"echo {kind} >> {place}") });
        }

        bundle.Writable().Args("true").Run().ShouldSucceed();
        File.ReadAllLines(bundle.RootfsPath + "/hooks").Should().BeEquivalentTo(Listed(bundle, "hooks"));
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_namespace_can_be_made(Bundle bundle)
    {
        foreach (var type in Listed(bundle, "linux.namespaces").Where(type => type is not ("mount" or "user")))
        {
            bundle.Namespace(type);
        }

        bundle.Args("true").Run().ShouldSucceed();
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_capability_is_known(Bundle bundle)
    {
        bundle.Capable(Listed(bundle, "linux.capabilities")).Args("true").Run().Error.Should().NotContainEquivalentOf("unknown");
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_action_of_seccomp_is_accepted(Bundle bundle)
    {
        var refused = Listed(bundle, "linux.seccomp.actions").Where(action => action != "SCMP_ACT_NOTIFY").Where(action => bundle.Another()
            .With("linux.seccomp", Json($$"""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "{{action}}" }] }"""))
            .Args("true").Run().Status != 0);
        refused.Should().BeEmpty();
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_operator_of_seccomp_is_accepted(Bundle bundle)
    {
        var refused = Listed(bundle, "linux.seccomp.operators").Where(operation => bundle.Another().With("linux.seccomp", Json($$"""
            { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 0, "value": 1, "op": "{{operation}}" }] }] }
            """)).Args("true").Run().Status != 0);
        refused.Should().BeEmpty();
    }

    [Rule("FEAT-03", Since = "1.1.0")]
    public static void Every_listed_architecture_of_seccomp_is_accepted(Bundle bundle)
    {
        bundle.With("linux.seccomp", new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW", ["architectures"] = Array(Listed(bundle, "linux.seccomp.archs")),
            ["syscalls"] = Json("""[{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }]"""),
        }).Args("true").Run().ShouldSucceed();
    }

    [Rule("FEAT-04", Since = "1.1.0")]
    public static void Mount_options_of_single_file_systems_are_not_listed(Bundle bundle)
    {
        Listed(bundle, "mountOptions").Should().NotContain(["size", "mode", "uid", "gid", "newinstance"]);
    }

    [Rule("FEAT-05", Since = "1.1.0")]
    [With("linux.cgroup.v1")]
    [With("linux.cgroup.v2")]
    [With("linux.cgroup.systemd")]
    [With("linux.seccomp.enabled")]
    [With("linux.apparmor.enabled")]
    [With("linux.selinux.enabled")]
    public static void What_can_be_switched_is_told_as_true_or_false(Bundle bundle, string path)
    {
        At(Features(bundle), path)!.GetValueKind().Should().BeOneOf(System.Text.Json.JsonValueKind.True, System.Text.Json.JsonValueKind.False);
    }

    [Rule("FEAT-05", "IDM-10", Since = "1.2.0")]
    public static void Maps_of_mounts_are_told(Bundle bundle)
    {
        At(Features(bundle), "linux.mountExtensions.idmap.enabled").Should().NotBeNull();
    }

    [Rule("FEAT-06", Since = "1.1.0")]
    public static void Annotations_are_strings(Bundle bundle)
    {
        (Features(bundle)["annotations"]?.AsObject() ?? []).Should().OnlyContain(pair => pair.Value!.GetValueKind() == System.Text.Json.JsonValueKind.String);
    }

    [Rule("FEAT-07", Since = "1.2.0")]
    public static void Annotations_that_change_behaviour_are_listed_by_name(Bundle bundle)
    {
        Listed(bundle, "potentiallyUnsafeConfigAnnotations").Should().OnlyContain(name => name.Length > 1);
    }

    [Rule("FEAT-08", Since = "1.1.0")]
    public static void Every_flag_of_seccomp_that_is_supported_is_known(Bundle bundle)
    {
        Listed(bundle, "linux.seccomp.supportedFlags").Should().BeSubsetOf(Listed(bundle, "linux.seccomp.knownFlags"));
    }

    private static JsonObject Features(Bundle bundle) => JsonNode.Parse(bundle.Runtime("features").Run().ShouldSucceed().Output)!.AsObject();

    private static JsonNode? At(JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, name) => at?[name]);

    private static string[] Listed(Bundle bundle, string path) => [.. (At(Features(bundle), path)?.AsArray() ?? []).Select(item => (string)item!)];

    private static Version Numbers(string version) => Version.Parse(version.Split('-', '+')[0]);
}
