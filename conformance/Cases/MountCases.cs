using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>mounts: what is mounted where, from what and in which order.</summary>
internal static class MountCases
{
    private const int ReadOnlyFileSystem = 30;

    [Rule("MNT-01")]
    public static void Mounts_are_made_in_the_order_listed(Bundle bundle)
    {
        var points = bundle.Mounting("/mnt/b", "tmpfs", "second").Mounting("/mnt/a", "tmpfs", "first").Mounting("/mnt/b/c", "tmpfs", "third").Writable()
            .Observe().Mounts.Select(mount => mount.Point).Where(point => point.StartsWith("/mnt", StringComparison.Ordinal));
        points.Should().Equal("/mnt/b", "/mnt/a", "/mnt/b/c");
    }

    [Rule("MNT-01")]
    public static void The_mounts_are_the_listed_ones_and_no_others(Bundle bundle)
    {
        bundle.With("linux.maskedPaths", new JsonArray()).With("linux.readonlyPaths", new JsonArray()).Observe().Mounts.Select(mount => mount.Point)
            .Where(point => !point.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal))
            .Should().Equal("/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys");
    }

    [Rule("MNT-01")]
    public static void A_later_mount_covers_an_earlier_one(Bundle bundle)
    {
        string lower = bundle.HostDirectory("lower"), upper = bundle.HostDirectory("upper");
        File.WriteAllText(lower + "/file", "lower");
        File.WriteAllText(upper + "/file", "upper");
        bundle.Mounting("/mnt", "bind", lower, "bind").Mounting("/mnt", "bind", upper, "bind").Writable()
            .Observe("/mnt/file").Path("/mnt/file").Content.Should().Be("upper");
    }

    [Rule("MNT-02")]
    public static void A_missing_destination_is_refused(Bundle bundle)
    {
        bundle.Adding("mounts", Json("""{ "type": "tmpfs", "source": "tmpfs" }""")).ShouldBeRefused();
    }

    [Rule("MNT-02", Since = "1.2.0")]
    public static void A_relative_destination_is_taken_from_the_root(Bundle bundle)
    {
        bundle.Mounting("relative/place", "tmpfs", "tmpfs").With("process.cwd", "/tmp").Writable()
            .Observe().Mount("/relative/place").Type.Should().Be("tmpfs");
    }

    [Rule("MNT-03")]
    public static void A_relative_source_of_a_bind_is_taken_from_the_bundle(Bundle bundle)
    {
        Directory.CreateDirectory(Path.Combine(bundle.Location, "data"));
        File.WriteAllText(Path.Combine(bundle.Location, "data/file"), "beside");
        bundle.Mounting("/mnt", "bind", "data", "bind").Writable().Observe("/mnt/file").Path("/mnt/file").Content.Should().Be("beside");
    }

    [Rule("MNT-05", "MNT-04")]
    [With("none")]
    [With("bind")]
    [With("ext4")]
    public static void The_option_bind_makes_a_bind_mount_whatever_the_type(Bundle bundle, string type)
    {
        var source = bundle.HostDirectory("source");
        File.WriteAllText(source + "/file", "bound");
        bundle.Mounting("/mnt", type, source, "bind").Writable().Observe("/mnt/file").Path("/mnt/file").Content.Should().Be("bound");
    }

    [Rule("MNT-05")]
    public static void A_bind_mount_may_have_no_type(Bundle bundle)
    {
        var mount = MountEntry("/mnt", "", bundle.HostDirectory("source"), "rbind");
        mount.Remove("type");
        bundle.Adding("mounts", mount).Writable().Args("true").Run().ShouldSucceed();
    }

    [Rule("MNT-05")]
    public static void The_type_bind_without_the_option_is_an_unknown_file_system(Bundle bundle)
    {
        bundle.Mounting("/mnt", "bind", bundle.HostDirectory("source"), "ro").Writable().ShouldBeRefused();
    }

    [Rule("MNT-05")]
    public static void Rbind_shows_the_mounts_below_and_bind_does_not(Bundle bundle)
    {
        var source = bundle.HostDirectory("source");
        Directory.CreateDirectory(source + "/sub");
        bundle.OnHost($"mount -t tmpfs sub {source}/sub && touch {source}/sub/file");
        var seen = bundle.Mounting("/with", "bind", source, "rbind").Mounting("/without", "bind", source, "bind").Writable()
            .Observe("/with/sub/file", "/without/sub/file");
        seen.Path("/with/sub/file").Exists.Should().BeTrue();
        seen.Path("/without/sub/file").Exists.Should().BeFalse();
    }

    [Rule("MNT-06", "MOPT-01")]
    public static void Unknown_options_are_data_of_the_file_system(Bundle bundle)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", "nosuid", "size=128k", "mode=0751", "nr_inodes=77").Writable();
        var seen = bundle.Observe("/mnt");
        seen.Mount("/mnt").Superblock.Should().Contain(["size=128k", "nr_inodes=77"]);
        seen.Path("/mnt").Mode.Should().Be("751");
    }

    [Rule("MNT-06", "MOPT-01")]
    public static void Flags_go_to_the_mount_and_data_to_the_file_system(Bundle bundle)
    {
        var seen = bundle.Observe();
        seen.Mount("/dev/shm").Options.Should().Contain(["nosuid", "nodev", "noexec", "rw"]);
        seen.Mount("/dev/shm").Superblock.Should().Contain("size=65536k");
        seen.Mount("/dev/pts").Superblock.Should().Contain(["gid=5", "mode=620", "ptmxmode=666"]);
        seen.Mount("/sys").Options.Should().Contain("ro");
    }

    [Rule("MNT-06", "MNT-08")]
    public static void An_option_that_the_file_system_does_not_know_is_an_error(Bundle bundle)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", "no_such_option").Writable().ShouldBeRefused();
    }

    [Rule("MNT-06", "MNT-07")]
    public static void Commas_colons_and_quotes_in_the_paths_of_an_overlay_are_given_as_to_mount(Bundle bundle)
    {
        string comma = bundle.HostDirectory("a,b"), colon = bundle.HostDirectory("c:d"), quote = bundle.HostDirectory("e\"f");
        File.WriteAllText(comma + "/comma", "");
        File.WriteAllText(colon + "/colon", "");
        File.WriteAllText(quote + "/quote", "");
        string layers = $"lowerdir={comma.Replace(",", @"\,", StringComparison.Ordinal)}:{colon.Replace(":", @"\:", StringComparison.Ordinal)}:{quote}";
        bundle.Mounting("/mnt", "overlay", "overlay", layers).Writable().Observe("/mnt").Path("/mnt").Entries.Should().BeEquivalentTo("comma", "colon", "quote");
    }

    [Rule("MNT-08")]
    public static void An_unknown_file_system_is_an_error(Bundle bundle)
    {
        bundle.Mounting("/mnt", "nosuchfs", "none").Writable().ShouldBeRefused();
    }

    [Rule("MNT-08")]
    public static void A_missing_source_of_a_bind_is_an_error(Bundle bundle)
    {
        bundle.Mounting("/mnt", "bind", bundle.Home + "/absent", "bind").Writable().ShouldBeRefused();
    }

    [Rule("MNT-09")]
    public static void A_missing_destination_is_made_as_a_directory(Bundle bundle)
    {
        bundle.Mounting("/not/yet/there", "tmpfs", "tmpfs").Writable().Observe("/not/yet/there").Path("/not/yet/there").Type.Should().Be("directory");
    }

    [Rule("MNT-09")]
    public static void A_missing_destination_of_a_file_is_made_as_a_file(Bundle bundle)
    {
        bundle.Mounting("/not/yet/file", "bind", bundle.HostFile("file", "content"), "bind").Writable()
            .Observe("/not/yet/file").Path("/not/yet/file").Content.Should().Be("content");
    }

    [Rule("MNT-09")]
    public static void A_link_in_the_root_leads_a_mount_nowhere_outside(Bundle bundle)
    {
        var outside = bundle.HostDirectory("outside");
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "escape"), outside);
        bundle.Mounting("/escape/here", "tmpfs", "tmpfs").Writable().Args("true").Run();
        Directory.EnumerateFileSystemEntries(outside).Should().BeEmpty();
    }

    [Rule("MNT-09")]
    public static void A_relative_link_with_dots_leads_a_mount_nowhere_outside(Bundle bundle)
    {
        var outside = bundle.HostDirectory("outside");
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "escape"), "../../outside");
        bundle.Mounting("/escape/here", "tmpfs", "tmpfs").Writable().Args("true").Run();
        Directory.EnumerateFileSystemEntries(outside).Should().BeEmpty();
    }

    [Rule("MNT-11")]
    [With("/proc/sys")]
    [With("/proc/self/attr")]
    [With("/proc/1")]
    public static void Nothing_is_mounted_over_parts_of_proc(Bundle bundle, string place)
    {
        bundle.Mounting(place, "tmpfs", "tmpfs").ShouldFailToRun();
    }

    [Rule("MNT-11")]
    public static void A_directory_does_not_take_the_place_of_proc(Bundle bundle)
    {
        bundle.Mounting("/proc", "bind", bundle.HostDirectory("false"), "bind").ShouldFailToRun();
    }

    [Rule("MNT-11")]
    [With("/proc/meminfo")]
    [With("/proc/cpuinfo")]
    [With("/proc/stat")]
    [With("/proc/uptime")]
    [With("/proc/loadavg")]
    [With("/proc/swaps")]
    [With("/proc/diskstats")]
    public static void Files_that_lxcfs_replaces_may_be_bound_over_proc(Bundle bundle, string place)
    {
        bundle.Mounting(place, "bind", bundle.HostFile("false", "from lxcfs"), "bind").Observe(place).Path(place).Content.Should().Be("from lxcfs");
    }

    [Rule("MNT-12")]
    public static void Proc_is_not_mounted_through_a_link(Bundle bundle)
    {
        Directory.Delete(Path.Combine(bundle.RootfsPath, "proc"));
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "proc"), "/tmp");
        bundle.ShouldFailToRun();
    }

    [Rule("MNT-13")]
    public static void A_tmpfs_without_mode_takes_that_of_the_directory_it_covers(Bundle bundle)
    {
        var place = Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "covered")).FullName;
        File.SetUnixFileMode(place, (UnixFileMode)Convert.ToInt32("1711", 8));
        bundle.Mounting("/covered", "tmpfs", "tmpfs").Observe("/covered").Path("/covered").Mode.Should().Be("1711");
    }

    [Rule("MNT-13", "MNT-09")]
    public static void A_tmpfs_has_the_mode_asked_for_or_that_of_its_place_or_its_own(Bundle bundle)
    {
        bundle.OnHost($"cd {bundle.RootfsPath} && mkdir -m 1750 there asked");
        var seen = bundle.Writable().Mounting("/there", "tmpfs", "tmpfs").Mounting("/asked", "tmpfs", "tmpfs", "mode=0711").Mounting("/new/one", "tmpfs", "tmpfs")
            .Observe("/there", "/asked", "/new/one", "/new");
        (seen.Path("/there").Mode, seen.Path("/asked").Mode, seen.Path("/new/one").Mode, seen.Path("/new").Mode).Should().Be(("1750", "711", "1777", "755"));
        bundle.OnHost($"stat -c %a {bundle.RootfsPath}/asked").Should().Be("1750", "what is covered stays as it is");
    }

    [Rule("MNT-14")]
    public static void The_type_cgroup_shows_the_hierarchies_of_version_1(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        var seen = bundle.Observe("/sys/fs/cgroup/pids/cgroup.procs");
        seen.Mounts.Should().Contain(mount => mount.Type == "cgroup" && mount.Point.StartsWith("/sys/fs/cgroup/pids", StringComparison.Ordinal));
        seen.Path("/sys/fs/cgroup/pids/cgroup.procs").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Rule("MNT-14")]
    public static void The_container_sees_its_own_cgroup_at_the_top(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.With("linux.resources.pids", Json("""{ "limit": 54 }""")).Observe("/sys/fs/cgroup/pids/pids.max")
            .Path("/sys/fs/cgroup/pids/pids.max").Content!.Trim().Should().Be("54");
    }

    [Rule("MNT-15")]
    public static void A_read_only_dev_has_its_devices_all_the_same(Bundle bundle)
    {
        bundle.Config["mounts"]!.AsArray().Single(mount => (string?)mount!["destination"] == "/dev")!["options"] = Array("nosuid", "mode=755", "ro");
        var seen = bundle.Observe("/dev");
        seen.Devices["null"].Device.Should().Be((1, 3));
        seen.Path("/dev").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Rule("MNT-16")]
    public static void Flags_on_a_bind_mount_take_effect(Bundle bundle)
    {
        bundle.Mounting("/mnt", "bind", bundle.HostDirectory("source"), "bind", "ro", "nosuid", "nodev", "noexec", "noatime").Writable()
            .Observe().Mount("/mnt").Options.Should().Contain(["ro", "nosuid", "nodev", "noexec", "noatime"]);
    }

    [Rule("MNT-16")]
    public static void A_read_only_bind_leaves_its_source_writable(Bundle bundle)
    {
        var source = bundle.HostDirectory("source");
        bundle.Mounting("/ro", "bind", source, "bind", "ro").Mounting("/rw", "bind", source, "bind").Writable();
        var seen = bundle.Observe("/ro", "/rw");
        seen.Path("/ro").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Path("/rw").WriteError.Should().Be(0);
    }

    [Rule("MNT-18")]
    [With("shared", "shared:")]
    [With("rshared", "shared:")]
    [With("unbindable", "unbindable")]
    [With("runbindable", "unbindable")]
    public static void A_propagation_option_applies_to_its_mount(Bundle bundle, string option, string shown)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Observe().Mount("/mnt").Propagation.Should().StartWith(shown);
    }

    [Rule("MNT-18")]
    [With("private")]
    [With("rprivate")]
    public static void A_private_mount_is_not_shared(Bundle bundle, string option)
    {
        bundle.With("linux.rootfsPropagation", "shared").Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Observe().Mount("/mnt").Propagation.Should().BeEmpty();
    }

    [Rule("MNT-18")]
    [With("slave")]
    [With("rslave")]
    public static void A_slave_mount_receives_what_is_mounted_on_its_source(Bundle bundle, string option)
    {
        var source = bundle.HostDirectory("source");
        Directory.CreateDirectory(source + "/later");
        bundle.OnHost($"mount -t tmpfs tmpfs {source} && mount --make-shared {source} && mkdir {source}/later");
        var create = bundle.Mounting("/mnt", "bind", source, "rbind", option).Writable()
            .Shell("grep ' /mnt ' /proc/self/mountinfo; ls /mnt/later").Create();
        bundle.OnHost($"mount -t tmpfs tmpfs {source}/later && touch {source}/later/arrived");
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        create.Output.Should().Contain("master:").And.NotContain("shared:").And.Contain("arrived");
    }

    [Rule("MNT-18")]
    public static void A_shared_mount_gives_to_its_source_and_a_slave_only_takes(Bundle bundle)
    {
        var source = bundle.HostDirectory("source");
        bundle.OnHost($"mount -t tmpfs tmpfs {source} && mount --make-shared {source} && mkdir {source}/here {source}/there");
        bundle.Writable().Capable("CAP_SYS_ADMIN").Mounting("/gives", "bind", source, "rbind", "rshared").Mounting("/takes", "bind", source, "rbind", "rslave")
            .Prints("mount -t tmpfs tmpfs /gives/here && mount -t tmpfs tmpfs /takes/there && echo mounted").Should().Be("mounted");
        MountTable.Below(source).Should().Equal(source, source + "/here");
    }

    [Rule("MNT-19")]
    public static void Tmpcopyup_copies_what_the_tmpfs_covers(Bundle bundle)
    {
        bundle.WithFile("/covered/deep/file", "from below", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "covered/link"), "deep/file");
        var seen = bundle.Mounting("/covered", "tmpfs", "tmpfs", "tmpcopyup").Observe("/covered/deep/file", "/covered/link", "/covered");
        seen.Path("/covered/deep/file").Content.Should().Be("from below");
        seen.Path("/covered/deep/file").Mode.Should().Be("600");
        seen.Path("/covered/link").Target.Should().Be("deep/file");
        seen.Mount("/covered").Type.Should().Be("tmpfs");
    }

    [Rule("FS-01")]
    public static void The_default_file_systems_are_there(Bundle bundle)
    {
        var seen = bundle.Observe();
        seen.Mount("/proc").Type.Should().Be("proc");
        seen.Mount("/sys").Type.Should().Be("sysfs");
        seen.Mount("/dev/pts").Type.Should().Be("devpts");
        seen.Mount("/dev/shm").Type.Should().Be("tmpfs");
    }

    [Rule("MNT-06")]
    public static void Every_mount_of_a_type_has_its_own_instance(Bundle bundle)
    {
        bundle.Mounting("/a", "tmpfs", "tmpfs").Mounting("/b", "tmpfs", "tmpfs").Writable()
            .Prints("touch /a/file; ls /b | wc -l").Should().Be("0");
    }

    [Rule("ERR-01", "MNT-08")]
    public static void A_failing_mount_leaves_no_mounts_on_the_host(Bundle bundle)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs").Mounting("/bad", "nosuchfs", "none").Writable().ShouldBeRefused();
        MountTable.Below(bundle.Home).Should().BeEmpty();
    }
}
