using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What hull says of a bundle without making a container: <c>validate</c>, the views of <c>plan</c>, <c>seccomp</c> about a file, rules.</summary>
public sealed class ReviewTests : EndToEndTest
{
    public ReviewTests() => Requires.Hull("no other runtime has these commands");

    [Fact]
    public void Validate_names_the_faults_behind_a_value_of_the_wrong_type()
    {
        var outcome = Validate(NewBundle().With("process.user.uid", "root").With("process.cwd", "tmp").With("process.oomScoreAdj", 2000));

        outcome.Status.Should().Be(1);
        outcome.Output.Should().ContainAll("process.user.uid: must be a whole number, not a string", "process.cwd: \"tmp\" is not an absolute path", "process.oomScoreAdj: 2000", "3 violations");
    }

    [Fact]
    public void Validate_gives_the_warnings_of_run()
    {
        var bundle = NewBundle();
        ((JsonArray)bundle.Config["mounts"]!).Add(JsonNode.Parse("""{"destination":"/mnt","source":"/tmp","options":["bind","size=5m"]}"""));

        var outcome = Validate(bundle);
        outcome.Status.Should().Be(0);
        outcome.Output.Should().Contain("size=5m is left out").And.EndWith("valid\n");
    }

    [Fact]
    public void A_strict_reader_refuses_a_name_that_is_mistyped()
    {
        var bundle = NewBundle().With("linux.sysctls", new JsonObject());

        Validate(bundle).Status.Should().Be(0);
        var outcome = Validate(bundle, "--strict");
        outcome.Status.Should().Be(1);
        outcome.Output.Should().Contain("did you mean \"sysctl\"? [JSN-02]").And.Contain("1 violation\n");
    }

    [Fact]
    public void The_host_is_asked_for_every_file_that_create_would_need()
    {
        var bundle = NewBundle().Args("nowhere").With("hooks.poststart", JsonNode.Parse("""[{"path":"/no/hook"}]"""));
        ((JsonArray)bundle.Config["mounts"]!).Add(JsonNode.Parse("""{"destination":"/data","source":"/no/source","options":["bind"]}"""));
        ((JsonArray)bundle.Config["linux"]!["namespaces"]!).Add(JsonNode.Parse("""{"type":"time","path":"/no/namespace"}"""));

        Validate(bundle).Status.Should().Be(0, "another host may have them");
        var outcome = Validate(bundle, "--host");
        outcome.Status.Should().Be(1);
        outcome.Output.Should().ContainAll(
            "\"nowhere\" is not in the container's PATH", "hooks.poststart[0]: the hook /no/hook cannot be run: no such file or directory (ENOENT)",
            "the source /no/source cannot be opened: no such file or directory (ENOENT)", "the namespace /no/namespace cannot be opened");
    }

    [Fact]
    public void A_bundle_that_runs_here_has_no_fault_on_this_host()
    {
        var bundle = NewBundle().Args("true");
        Validate(bundle, "--host").Output.Should().EndWith("valid\n");
        bundle.Run().ShouldSucceed();
    }

    [Fact]
    public void A_root_that_is_not_there_is_a_fault_of_the_host() =>
        Validate(NewBundle().With("root.path", "nowhere").Args("true"), "--host").Output.Should().Contain("root.path: the root file system").And.Contain("nowhere cannot be opened");

    [Fact]
    public void The_log_for_tools_points_into_the_document()
    {
        var bundle = NewBundle().With("process.cwd", "tmp");
        using JsonDocument log = JsonDocument.Parse(Validate(bundle, "--format", "sarif").Output);

        int line = log.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32();
        File.ReadAllLines(bundle.ConfigFile)[line - 1].Should().Contain("\"cwd\": \"tmp\"");
    }

    [Fact]
    public void A_plan_is_compared_with_that_of_a_file()
    {
        var bundle = NewBundle().Args("true");
        bundle.Save();
        string old = Path.Combine(bundle.Home, "old.json");
        File.Copy(bundle.ConfigFile, old);
        bundle.With("hostname", "other").Save();

        Plan(bundle, "--diff", old, bundle.Location).Should().Contain("container process\n  - ").And.Contain("  + set the host name to other");
        Plan(bundle, "--diff", bundle.Location, bundle.Location).Should().Be("the containers are the same\n");
    }

    [Fact]
    public void The_summary_and_the_risks_are_told_as_text_and_as_json()
    {
        var bundle = NewBundle().Args("true");
        bundle.Save();

        Plan(bundle, "--summary", "--bundle", bundle.Location).Should().Contain("program       true in /\n").And.Contain("root          " + bundle.Location);
        Plan(bundle, "--risk", "--bundle", bundle.Location).Should().Contain("medium  linux.namespaces: there is no user namespace");
        JsonDocument.Parse(Plan(bundle, "--summary", "--format", "json", "--bundle", bundle.Location)).RootElement.GetProperty("program").GetString().Should().Be("true in /");
        JsonDocument.Parse(Plan(bundle, "--risk", "--format", "json", "--bundle", bundle.Location)).RootElement.GetArrayLength().Should().BePositive();
    }

    [Fact]
    public void Two_views_at_once_are_refused()
    {
        var bundle = NewBundle();
        bundle.Save();
        var outcome = bundle.Runtime("plan", "--risk", "--summary", "--bundle", bundle.Location).Run();
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("--summary, --risk and --diff exclude each other");
    }

    [Fact]
    public void Steps_about_cgroups_are_shown_when_they_are_asked_for()
    {
        var bundle = NewBundle().With("linux.resources.pids.limit", 10).Args("true");
        bundle.Save();
        Plan(bundle, "--cgroups", "--bundle", bundle.Location).Should().Contain("pids.max").And.NotContain("which --cgroups shows");
        Plan(bundle, "--bundle", bundle.Location).Should().NotContain("pids.max").And.Contain("which --cgroups shows");
    }

    [Fact]
    public void A_profile_in_a_file_is_asked_about_without_a_bundle()
    {
        var bundle = NewBundle();
        string file = Path.Combine(bundle.Home, "profile.json");
        File.WriteAllText(file, """{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["execve","read"],"action":"SCMP_ACT_ALLOW"}]}""");

        bundle.Runtime("seccomp", "explain", "read", "--profile", file).Run().ShouldSucceed().Output.Should().Contain("read (0) is allowed: syscalls[0]");
        using JsonDocument answer = JsonDocument.Parse(bundle.Runtime("seccomp", "explain", "write", "--profile", file, "--format", "json").Run().ShouldSucceed().Output);
        answer.RootElement[0].GetProperty("outcomes")[0].GetProperty("property").GetString().Should().Be("defaultAction");
        using JsonDocument program = JsonDocument.Parse(bundle.Runtime("seccomp", "dump", "--profile", file, "--format", "json").Run().ShouldSucceed().Output);
        program.RootElement.GetProperty("instructions").GetArrayLength().Should().BePositive();
    }

    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_KILL"]}}]}""", "engine's profile")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[],"action":"SCMP_ACT_ALLOW"}]}""", "syscalls[0].names")]
    [InlineData("""{"defaultAction":"no"}""", "defaultAction")]
    [InlineData("{", "not JSON")]
    public void A_profile_that_says_something_else_is_refused(string profile, string message)
    {
        var bundle = NewBundle();
        string file = Path.Combine(bundle.Home, "profile.json");
        File.WriteAllText(file, profile);

        var outcome = bundle.Runtime("seccomp", "dump", "--profile", file).Run();
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(message).And.Contain("profile.json");
    }

    [Fact]
    public void A_profile_that_is_not_there_is_named()
    {
        var outcome = NewBundle().Runtime("seccomp", "dump", "--profile", "/no/profile").Run();
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("profile /no/profile: ").And.Contain("ENOENT");
    }

    [Theory]
    [InlineData("mnt-01", "MNT-01: ", "(MUST)")]
    [InlineData("JSN-08", "JSN-08: ", "hull's own")]
    public void A_rule_is_explained_by_its_id(string id, params string[] parts) =>
        NewBundle().Runtime("help", id).Run().ShouldSucceed().Output.Should().ContainAll(parts);

    [Fact]
    public void What_is_neither_a_command_nor_a_rule_is_an_error() => NewBundle().Runtime("help", "MNT-999").Run().Error.Should().Contain("No help topic for 'MNT-999'");

    private static Outcome Validate(Bundle bundle, params string[] options)
    {
        bundle.Save();
        return bundle.Runtime(["validate", .. options, "--bundle", bundle.Location]).Run();
    }

    private static string Plan(Bundle bundle, params string[] options) => bundle.Runtime(["plan", .. options]).Run().ShouldSucceed().Output;
}
