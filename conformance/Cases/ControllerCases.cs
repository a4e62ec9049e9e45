using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;
using static Hull.Conformance.Suite.Limits;

namespace Hull.Conformance.Cases;

/// <summary>linux.resources of devices, disks, huge pages, the network and whatever cgroup v2 names, read off the cgroups of the host.</summary>
internal static class ControllerCases
{
    [Rule("CGD-01")]
    public static void Device_rules_are_those_configured(Bundle bundle)
    {
        Requires.CgroupV1("devices");
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw" }]""")).Started();
        Read1(bundle, "devices", "devices.list").Split('\n').Should().Contain("c 10:229 rw").And.NotContain("a *:* rwm");
    }

    [Rule("CGD-01")]
    public static void What_is_not_allowed_cannot_be_used(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }]"""))
            .With("linux.devices", Json("""[{ "path": "/dev/nothing", "type": "c", "major": 240, "minor": 7 }]"""));
        bundle.Prints("cat /dev/nothing 2>&1; true").Should().Contain("not permitted");
    }

    [Rule("CGD-01", "CGD-04")]
    public static void A_device_that_the_program_makes_cannot_be_read_unless_allowed(Bundle bundle)
    {
        bundle.Capable("CAP_MKNOD").Shell("mknod /dev/disk b 254 0 && head -c 1 /dev/disk >/dev/null && echo read; head -c 1 /dev/zero >/dev/null && echo zero")
            .Run().Output.Should().Be("zero\n");
    }

    [Rule("CGD-01")]
    public static void The_last_rule_that_matches_decides(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""
            [{ "allow": false, "access": "rwm" }, { "allow": true, "type": "c", "major": 240, "minor": 7, "access": "rwm" },
             { "allow": false, "type": "c", "major": 240, "minor": 7, "access": "w" }]
            """)).With("linux.devices", Json("""[{ "path": "/dev/nothing", "type": "c", "major": 240, "minor": 7, "fileMode": 438 }]"""));
        // No driver has this number: who may open it is told that there is no such device.
        var lines = bundle.Prints("cat /dev/nothing 2>&1; dd if=/dev/null of=/dev/nothing conv=notrunc 2>&1; true").Split('\n');
        lines[0].Should().Contain("No such device");
        lines[1].Should().Contain("not permitted");
    }

    [Rule("CGD-02")]
    [With("""{ "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwx" }""")]
    [With("""{ "allow": true, "type": "x", "access": "rwm" }""")]
    [With("""{ "type": "c", "access": "rwm" }""")]
    public static void A_rule_that_is_none_is_refused(Bundle bundle, string rule)
    {
        bundle.With("linux.resources.devices", new JsonArray(Json(rule))).Args("true").ShouldBeRefused();
    }

    [Rule("CGD-04")]
    public static void The_default_devices_may_be_used_whatever_the_rules(Bundle bundle)
    {
        bundle.With("linux.resources.devices", Json("""[{ "allow": false, "access": "rwm" }]"""))
            .Prints("echo x > /dev/null && head -c 1 /dev/zero | wc -c && head -c 1 /dev/urandom | wc -c && test -c /dev/ptmx && echo done").Should().EndWith("done");
    }

    [Rule("BIO-01")]
    public static void The_weight_of_block_devices_is_set_or_refused(Bundle bundle)
    {
        Requires.CgroupV1("blkio");
        var file = new[] { "blkio.bfq.weight", "blkio.weight" }.FirstOrDefault(name => File.Exists(FirstBelow("blkio", name)));
        bundle.With("linux.resources.blockIO", Json("""{ "weight": 300 }"""));
        if (file is null)
        {
            bundle.Args("true").ShouldBeRefused();
            return;
        }

        bundle.Started();
        Read1(bundle, "blkio", file).Should().Contain("300");
    }

    [Rule("BIO-02", "JSN-03")]
    public static void A_weight_for_a_device_without_any_weight_is_refused(Bundle bundle)
    {
        bundle.With("linux.resources.blockIO", Json("""{ "weightDevice": [{ "major": 8, "minor": 0 }] }""")).Args("true").ShouldBeRefused();
    }

    [Rule("BIO-03")]
    [With("throttleReadBpsDevice", "blkio.throttle.read_bps_device", 1048576)]
    [With("throttleWriteBpsDevice", "blkio.throttle.write_bps_device", 2097152)]
    [With("throttleReadIOPSDevice", "blkio.throttle.read_iops_device", 300)]
    [With("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", 400)]
    public static void The_throttle_of_a_device_is_set(Bundle bundle, string property, string file, int rate)
    {
        Requires.CgroupV1("blkio");
        var disk = Disk();
        bundle.With("linux.resources.blockIO." + property, new JsonArray(new JsonObject { ["major"] = disk.Major, ["minor"] = disk.Minor, ["rate"] = rate })).Started();
        Read1(bundle, "blkio", file).Should().Be($"{disk.Major}:{disk.Minor} {rate}");
    }

    [Rule("HUG-01")]
    public static void The_limit_of_huge_pages_is_set(Bundle bundle)
    {
        Requires.CgroupV1("hugetlb");
        var size = Directory.EnumerateFiles(Cgroups.Version1Mount("hugetlb")!, "hugetlb.*").Select(path => Path.GetFileName(path).Split('.')[1]).FirstOrDefault();
        Skip.Unless(size is not null, "needs huge pages");
        bundle.With("linux.resources.hugepageLimits", new JsonArray(new JsonObject { ["pageSize"] = size, ["limit"] = 4194304 })).Started();
        Read1(bundle, "hugetlb", $"hugetlb.{size}.limit_in_bytes").Should().Be("4194304");
    }

    [Rule("HUG-01", "HUG-02", "NCL-01")]
    [With("hugetlb", """{ "hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }] }""", "hugetlb.2MB.limit_in_bytes hugetlb.2MB.rsvd.limit_in_bytes", "4194304 4194304")]
    [With("net_cls", """{ "network": { "classID": 1048577 } }""", "net_cls.classid", "1048577")]
    [With("net_prio", """{ "network": { "priorities": [{ "name": "lo", "priority": 7 }] } }""", "net_prio.ifpriomap", "lo 7")]
    public static void A_controller_that_is_not_mounted_works_once_it_is(Bundle bundle, string controller, string resources, string files, string expected)
    {
        Skip.Unless(
            File.ReadLines("/proc/cgroups").Any(line => line.Split('\t') is [var name, ..] && name == controller), $"needs the cgroup controller {controller} in the kernel");
        foreach (var (name, value) in Json(resources).AsObject())
        {
            bundle.With("linux.resources." + name, value!.DeepClone());
        }

        bundle.Shell($"cd /sys/fs/cgroup/{controller} && cat {files} | head -n {files.Split(' ').Length}").Save();

        // In a mount namespace of its own, the hierarchy is seen by this runtime alone, and the mount ends with it.
        var script = $"mkdir -p '{bundle.Scratch}/{controller}' && mount -t cgroup -o {controller} none '{bundle.Scratch}/{controller}' && \"$@\"";
        new Command(bundle.Scratch, "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", bundle.RuntimePath, "--root", bundle.StateRoot)
            .With("run", "--bundle", bundle.Location, bundle.Id).Run().ShouldSucceed().Output.Trim().Replace('\n', ' ').Should().Be(expected);
    }

    [Rule("HUG-01")]
    [With("3MB")]
    [With("2mb")]
    public static void A_size_of_huge_pages_that_the_kernel_lacks_is_refused(Bundle bundle, string size)
    {
        bundle.With("linux.resources.hugepageLimits", new JsonArray(new JsonObject { ["pageSize"] = size, ["limit"] = 4194304 })).Args("true").ShouldBeRefused();
    }

    [Rule("NCL-01")]
    public static void The_class_of_the_network_is_set_or_refused(Bundle bundle)
    {
        bundle.With("linux.resources.network", Json("""{ "classID": 1048577 }"""));
        if (!IsVersion1("net_cls"))
        {
            bundle.Args("true").ShouldBeRefused();
            return;
        }

        bundle.Started();
        Read1(bundle, "net_cls", "net_cls.classid").Should().Be("1048577");
    }

    [Rule("RDMA-01", Since = "1.0.2")]
    public static void A_limit_of_rdma_without_the_controller_is_refused(Bundle bundle)
    {
        Skip.Unless(!IsVersion1("rdma"), "needs a machine without the rdma controller");
        bundle.With("linux.resources.rdma", Json("""{ "mlx5_0": { "hcaHandles": 3 } }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-04", Since = "1.1.0")]
    public static void Settings_for_version_2_on_version_1_are_refused(Bundle bundle)
    {
        Requires.CgroupV1("memory");
        bundle.With("linux.resources.unified", Json("""{ "memory.high": "104857600" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-01", "UNI-02", "UNI-03", Since = "1.1.0")]
    public static void Settings_for_version_2_are_written(Bundle bundle)
    {
        Version2();
        bundle.With("linux.resources.unified", Json("""{ "memory.high": "104857600" }""")).Started();
        Read2(bundle, "memory.high").Should().Be("104857600");
    }

    [Rule("UNI-01", Since = "1.1.0")]
    public static void A_setting_whose_name_is_a_path_is_refused(Bundle bundle)
    {
        bundle.With("linux.resources.unified", Json("""{ "../memory.high": "104857600" }""")).Args("true").ShouldBeRefused();
    }

    [Rule("UNI-05", Since = "1.1.0")]
    public static void A_setting_of_version_1_that_version_2_lacks_is_refused(Bundle bundle)
    {
        Version2();
        bundle.Memory("swappiness", 50).Args("true").ShouldBeRefused();
    }
}
