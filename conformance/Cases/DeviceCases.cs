using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>linux.devices, the default ones, and the links beside them.</summary>
internal static class DeviceCases
{
    [Rule("DDEV-01")]
    public static void Dev_null(Bundle bundle) => IsThere(bundle, "null", 1, 3);

    [Rule("DDEV-02")]
    public static void Dev_zero(Bundle bundle) => IsThere(bundle, "zero", 1, 5);

    [Rule("DDEV-03")]
    public static void Dev_full(Bundle bundle) => IsThere(bundle, "full", 1, 7);

    [Rule("DDEV-04")]
    public static void Dev_random(Bundle bundle) => IsThere(bundle, "random", 1, 8);

    [Rule("DDEV-05")]
    public static void Dev_urandom(Bundle bundle) => IsThere(bundle, "urandom", 1, 9);

    [Rule("DDEV-06")]
    public static void Dev_tty(Bundle bundle) => IsThere(bundle, "tty", 5, 0);

    [Rule("DDEV-01", "DEV-05")]
    public static void The_default_devices_work_in_a_user_namespace(Bundle bundle)
    {
        bundle.Mapped().Prints("echo x > /dev/null; head -c 3 /dev/zero | wc -c; head -c 3 /dev/urandom | wc -c").Should().Be("3\n3");
    }

    [Rule("DDEV-08")]
    public static void Dev_ptmx_leads_to_the_containers_own(Bundle bundle)
    {
        bundle.Prints("readlink -f /dev/ptmx; stat -L -c %t:%T:%a /dev/ptmx").Should().Be("/dev/pts/ptmx\n5:2:666");
    }

    [Rule("DDEV-09")]
    public static void A_configured_device_takes_the_place_of_a_default_one(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/full", "type": "c", "major": 1, "minor": 7, "fileMode": 384, "uid": 7, "gid": 8 }""");
        var device = bundle.Observe().Devices["full"];
        (device.Mode, device.User, device.Group).Should().Be(("600", 7, 8));
    }

    [Rule("DEV-01", "DEV-03")]
    [With("c", 10, 229, "character")]
    [With("u", 10, 229, "character")]
    [With("b", 8, 20, "block")]
    public static void A_device_is_made_as_configured(Bundle bundle, string type, int major, int minor, string seenType)
    {
        bundle.With("linux.devices", new JsonArray(new JsonObject
        {
            ["path"] = "/dev/below/it", ["type"] = type, ["major"] = major, ["minor"] = minor, ["fileMode"] = 432, ["uid"] = 7, ["gid"] = 8,
        }));
        var device = bundle.Observe("/dev/below/it").Path("/dev/below/it");
        (device.Type, device.Device, device.Mode, device.User, device.Group).Should().Be((seenType, (major, minor), "660", 7, 8));
    }

    [Rule("DEV-06")]
    public static void An_unbuffered_device_is_a_character_device(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/it", "type": "u", "major": 10, "minor": 200 }""").Observe().Devices["it"].Type.Should().Be("character");
    }

    [Rule("DEV-01")]
    public static void A_pipe_is_made_without_numbers(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/pipe", "type": "p", "fileMode": 384 }""");
        var device = bundle.Observe().Devices["pipe"];
        (device.Type, device.Mode).Should().Be(("fifo", "600"));
    }

    [Rule("DEV-01", "DEV-07")]
    public static void A_device_may_be_anywhere(Bundle bundle)
    {
        bundle.Device("""{ "path": "/srv/deep/device", "type": "c", "major": 1, "minor": 5 }""").Writable()
            .Observe("/srv/deep/device").Path("/srv/deep/device").Device.Should().Be((1, 5));
    }

    [Rule("DEV-01", "JSN-03")]
    [With("""{ "path": "/dev/it", "type": "x", "major": 1, "minor": 5 }""")]
    [With("""{ "type": "c", "major": 1, "minor": 5 }""")]
    [With("""{ "path": "/dev/it", "major": 1, "minor": 5 }""")]
    public static void A_device_without_path_or_valid_type_is_refused(Bundle bundle, string json)
    {
        bundle.Device(json).Args("true").ShouldBeRefused();
    }

    [Rule("DEV-01")]
    public static void A_device_without_numbers_is_refused(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/it", "type": "c" }""").Args("true").ShouldBeRefused();
    }

    [Rule("DEV-02")]
    public static void Something_else_at_the_path_is_an_error(Bundle bundle)
    {
        bundle.WithFile("/srv/device", "a file").Device("""{ "path": "/srv/device", "type": "c", "major": 1, "minor": 5 }""").Writable().Args("true").ShouldBeRefused();
    }

    [Rule("DEV-02")]
    public static void The_same_device_at_the_path_is_accepted(Bundle bundle)
    {
        bundle.OnHost($"mkdir -p {bundle.RootfsPath}/srv && mknod -m 666 {bundle.RootfsPath}/srv/device c 1 5");
        bundle.Device("""{ "path": "/srv/device", "type": "c", "major": 1, "minor": 5 }""").Writable().Args("true").Run().ShouldSucceed();
    }

    [Rule("DEV-02")]
    public static void A_device_with_other_numbers_at_the_path_is_an_error(Bundle bundle)
    {
        bundle.OnHost($"mkdir -p {bundle.RootfsPath}/srv && mknod -m 666 {bundle.RootfsPath}/srv/device c 1 3");
        bundle.Device("""{ "path": "/srv/device", "type": "c", "major": 1, "minor": 5 }""").Writable().Args("true").ShouldBeRefused();
    }

    [Rule("DEV-03")]
    public static void The_mode_does_not_depend_on_the_callers_mask(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/it", "type": "c", "major": 10, "minor": 200, "fileMode": 438 }""").Observing();
        var outcome = bundle.RunCommand().Prelude("umask 077").Run();
        outcome.ShouldSucceed();
        new Observation(outcome.Output).Devices["it"].Mode.Should().Be("666");
    }

    [Rule("DEV-03")]
    public static void The_mode_is_666_when_not_configured(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/it", "type": "c", "major": 10, "minor": 200 }""").Observe().Devices["it"].Mode.Should().Be("666");
    }

    [Rule("DEV-05")]
    public static void A_device_of_the_host_is_there_in_a_user_namespace(Bundle bundle)
    {
        // A user namespace cannot make devices: the host's node of that path is bound, whoever owns it.
        bundle.Mapped().Device("""{ "path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11, "uid": 0, "gid": 0 }""")
            .Observe().Devices["kmsg"].Device.Should().Be((1, 11));
    }

    [Rule("DEV-05")]
    public static void A_device_of_the_host_in_a_user_namespace_runs_nothing(Bundle bundle)
    {
        var seen = bundle.Mapped().Observe();
        seen.Devices["null"].Device.Should().Be((1, 3));
        seen.Mount("/dev/null").Options.Should().Contain(["nosuid", "noexec"]);
    }

    [Rule("DEV-04")]
    public static void The_same_numbers_may_occur_twice(Bundle bundle)
    {
        bundle.Device("""{ "path": "/dev/one", "type": "c", "major": 1, "minor": 5 }""").Device("""{ "path": "/dev/two", "type": "c", "major": 1, "minor": 5 }""");
        bundle.Observe().Devices.Should().ContainKeys("one", "two");
    }

    [Rule("DEV-07")]
    public static void A_link_in_the_root_leads_a_device_nowhere_outside(Bundle bundle)
    {
        var outside = bundle.HostDirectory("outside");
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "escape"), outside);
        bundle.Device("""{ "path": "/escape/device", "type": "c", "major": 1, "minor": 5 }""").Writable().Args("true").Run();
        Directory.EnumerateFileSystemEntries(outside).Should().BeEmpty();
    }

    [Rule("SYM-01")]
    [With("fd", "/proc/self/fd")]
    [With("stdin", "/proc/self/fd/0")]
    [With("stdout", "/proc/self/fd/1")]
    [With("stderr", "/proc/self/fd/2")]
    public static void The_links_to_the_standard_streams_are_there(Bundle bundle, string name, string target)
    {
        bundle.Observe().Devices[name].Target.Should().Be(target);
    }

    [Rule("SYM-01")]
    public static void A_link_that_is_there_already_is_kept(Bundle bundle)
    {
        var dev = bundle.HostDirectory("dev");
        File.WriteAllText(dev + "/stdin", "its own");
        bundle.Config["mounts"]!.AsArray().RemoveAt(1);
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "dev/stdin"), "its own");
        bundle.Without("mounts").With("mounts", Json("""[{ "destination": "/proc", "type": "proc", "source": "proc" }]""")).Writable()
            .Observe("/dev/stdin").Path("/dev/stdin").Content.Should().Be("its own");
    }

    [Rule("SYM-02")]
    public static void Dev_core_leads_to_kcore_where_there_is_one(Bundle bundle)
    {
        Skip.Unless(File.Exists("/proc/kcore"), "needs /proc/kcore");
        bundle.Observe().Devices["core"].Target.Should().Be("/proc/kcore");
    }

    [Rule("SYM-03")]
    public static void Nothing_is_made_in_a_dev_of_the_host(Bundle bundle)
    {
        var dev = bundle.HostDirectory("dev");
        bundle.OnHost($"mknod -m 666 {dev}/null c 1 3 && mkdir {dev}/pts {dev}/shm {dev}/mqueue");
        bundle.Config["mounts"]![1] = MountEntry("/dev", "bind", dev, "rbind");
        bundle.Writable().Shell("true").Run().ShouldSucceed();
        Directory.EnumerateFileSystemEntries(dev).Select(Path.GetFileName).Should().NotContain(["fd", "stdin", "stdout", "stderr"]);
    }

    private static Bundle Device(this Bundle bundle, string json) => bundle.Adding("linux.devices", Json(json));

    private static void IsThere(Bundle bundle, string name, int major, int minor)
    {
        var device = bundle.Observe().Devices[name];
        (device.Type, device.Device, device.Mode, device.User, device.Group).Should().Be(("character", (major, minor), "666", 0, 0));
    }
}
