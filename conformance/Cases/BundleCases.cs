using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>config.json itself: where it is, how it is read, versions and annotations.</summary>
internal static class BundleCases
{
    [Rule("BND-01", "OP-CRE-01")]
    public static void A_bundle_without_config_json_is_refused(Bundle bundle)
    {
        bundle.Runtime("create", "--bundle", bundle.Location, bundle.Id).Run().Status.Should().NotBe(0);
        bundle.State().Should().BeNull();
    }

    [Rule("BND-01")]
    public static void A_configuration_under_another_name_is_not_found(Bundle bundle)
    {
        File.WriteAllText(Path.Combine(bundle.Location, "Config.json"), bundle.Config.ToJsonString());
        bundle.Runtime("create", "--bundle", bundle.Location, bundle.Id).Run().Status.Should().NotBe(0);
    }

    [Rule("BND-02")]
    public static void The_root_is_the_directory_that_root_path_names(Bundle bundle)
    {
        Directory.Move(bundle.RootfsPath, Path.Combine(bundle.Location, "elsewhere"));
        File.WriteAllText(Path.Combine(bundle.Location, "elsewhere/mark"), "here");
        bundle.With("root.path", "elsewhere").Observe("/mark").Path("/mark").Content.Should().Be("here");
    }

    [Rule("BND-03", "STATE-01")]
    public static void The_bundle_is_the_current_directory_and_state_reports_it_absolute(Bundle bundle)
    {
        bundle.Args("true").Save();
        bundle.Runtime("create", bundle.Id).Run().ShouldSucceed();
        ((string?)bundle.State()!["bundle"]).Should().Be(bundle.Location);
    }

    [Rule("BND-03")]
    public static void A_relative_bundle_is_reported_absolute(Bundle bundle)
    {
        bundle.Args("true").Save();
        bundle.Runtime("create", "--bundle", "../bundle", bundle.Id).Run().ShouldSucceed();
        ((string?)bundle.State()!["bundle"]).Should().Be(bundle.Location);
    }

    [Rule("BND-04")]
    public static void What_is_written_to_config_json_after_create_has_no_effect(Bundle bundle)
    {
        var create = bundle.Shell("hostname").With("hostname", "before").Create();
        bundle.Shell("echo edited").With("hostname", "after").Save();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        create.Output.Trim().Should().Be("before");
    }

    [Rule("BND-04")]
    public static void Start_kill_and_delete_do_not_need_config_json(Bundle bundle)
    {
        bundle.Shell("while :; do sleep 1; done").Create();
        File.Delete(bundle.ConfigFile);
        bundle.Start().ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
    }

    [Rule("BND-04", "OP-DEL-01")]
    public static void Delete_by_force_does_not_need_config_json(Bundle bundle)
    {
        bundle.Args("true").Create();
        File.Delete(bundle.ConfigFile);
        bundle.Delete("--force").ShouldSucceed();
        bundle.State().Should().BeNull();
    }

    [Rule("JSN-01")]
    public static void Text_is_utf8(Bundle bundle)
    {
        bundle.Adding("process.env", "GREETING=grüße, 世界 🚢").Observe().Environment["GREETING"].Should().Be("grüße, 世界 🚢");
    }

    [Rule("JSN-01")]
    public static void The_order_of_members_does_not_matter(Bundle bundle)
    {
        bundle.Shell("hostname");
        var reversed = new JsonObject(bundle.Config.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        bundle.CreateFrom(reversed.ToJsonString()).ShouldSucceed();
        bundle.Start().ShouldSucceed();
    }

    [Rule("JSN-01")]
    public static void Text_that_is_not_json_is_refused(Bundle bundle)
    {
        bundle.CreateFrom(bundle.Config.ToJsonString()[..^1]).Status.Should().NotBe(0);
        bundle.State().Should().BeNull();
    }

    [Rule("JSN-02")]
    [With("unknownToAll")]
    [With("process.unknownToAll")]
    [With("root.unknownToAll")]
    [With("linux.unknownToAll")]
    [With("linux.resources.unknownToAll")]
    [With("mounts[0].unknownToAll")]
    public static void Unknown_properties_are_ignored(Bundle bundle, string path)
    {
        bundle.With(path, Json("""{ "deep": [1, "two", null] }""")).Args("true").Run().ShouldSucceed();
    }

    [Rule("JSN-03")]
    [With("process.cwd", "5")]
    [With("process.args", "\"sh\"")]
    [With("process.user.uid", "\"root\"")]
    [With("process.user.uid", "-1")]
    [With("root.readonly", "\"yes\"")]
    [With("hostname", "{}")]
    [With("mounts", "{}")]
    [With("mounts[0].options", "\"ro\"")]
    [With("linux.namespaces", "[\"pid\"]")]
    [With("linux.resources.devices[0].allow", "\"no\"")]
    [With("process.rlimits[0].hard", "-1")]
    public static void A_value_of_the_wrong_type_is_refused(Bundle bundle, string path, string json)
    {
        bundle.Args("true").With(path, Json(json)).ShouldBeRefused();
    }

    [Rule("JSN-04", "RLIM-02")]
    public static void Unsigned_numbers_of_64_bits_are_exact(Bundle bundle)
    {
        const ulong large = (1UL << 63) + 1;
        bundle.With("process.rlimits", Json($$"""[{ "type": "RLIMIT_RSS", "soft": {{large}}, "hard": {{large}} }]"""));
        bundle.Observe().Limit("RLIMIT_RSS").Should().Be((large, large));
    }

    [Rule("JSN-05")]
    [With("hostname")]
    [With("hooks")]
    [With("annotations")]
    [With("linux.seccomp")]
    [With("linux.maskedPaths")]
    [With("process.rlimits")]
    public static void Null_counts_as_absent(Bundle bundle, string path)
    {
        bundle.With(path, null).Args("true").Run().ShouldSucceed();
    }

    [Rule("VER-01")]
    public static void A_missing_version_is_refused(Bundle bundle)
    {
        bundle.Without("ociVersion").ShouldBeRefused();
    }

    [Rule("VER-01")]
    [With("")]
    [With("invalid")]
    [With("1")]
    [With("1.0")]
    [With("v1.0.0")]
    public static void A_version_that_is_not_semantic_is_refused(Bundle bundle, string version)
    {
        bundle.With("ociVersion", version).ShouldBeRefused();
    }

    [Rule("VER-02")]
    [With("1.0.0")]
    [With("1.0.2-dev")]
    [With("1.1.0")]
    [With("1.2.1")]
    [With("1.3.0")]
    [With("1.3.0+dev")]
    public static void Every_version_of_the_same_major_is_accepted(Bundle bundle, string version)
    {
        bundle.With("ociVersion", version).Args("true").Run().ShouldSucceed();
    }

    [Rule("VER-03")]
    [With("2.0.0")]
    [With("2.1.0-rc.1")]
    public static void A_version_of_another_major_is_refused(Bundle bundle, string version)
    {
        bundle.With("ociVersion", version).ShouldBeRefused();
    }

    [Rule("ANN-01")]
    [With("5")]
    [With("{}")]
    public static void An_annotation_that_is_not_a_string_is_refused(Bundle bundle, string json)
    {
        bundle.With("annotations", new JsonObject { ["com.example.key"] = Json(json) }).ShouldBeRefused();
    }

    [Rule("ANN-01", "ANN-04", "STATE-01")]
    public static void Annotations_appear_in_state_and_may_be_empty_strings(Bundle bundle)
    {
        bundle.With("annotations", Json("""{ "com.example.full": "value", "com.example.empty": "" }""")).Args("true").Create();
        var annotations = bundle.State()!["annotations"]!.AsObject();
        ((string?)annotations["com.example.full"]).Should().Be("value");
        ((string?)annotations["com.example.empty"]).Should().Be("");
    }

    [Rule("ANN-04")]
    public static void Unknown_annotations_do_no_harm(Bundle bundle)
    {
        bundle.With("annotations", Json("""{ "org.example.unknown": "x", "org.opencontainers.image.stopSignal": "SIGINT" }""")).Args("true").Run().ShouldSucceed();
    }
}
