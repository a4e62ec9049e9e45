using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>Containers of every kind are saved and go on: with their mounts, namespaces, filters and limits.</summary>
public sealed class MoveTests : CheckpointedTest
{
    [Fact]
    public void A_container_is_saved_and_goes_on_where_it_stood_and_every_command_works_on_it()
    {
        var bundle = Running(Counter(NewBundle()));
        SaveAndGoOn(bundle);

        Inside(bundle, "hostname").Should().Be("hull-test");
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("paused");
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Runtime("ps", bundle.Id).Run().ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Delete().ShouldSucceed();
    }

    [Fact]
    public void Twice_in_a_row_and_twice_from_the_same_images()
    {
        var bundle = Running(Counter(NewBundle()));
        SaveAndGoOn(bundle);
        SaveAndGoOn(bundle);
        bundle.Delete("--force").ShouldSucceed();

        GoOn(bundle);
        Counts(bundle, Count(bundle));
    }

    [Fact]
    public void With_leave_running_it_goes_on_at_once()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var pid = bundle.ProcessId();
        Save(bundle, "--leave-running", "--leave-running");

        bundle.ProcessId().Should().Be(pid);
        bundle.Status().Should().Be("running");
        Counts(bundle, Count(bundle));
    }

    [Fact]
    public void It_moves_to_another_bundle_under_another_id_after_the_original_was_deleted()
    {
        var bundle = NewBundle();
        Directory.CreateDirectory(Path.Combine(bundle.Location, "data"));
        Running(Counter(bundle).Adding("mounts", Bind("data", "/data", "bind")));
        Counts(bundle, 1);
        Save(bundle);
        var stood = Count(bundle);

        var other = NewBundle();
        Directory.Delete(other.Location, recursive: true);
        Directory.Move(bundle.Location, other.Location);
        Directory.Move(Images(bundle), Images(other));
        other.Config.ReplaceWith(bundle.Config);
        var moved = JsonNode.Parse(File.ReadAllText(other.ConfigFile))!;
        moved["linux"]!["cgroupsPath"] = other.CgroupPath;
        File.WriteAllText(other.ConfigFile, moved.ToJsonString());
        GoOn(other);

        Counts(other, stood);
        Cgroups.Below(other.CgroupPath).Should().NotBeEmpty();
        Inside(other, "touch /data/new");
        File.Exists(Path.Combine(other.Location, "data/new")).Should().BeTrue();
        Directory.CreateDirectory(bundle.Location);
    }

    [Fact]
    public void Bind_mounts_of_directories_and_files_come_from_the_configuration()
    {
        var bundle = NewBundle();
        var data = Directory.CreateDirectory(Path.Combine(bundle.Home, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "file"), "content");
        Counter(bundle).Adding("mounts", Bind(data, "/rw", "bind")).Adding("mounts", Bind(data, "/ro", "bind", "ro")).Adding("mounts", Bind(data + "/file", "/etc/one", "bind", "ro"));
        SaveAndGoOn(Running(bundle));

        Inside(bundle, "cat /etc/one; touch /rw/made; touch /ro/not 2>/dev/null || echo ' read-only'").Should().Be("content read-only");
        File.Exists(Path.Combine(data, "made")).Should().BeTrue();
    }

    [Fact]
    public void A_tmpfs_keeps_its_files_and_the_root_stays_read_only()
    {
        var bundle = NewBundle();
        var data = Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "out")).FullName;
        bundle.Shell("echo kept > /dev/shm/file; cd /out; " + Counting.Replace("/count", "/out/count", StringComparison.Ordinal)).Adding("mounts", Bind(data, "/out", "bind"));
        Running(bundle);
        Eventually.Holds(() => File.Exists(Path.Combine(data, "count")), () => "it should count");
        Save(bundle);
        GoOn(bundle);

        Inside(bundle, "cat /dev/shm/file; touch /not 2>/dev/null || echo read-only").Should().Be("kept\nread-only");
    }

    [Fact]
    public void A_read_only_root_without_tmp_comes_back()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        Directory.Delete(Path.Combine(bundle.RootfsPath, "tmp"));
        Running(bundle.With("root.readonly", true));
        var before = Mounts(bundle);
        Save(bundle);
        GoOn(bundle);

        Mounts(bundle).Should().BeEquivalentTo(before, "CRIU mounts in another order, but everything with the same flags");
    }

    private static string[] Mounts(Bundle bundle) =>
        [.. File.ReadLines($"/proc/{bundle.ProcessId()}/mountinfo").Select(line => string.Join(' ', line.Split(' ')[4..6]))];

    [Theory]
    [InlineData("slave")]
    [InlineData("shared")]
    [InlineData("private")]
    public void The_propagation_of_the_root_does_not_hinder_it(string propagation) =>
        SaveAndGoOn(Running(Counter(NewBundle()).With("linux.rootfsPropagation", propagation)));

    [Fact]
    public void A_cgroup_namespace_is_made_again() => SaveAndGoOn(Running(Counter(NewBundle()).Namespace("cgroup")));

    [Fact]
    public void Its_clocks_go_on_and_exec_sees_the_same_ones()
    {
        Requires.Namespace("time");
        var bundle = Counter(NewBundle()).Namespace("time").With("linux.timeOffsets", JsonNode.Parse("""{ "boottime": { "secs": 100000, "nanosecs": 0 } }"""));
        SaveAndGoOn(Running(bundle));

        double.Parse(Inside(bundle, "cut -d' ' -f1 /proc/uptime"), System.Globalization.CultureInfo.InvariantCulture).Should().BeGreaterThan(100_000);
        Inside(bundle, "readlink /proc/self/ns/time").Should().Be(Inside(bundle, "readlink /proc/1/ns/time"));
    }

    [Fact]
    public void Exec_enters_the_clocks_that_CRIU_has_made()
    {
        Requires.Namespace("time");
        var bundle = Running(Counter(NewBundle()));
        SaveAndGoOn(bundle);

        Inside(bundle, "readlink /proc/self/ns/time").Should().Be(Inside(bundle, "readlink /proc/1/ns/time"));
    }

    [Fact]
    public void A_user_namespace_comes_back_with_images_that_are_closed_to_others()
    {
        var mapping = JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""")!;
        var bundle = Counter(NewBundle()).Namespace("user").With("linux.uidMappings", mapping.DeepClone()).With("linux.gidMappings", mapping.DeepClone());
        Command chown = new(bundle.Scratch, "chown", "-R", "100000:100000", bundle.RootfsPath);
        chown.Run().ShouldSucceed();
        SaveAndGoOn(Running(bundle));

        File.GetUnixFileMode(Images(bundle)).Should().Be(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute, "root's group reads them before ids are mapped");
        Inside(bundle, "echo x > /dev/null; cut -c1-40 /proc/self/uid_map").Should().Contain("100000");
    }

    [Fact]
    public void The_owners_of_a_mount_stay_mapped()
    {
        var bundle = NewBundle();
        var data = Directory.CreateDirectory(Path.Combine(bundle.Home, "data")).FullName;
        File.WriteAllText(Path.Combine(data, "file"), "");
        var mount = Bind(data, "/data", "bind");
        mount["uidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 4000, "size": 10 }]""");
        mount["gidMappings"] = JsonNode.Parse("""[{ "containerID": 0, "hostID": 4000, "size": 10 }]""");
        Running(Counter(bundle).Adding("mounts", mount));
        Inside(bundle, "stat -c %u /data/file").Should().Be("4000");
        SaveAndGoOn(bundle);

        Inside(bundle, "stat -c %u /data/file").Should().Be("4000");
    }

    [Fact]
    public void The_filter_of_system_calls_and_no_new_privileges_stay()
    {
        var profile = JsonNode.Parse("""
            { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1 }] }
            """);
        var bundle = Counter(NewBundle()).With("linux.seccomp", profile);
        SaveAndGoOn(Running(bundle));

        var status = File.ReadAllText($"/proc/{bundle.ProcessId()}/status");
        status.Should().Contain("Seccomp:\t2").And.Contain("NoNewPrivs:\t1").And.MatchRegex("Seccomp_filters:\t1\n");
        Inside(bundle, "mkdir /new 2>/dev/null || echo refused").Should().Be("refused");
    }

    [Fact]
    public void Limits_hold_again()
    {
        var bundle = Counter(NewBundle()).With("linux.resources.pids", JsonNode.Parse("""{ "limit": 77 }"""))
            .With("linux.resources.memory", JsonNode.Parse("""{ "limit": 100000000 }"""));
        SaveAndGoOn(Running(bundle));

        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Trim().Should().Be("77");
        Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", "memory.max").Trim().Should().StartWith("9999");
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath);
    }

    [Fact]
    public void The_devices_of_its_cgroup_stay_filtered()
    {
        var bundle = Counter(NewBundle());
        Running(bundle);
        SaveAndGoOn(bundle);

        Inside(bundle, "mknod /tmp/kmsg c 1 11 2>/dev/null; cat /tmp/kmsg >/dev/null 2>&1 || echo refused").Should().Be("refused");
    }

    [Fact]
    public void Its_io_priority_is_set_again()
    {
        var bundle = Counter(NewBundle()).With("process.ioPriority", JsonNode.Parse("""{ "class": "IOPRIO_CLASS_IDLE", "priority": 0 }"""));
        SaveAndGoOn(Running(bundle));

        Requires.Program("ionice");
        new Command(bundle.Scratch, "ionice", "-p", $"{bundle.ProcessId()}").Run().ShouldSucceed().Output.Should().StartWith("idle");
    }

    [Fact]
    public void A_paused_container_is_saved_and_runs_when_it_comes_back()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        Save(bundle, "--leave-running");
        bundle.Status().Should().Be("paused", "its caller has paused it");
        Save(bundle);
        GoOn(bundle);

        Counts(bundle, Count(bundle));
    }

    private static JsonObject Bind(string source, string destination, params string[] options) => new()
    {
        ["destination"] = destination, ["type"] = "bind", ["source"] = source, ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
    };
}
