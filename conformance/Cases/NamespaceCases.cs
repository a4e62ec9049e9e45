using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>linux.namespaces, the maps of ids and the offsets of clocks.</summary>
internal static class NamespaceCases
{
    [Rule("NS-02", "NS-01")]
    [With("pid", "pid")]
    [With("network", "net")]
    [With("ipc", "ipc")]
    [With("uts", "uts")]
    [With("mount", "mnt")]
    [With("cgroup", "cgroup")]
    public static void A_namespace_without_path_is_new(Bundle bundle, string type, string file)
    {
        bundle.Namespace(type).Observe().Namespace(file).Should().StartWith(file + ":[").And.NotBe(OfHost(file));
    }

    [Rule("NS-02", "UMAP-01")]
    public static void A_user_namespace_is_new_and_has_the_configured_map(Bundle bundle)
    {
        var seen = bundle.Mapped().Observe();
        seen.Namespace("user").Should().NotBe(OfHost("user"));
        seen.Strings("uidMap").Single().Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("0", "100000", "1000");
        seen.Strings("gidMap").Single().Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("0", "100000", "1000");
    }

    [Rule("NS-02", "NS-01", Since = "1.1.0")]
    public static void A_time_namespace_is_new(Bundle bundle)
    {
        Requires.Namespace("time");
        bundle.Namespace("time").Observe().Namespace("time").Should().NotBe(OfHost("time"));
    }

    [Rule("NS-02")]
    [With("network", "net")]
    [With("ipc", "ipc")]
    [With("pid", "pid")]
    [With("cgroup", "cgroup")]
    public static void A_type_that_is_not_listed_is_the_callers(Bundle bundle, string type, string file)
    {
        if (type != "cgroup")
        {
            bundle.WithoutNamespace(type);
        }

        bundle.Observe().Namespace(file).Should().Be(OfHost(file));
    }

    [Rule("NS-03")]
    [With("network", "net")]
    [With("ipc", "ipc")]
    [With("uts", "uts")]
    [With("pid", "pid")]
    [With("cgroup", "cgroup")]
    public static void A_namespace_with_a_path_is_joined(Bundle bundle, string type, string file)
    {
        var other = bundle.Another().Namespace("cgroup").Started();
        var path = $"/proc/{other.ProcessId()}/ns/{file}";
        if (type == "uts")
        {
            bundle.Without("hostname");
        }

        bundle.Namespace(type, path).Observe().Namespace(file).Should().Be(new FileInfo(path).LinkTarget);
    }

    [Rule("NS-08", "NS-03")]
    public static void The_program_is_not_the_first_in_a_pid_namespace_that_is_joined(Bundle bundle)
    {
        var other = bundle.Another().Started();
        bundle.Namespace("pid", $"/proc/{other.ProcessId()}/ns/pid").Observe().Number("pid").Should().BeGreaterThan(1);
    }

    [Rule("NS-03")]
    public static void A_user_namespace_with_a_path_is_joined_and_the_others_are_new(Bundle bundle)
    {
        var other = bundle.Another().Mapped().Started();
        var seen = InUsersOf(bundle, other).Observe("/etc/mine");
        seen.Namespace("user").Should().Be(Of(other, "user"));
        seen.Namespace("pid").Should().NotBe(Of(other, "pid")).And.NotBe(OfHost("pid"));
        seen.Number("pid").Should().Be(1);
        seen.Path("/etc/mine").Type.Should().Be("file");
    }

    [Rule("NS-03", "NS-06")]
    public static void A_user_and_a_pid_namespace_are_joined_together(Bundle bundle)
    {
        var other = bundle.Another().Mapped().Started();
        var seen = InUsersOf(bundle, other).Namespace("pid", $"/proc/{other.ProcessId()}/ns/pid").Observe("/etc/mine");
        seen.Namespace("user").Should().Be(Of(other, "user"));
        seen.Namespace("pid").Should().Be(Of(other, "pid"));
        seen.Number("pid").Should().BeGreaterThan(1);
        seen.Path("/etc/mine").Type.Should().Be("file");
    }

    [Rule("NS-03")]
    public static void A_mount_namespace_with_a_path_is_joined(Bundle bundle)
    {
        var other = bundle.Another().Started();
        var path = $"/proc/{other.ProcessId()}/ns/mnt";
        // The proc that is mounted there shows the other container's processes: only among those is there a /proc/self.
        bundle.Namespace("mount", path).Namespace("pid", $"/proc/{other.ProcessId()}/ns/pid").With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths");
        // What is mounted there is the other container's: no file system of this one can be asked for more than to be its root.
        var outcome = bundle.With("root.path", "/").With("root.readonly", false).Observing().Run();
        Skip.Unless(outcome.Status == 0, "the runtime does not enter a mount namespace as it is: " + outcome.Error.Split('\n')[0]);
        new Observation(outcome.Output).Namespace("mnt").Should().Be(new FileInfo(path).LinkTarget);
    }

    [Rule("NS-02", "NS-03")]
    public static void An_empty_path_counts_as_none(Bundle bundle)
    {
        // The runtimes that are written in Go cannot tell the two apart, and engines write the one for the other.
        bundle.Namespace("network", "").Observe().Namespace("net").Should().NotBe(OfHost("net"));
    }

    [Rule("NS-03")]
    [With("net")]
    [With("./ns/net")]
    public static void A_path_that_is_not_absolute_is_refused(Bundle bundle, string path)
    {
        bundle.Namespace("network", path).Args("true").ShouldBeRefused();
    }

    [Rule("NS-03", "NS-04")]
    public static void A_path_that_does_not_exist_is_refused(Bundle bundle)
    {
        bundle.Namespace("network", bundle.Home + "/absent").Args("true").ShouldBeRefused();
    }

    [Rule("NS-04")]
    [With("network", "ipc")]
    [With("ipc", "uts")]
    [With("uts", "net")]
    [With("pid", "ipc")]
    [With("mount", "net")]
    [With("cgroup", "ipc")]
    public static void A_path_to_a_namespace_of_another_type_is_refused(Bundle bundle, string type, string file)
    {
        bundle.Namespace(type, "/proc/self/ns/" + file).Without("hostname").Args("true").ShouldBeRefused();
    }

    [Rule("NS-04")]
    public static void A_path_to_something_that_is_no_namespace_is_refused(Bundle bundle)
    {
        bundle.Namespace("network", bundle.HostFile("file", "")).Args("true").ShouldBeRefused();
    }

    [Rule("NS-05")]
    [With("pid")]
    [With("network")]
    public static void The_same_type_twice_is_refused(Bundle bundle, string type)
    {
        bundle.Adding("linux.namespaces", new JsonObject { ["type"] = type }).Args("true").ShouldBeRefused();
    }

    [Rule("NS-01", "JSN-03")]
    public static void An_unknown_type_is_refused(Bundle bundle)
    {
        bundle.Adding("linux.namespaces", new JsonObject { ["type"] = "nosuch" }).Args("true").ShouldBeRefused();
    }

    [Rule("NS-06")]
    public static void A_new_user_namespace_owns_the_other_new_ones(Bundle bundle)
    {
        // Only a root that is privileged over its network namespace can make an interface in it.
        bundle.Mapped().Capable("CAP_NET_ADMIN").Prints("ip link set lo down && ip link set lo up && echo done").Should().Be("done");
    }

    [Rule("NS-06")]
    public static void A_new_cgroup_namespace_begins_at_the_containers_cgroup(Bundle bundle)
    {
        bundle.Namespace("cgroup").Observe().Strings("cgroup").Where(line => line.Contains("pids", StringComparison.Ordinal) || line.StartsWith("0::", StringComparison.Ordinal))
            .Should().OnlyContain(line => line.EndsWith(":/", StringComparison.Ordinal));
    }

    [Rule("NS-07")]
    public static void Masked_paths_without_a_mount_namespace_are_refused(Bundle bundle)
    {
        bundle.WithoutNamespace("mount").With("mounts", new JsonArray()).Args("true").ShouldBeRefused();
    }

    [Rule("NS-08")]
    public static void Without_a_new_pid_namespace_kill_reaches_the_program(Bundle bundle)
    {
        bundle.WithoutNamespace("pid").Started();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
    }

    [Rule("NS-09")]
    public static void The_loopback_of_a_new_network_is_up(Bundle bundle)
    {
        bundle.Prints("ip addr show lo").Should().Contain("UP").And.Contain("127.0.0.1");
    }

    [Rule("NS-02")]
    public static void A_new_network_has_none_of_the_hosts_interfaces(Bundle bundle)
    {
        // Some kernels add their own tunnel devices to every network namespace: the container has what any new one has.
        bundle.Observe().Strings("interfaces").Should().BeEquivalentTo(
            bundle.OnHost("unshare --net cat /proc/net/dev").Split('\n')[2..].Select(line => line.Split(':')[0].Trim()));
    }

    [Rule("UMAP-01", "USR-01", "USR-03")]
    public static void A_map_may_have_several_lines_and_the_ids_of_the_program_are_those_inside(Bundle bundle)
    {
        var seen = bundle.Namespace("user")
            .With("linux.uidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }, { "containerID": 1000, "hostID": 200000, "size": 1 }]"""))
            .With("linux.gidMappings", Json("""[{ "containerID": 0, "hostID": 300000, "size": 1001 }]"""))
            .With("process.user", Json("""{ "uid": 1000, "gid": 1000, "additionalGids": [7] }""")).Observe();
        seen.Namespace("user").Should().NotBe(OfHost("user"));
        seen.Numbers("uids").Should().Equal(1000, 1000, 1000);
        seen.Numbers("groups").Should().Equal(7);
        seen.Strings("uidMap").Select(Fields).Should().BeEquivalentTo(["0 100000 1000", "1000 200000 1"]);
        seen.Strings("gidMap").Select(Fields).Should().BeEquivalentTo(["0 300000 1001"]);
    }

    [Rule("UMAP-01")]
    public static void Files_of_unmapped_users_belong_to_nobody(Bundle bundle)
    {
        bundle.Mapped().OnHost($"touch {bundle.RootfsPath}/foreign && chown 5:5 {bundle.RootfsPath}/foreign");
        bundle.Observe("/foreign", "/observer").Path("/foreign").User.Should().Be(65534);
    }

    [Rule("UMAP-02")]
    public static void The_root_keeps_its_owner(Bundle bundle)
    {
        bundle.Mapped().OnHost($"touch {bundle.RootfsPath}/foreign && chown 5:6 {bundle.RootfsPath}/foreign");
        bundle.Args("true").Run().ShouldSucceed();
        bundle.OnHost($"stat -c %u:%g {bundle.RootfsPath}/foreign").Should().Be("5:6");
    }

    [Rule("UMAP-02", "NS-02")]
    public static void A_root_that_belongs_to_the_host_is_shown_in_a_user_namespace(Bundle bundle)
    {
        var seen = bundle.WithFile("/etc/mine", "here").Namespace("user")
            .With("linux.uidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
            .With("linux.gidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""")).Observe("/etc/mine");
        seen.Namespace("user").Should().NotBe(OfHost("user"));
        seen.Path("/etc/mine").Type.Should().Be("file");
    }

    [Rule("UMAP-03")]
    public static void A_map_without_a_user_namespace_makes_none(Bundle bundle)
    {
        // Generated configurations have such maps. A runtime may refuse them; one that does not must not invent a user namespace.
        var outcome = bundle.With("linux.uidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 10 }]""")).Args("readlink", "/proc/self/ns/user").Run();
        if (outcome.Status == 0)
        {
            outcome.Output.Trim().Should().Be(OfHost("user"));
        }
        else
        {
            outcome.Error.Should().NotBeEmpty("a refusal has a message");
        }
    }

    [Rule("UMAP-03")]
    [With("""[{ "containerID": 0, "hostID": 100000, "size": 10 }, { "containerID": 5, "hostID": 200000, "size": 10 }]""")]
    [With("""[{ "containerID": 0, "hostID": 100000, "size": 0 }]""")]
    public static void A_map_that_the_kernel_cannot_take_is_refused(Bundle bundle, string map)
    {
        bundle.Mapped().With("linux.uidMappings", Json(map)).Args("true").ShouldBeRefused();
    }

    [Rule("UMAP-03")]
    public static void A_map_of_a_user_namespace_that_is_joined_is_its_own_or_refused(Bundle bundle)
    {
        var other = bundle.Another().Mapped().Started();
        InUsersOf(bundle, other).With("linux.gidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""));

        // In other pieces it is the same map.
        bundle.With("linux.uidMappings", Json("""[{ "containerID": 10, "hostID": 100010, "size": 990 }, { "containerID": 0, "hostID": 100000, "size": 10 }]"""));
        bundle.Observe().Namespace("user").Should().Be(Of(other, "user"));
        bundle.With("linux.uidMappings", Json("""[{ "containerID": 0, "hostID": 300000, "size": 1000 }]""")).Args("true").ShouldBeRefused();
    }

    [Rule("TIME-01", Since = "1.1.0")]
    public static void The_clocks_have_their_offsets(Bundle bundle)
    {
        Requires.Namespace("time");
        bundle.Namespace("time").With("linux.timeOffsets", Json("""{ "monotonic": { "secs": 172800, "nanosecs": 5 }, "boottime": { "secs": 604800 } }"""));
        var offsets = bundle.Prints("cat /proc/self/timens_offsets; cut -d' ' -f1 /proc/uptime").Split('\n');
        offsets[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("monotonic", "172800", "5");
        offsets[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("boottime", "604800", "0");
        double.Parse(offsets[2], CultureInfo.InvariantCulture).Should().BeGreaterThan(604800);
    }

    [Rule("TIME-01", Since = "1.1.0")]
    public static void The_clocks_have_their_offsets_in_a_new_user_namespace(Bundle bundle)
    {
        Requires.Namespace("time");
        UpTime(bundle.Mapped()).Should().BeGreaterThan(864000);
    }

    [Rule("TIME-01", "NS-03", Since = "1.1.0")]
    public static void The_clocks_have_their_offsets_in_a_user_namespace_that_is_joined(Bundle bundle)
    {
        Requires.Namespace("time");
        var other = bundle.Another().Mapped().Started();
        UpTime(InUsersOf(bundle, other)).Should().BeGreaterThan(864000);
    }

    [Rule("TIME-01", Since = "1.1.0")]
    public static void An_unknown_clock_is_refused(Bundle bundle)
    {
        bundle.Namespace("time").With("linux.timeOffsets", Json("""{ "realtime": { "secs": 5 } }""")).Args("true").ShouldBeRefused();
    }

    [Rule("TIME-02", Since = "1.1.0")]
    public static void Offsets_without_a_time_namespace_are_refused(Bundle bundle)
    {
        bundle.With("linux.timeOffsets", Json("""{ "boottime": { "secs": 5 } }""")).Args("true").ShouldBeRefused();
    }

    [Rule("TIME-02", Since = "1.1.0")]
    public static void Offsets_for_a_time_namespace_that_is_joined_are_refused(Bundle bundle)
    {
        bundle.Namespace("time", "/proc/self/ns/time").With("linux.timeOffsets", Json("""{ "boottime": { "secs": 5 } }""")).Args("true").ShouldBeRefused();
    }

    /// <summary>The bundle in the user namespace of another container.</summary>
    private static Bundle InUsersOf(Bundle bundle, Bundle other)
    {
        bundle.WithFile("/etc/mine", "here").OnHost($"chown -R 100000:100000 {bundle.RootfsPath}");
        return bundle.Namespace("user", $"/proc/{other.ProcessId()}/ns/user");
    }

    private static double UpTime(Bundle bundle) => double.Parse(
        bundle.Namespace("time").With("linux.timeOffsets", Json("""{ "boottime": { "secs": 864000 } }""")).Prints("cut -d' ' -f1 /proc/uptime"), CultureInfo.InvariantCulture);

    private static string Fields(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Of(Bundle bundle, string file) => new FileInfo($"/proc/{bundle.ProcessId()}/ns/{file}").LinkTarget!;

    private static string OfHost(string file) => new FileInfo("/proc/self/ns/" + file).LinkTarget!;
}
