using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>`doctor` and `info`: what this host gives, what is wrong with it, and what interrupted commands have left.</summary>
public sealed class DoctorTests : EndToEndTest
{
    public DoctorTests() => Requires.Hull("no other runtime has doctor");

    [Fact]
    public void A_host_that_runs_containers_has_no_finding_that_stops_them()
    {
        var bundle = NewBundle().Args("true");
        bundle.Run().ShouldSucceed();
        Outcome doctor = bundle.Runtime("doctor").Run().ShouldSucceed();

        doctor.Output.Should().NotContain("error: ").And.Contain("\n0 that stop containers, ");
        doctor.Error.Should().BeEmpty();
        JsonObject json = Json(bundle.Runtime("doctor", "--format", "json"));
        json["findings"]!.AsArray().Should().AllSatisfy(finding =>
        {
            ((string?)finding!["subject"]).Should().NotBeNullOrEmpty();
            ((string?)finding["severity"]).Should().BeOneOf("warning", "note");
            ((string?)finding["reason"]).Should().NotBeNullOrEmpty();
            ((string?)finding["cost"]).Should().NotBeNullOrEmpty();
        });
        json["repairs"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public void Info_tells_the_facts_that_doctor_judges()
    {
        var bundle = NewBundle();
        JsonObject info = Json(bundle.Runtime("info", "--format", "json"));

        ((string?)info["host"]!["kernel"]).Should().Be(File.ReadAllText("/proc/sys/kernel/osrelease").Trim());
        ((int)info["host"]!["processors"]!).Should().BePositive();
        ((string?)info["caller"]!["user"]).Should().Be("root");
        ((string?)info["namespaces"]!["pid"]).Should().StartWith("yes");
        ((string?)info["state"]!["directory"]).Should().Be(bundle.StateRoot);
        Json(bundle.Runtime("doctor", "--format", "json"))["facts"]!["host"]!["kernel"]!.ToString().Should().Be((string?)info["host"]!["kernel"]);
        bundle.Runtime("info").Run().ShouldSucceed().Output.Should().StartWith("hull\n  version").And.Contain("\ncgroups\n").And.Contain("\nlimits\n");
    }

    [Fact]
    public void A_limit_that_forbids_namespaces_is_named_with_its_remedy()
    {
        var bundle = NewBundle();
        bundle.Through = ["unshare", "--user", "--map-root-user", "sh", "-c", "echo 0 >/proc/sys/user/max_user_namespaces; exec \"$@\"", "sh"];
        Outcome doctor = bundle.Runtime("doctor").Run();

        doctor.Output.Should().Contain("namespaces.user: user.max_user_namespaces is 0\n").And.Contain("    try: sysctl user.max_user_namespaces=1000\n");
    }

    [Fact]
    public void Without_cgroups_root_can_make_no_container()
    {
        var bundle = NewBundle();
        bundle.Through = Privately("umount -R /sys/fs/cgroup");
        Outcome doctor = bundle.Runtime("doctor").Run();

        doctor.Status.Should().Be(1, doctor.Error);
        doctor.Output.Should().Contain("error: cgroups: no hierarchy of cgroups is mounted");
    }

    [Fact]
    public void A_state_directory_that_cannot_be_used_is_named()
    {
        var bundle = NewBundle();
        File.WriteAllText(bundle.StateRoot, "a file");
        Outcome doctor = bundle.Runtime("doctor").Run();
        File.Delete(bundle.StateRoot);

        doctor.Status.Should().Be(1);
        doctor.Output.Should().Contain("error: state.directory: ").And.Contain(bundle.StateRoot);
    }

    [Fact]
    public void A_bundle_is_checked_on_this_host_as_create_would_find_it()
    {
        var bundle = NewBundle().Args("true");
        bundle.Save();
        Doctor(bundle).Status.Should().Be(0);

        bundle.Adding("mounts", new JsonObject { ["destination"] = "/data", ["type"] = "bind", ["source"] = "/no/such/source", ["options"] = new JsonArray("bind") })
            .With("hooks", new JsonObject { ["poststop"] = new JsonArray(new JsonObject { ["path"] = "/no/such/hook" }) })
            .With("process.apparmorProfile", "no-such-profile").Save();
        Outcome wrong = Doctor(bundle);
        wrong.Status.Should().Be(1);
        wrong.Output.Should().Contain("mounts[7]: the source /no/such/source cannot be opened: no such file or directory").And.Contain("hooks.poststop[0]: the hook /no/such/hook")
            .And.Contain("process.apparmorProfile").And.Contain("3 that stop containers");

        bundle.With("process.cwd", "relative").Save();
        Doctor(bundle).Output.Should().Contain("error: bundle: process.cwd");
        File.Delete(bundle.ConfigFile);
        Doctor(bundle).Output.Should().Contain("error: bundle: ").And.Contain("config.json");
    }

    [Fact]
    public void Repair_lists_and_with_yes_removes_what_an_interrupted_creation_left_and_nothing_else()
    {
        var bundle = NewBundle().Shell("exit 3");
        bundle.Run("--keep").Status.Should().Be(3);
        string state = Path.Combine(bundle.StateRoot, bundle.Id), left = Path.Combine(bundle.StateRoot, "left"), cgroup = Cgroups.Below(bundle.CgroupPath)[0];
        Interrupt(state, left, bundle.Id, cgroup);

        Outcome listed = bundle.Runtime("doctor", "--repair").Run().ShouldSucceed();
        listed.Output.Should().Contain("warning: leftovers.left: container \"left\": its creation was interrupted")
            .And.Contain("repair: would remove what the record of container \"left\" names").And.Contain("note: leftovers.stopped: 1 container stopped and not deleted");
        Directory.Exists(left).Should().BeTrue();
        Directory.Exists(cgroup + "/left").Should().BeTrue();

        bundle.Runtime("doctor", "--repair", "--yes").Run().ShouldSucceed().Output.Should().Contain("repair: did remove what the record of container \"left\" names").And.NotContain("leftovers.left");
        Directory.Exists(left).Should().BeFalse();
        Directory.Exists(cgroup + "/left").Should().BeFalse();
        bundle.Status().Should().Be("stopped", "its engine may still delete it");
    }

    [Fact]
    public void Repair_finishes_an_interrupted_removal_and_forgets_what_is_from_before_this_boot()
    {
        var bundle = NewBundle().Shell("exit 3");
        bundle.Run("--keep").Status.Should().Be(3);
        string state = Path.Combine(bundle.StateRoot, bundle.Id), old = Path.Combine(bundle.StateRoot, "old");
        File.Delete(Path.Combine(state, "config.json"));
        Directory.CreateDirectory(old);
        File.WriteAllText(Path.Combine(old, "config.json"), "{}");
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(state, "record.json")))!;
        record["id"] = "old";
        record["created"] = "2001-02-03T04:05:06.000000000Z";
        record["cgroups"] = new JsonObject { ["/sys/fs/cgroup/no-such-cgroup/old"] = 1 };
        record["pid"] = int.MaxValue;
        File.WriteAllText(Path.Combine(old, "record.json"), record.ToJsonString());

        Outcome done = bundle.Runtime("doctor", "--repair", "--yes").Run().ShouldSucceed();
        done.Output.Should().Contain($"did remove what the record of container \"{bundle.Id}\" names").And.Contain("did forget container \"old\"");
        Directory.EnumerateFileSystemEntries(bundle.StateRoot).Should().BeEmpty();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    [Fact]
    public void Repair_leaves_a_container_that_is_being_made_or_runs()
    {
        var bundle = NewBundle().Running();
        Directory.CreateDirectory(Path.Combine(bundle.StateRoot, "busy"));
        using FileStream marker = File.Create(Path.Combine(bundle.Scratch, "held"));
        RunningCommand holder = new Command(bundle.Scratch, "flock", Path.Combine(bundle.StateRoot, "busy"), "sh", "-c", "echo held; exec sleep 1000").Start();
        Eventually.Holds(() => holder.Output.Length > 0, () => holder.Error);
        Outcome doctor = bundle.Runtime("doctor", "--repair", "--yes").Run().ShouldSucceed();
        bool kept = Directory.Exists(Path.Combine(bundle.StateRoot, "busy"));
        new Command(bundle.Scratch, "pkill", "-P", $"{holder.ProcessId}").Run();
        holder.Kill();
        Directory.Delete(Path.Combine(bundle.StateRoot, "busy"));

        kept.Should().BeTrue("its creator lives");
        doctor.Output.Should().NotContain("repair: ");
        bundle.Status().Should().Be("running");
    }

    [Theory]
    [InlineData("--yes", "--yes")]
    [InlineData("--format=xml", "--format")]
    [InlineData("--nonesuch", "--nonesuch")]
    [InlineData("word", "word")]
    public void What_doctor_cannot_do_is_refused(string argument, string named)
    {
        Outcome refused = NewBundle().Runtime("doctor", argument).Run();

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain(named);
    }

    private static Outcome Doctor(Bundle bundle) => bundle.Runtime("doctor", "--bundle", bundle.Location).Run();

    private static JsonObject Json(Command command) => JsonNode.Parse(command.Run().ShouldSucceed().Output)!.AsObject();

    private static string[] Privately(string prepare) => ["unshare", "--mount", "--propagation", "private", "sh", "-c", $"{prepare}; exec \"$@\"", "sh"];

    /// <summary>What a creation that was killed leaves: the intent, and a cgroup that it names.</summary>
    private static void Interrupt(string state, string left, string id, string cgroup)
    {
        Directory.CreateDirectory(left);
        Directory.CreateDirectory(cgroup + "/left");
        string record = File.ReadAllText(Path.Combine(state, "record.json"));
        JsonNode intent = JsonNode.Parse(record)!;
        intent["phase"] = "intent";
        intent["id"] = "left";
        intent["pid"] = 0;
        intent["cgroups"] = new JsonObject { [cgroup + "/left"] = 1 };
        File.WriteAllText(Path.Combine(left, "record.json"), intent.ToJsonString());
        id.Should().NotBe("left");
    }
}
