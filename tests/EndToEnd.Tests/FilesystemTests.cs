using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What the container sees of files: its root, mounts, devices, masks.</summary>
public sealed class FilesystemTests : EndToEndTest
{
    private const int ReadOnlyFileSystem = 30;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_root_is_writable_unless_configured_readonly(bool isReadonly)
    {
        NewBundle().With("root.readonly", isReadonly).Observe().RootWritable.Should().Be(!isReadonly);
    }

    [Fact]
    public void The_mounts_are_the_configured_ones_in_their_order()
    {
        var mounts = NewBundle().With("linux.maskedPaths", new JsonArray()).With("linux.readonlyPaths", new JsonArray()).Observe().Mounts;

        mounts.Select(mount => mount.Point).Where(point => !point.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal))
            .Should().Equal("/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys");
    }

    [Fact]
    public void Mount_options_become_flags_or_data_of_the_file_system()
    {
        var seen = NewBundle().Observe();

        seen.Mount("/dev/shm").Options.Should().Contain(["nosuid", "nodev", "noexec", "rw"]);
        seen.Mount("/dev/shm").Superblock.Should().Contain("size=65536k");
        seen.Mount("/dev/pts").Superblock.Should().Contain(["gid=5", "mode=620", "ptmxmode=666"]);
        seen.Mount("/sys").Options.Should().Contain("ro");
        seen.Mount("/proc").Type.Should().Be("proc");
    }

    [Fact]
    public void A_bind_mount_shows_the_hosts_directory()
    {
        var bundle = NewBundle();
        var shared = Directory.CreateDirectory(Path.Combine(bundle.Home, "shared")).FullName;
        File.WriteAllText(Path.Combine(shared, "file"), "from the host");
        var seen = bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/made/point", ["type"] = "bind", ["source"] = shared, ["options"] = new JsonArray("rbind", "ro"),
        }).With("root.readonly", false).Observe("/made/point/file", "/made/point");

        seen.Path("/made/point/file").Content.Should().Be("from the host");
        seen.Path("/made/point").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Fact]
    public void A_file_can_be_bound_and_its_mount_point_is_made()
    {
        var bundle = NewBundle();
        var file = Path.Combine(bundle.Home, "file");
        File.WriteAllText(file, "one file");
        var seen = bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/deep/below/file", ["type"] = "bind", ["source"] = file, ["options"] = new JsonArray("bind"),
        }).With("root.readonly", false).Observe("/deep/below/file");

        seen.Path("/deep/below/file").Content.Should().Be("one file");
    }

    [Fact]
    public void A_mount_never_follows_a_link_out_of_the_root()
    {
        var bundle = NewBundle();
        var outside = Directory.CreateDirectory(Path.Combine(bundle.Home, "outside")).FullName;
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "escape"), outside);
        bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/escape/here", ["type"] = "tmpfs", ["source"] = "tmpfs",
        }).With("root.readonly", false).Args("true").Run();

        Directory.EnumerateFileSystemEntries(outside).Should().BeEmpty("a link in the container's root is resolved inside it or refused");
    }

    [Fact]
    public void The_default_devices_are_there_with_their_numbers_and_open_to_all()
    {
        var devices = NewBundle().Observe().Devices;

        var expected = new Dictionary<string, (int, int)>
        {
            ["null"] = (1, 3), ["zero"] = (1, 5), ["full"] = (1, 7), ["random"] = (1, 8), ["urandom"] = (1, 9), ["tty"] = (5, 0),
        };
        foreach (var (name, number) in expected)
        {
            devices[name].Type.Should().Be("character", name);
            devices[name].Device.Should().Be(number, name);
            devices[name].Mode.Should().Be("666", name);
            devices[name].User.Should().Be(0);
        }
    }

    [Theory]
    [InlineData("fd", "/proc/self/fd")]
    [InlineData("stdin", "/proc/self/fd/0")]
    [InlineData("stdout", "/proc/self/fd/1")]
    [InlineData("stderr", "/proc/self/fd/2")]
    [InlineData("ptmx", "pts/ptmx")]
    public void The_default_links_are_there(string name, string target)
    {
        NewBundle().Observe().Devices[name].Target.Should().Be(target);
    }

    [Fact]
    public void A_configured_device_is_made_as_configured()
    {
        var seen = NewBundle().With("linux.devices", JsonNode.Parse("""
            [
              { "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 432, "uid": 7, "gid": 8 },
              { "path": "/dev/below/pipe", "type": "p", "fileMode": 384 }
            ]
            """)).Observe("/dev/below/pipe");

        var fuse = seen.Devices["fuse"];
        (fuse.Device, fuse.Mode, fuse.User, fuse.Group).Should().Be(((10, 229), "660", 7, 8));
        seen.Path("/dev/below/pipe").Type.Should().Be("fifo");
    }

    [Fact]
    public void A_masked_directory_becomes_an_empty_readonly_tmpfs()
    {
        var bundle = NewBundle().WithFile("/secret/file", "secret").With("linux.maskedPaths", new JsonArray("/secret"));
        var seen = bundle.Observe("/secret");

        seen.Path("/secret").Entries.Should().BeEmpty();
        seen.Path("/secret").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Mount("/secret").Type.Should().Be("tmpfs");
    }

    [Fact]
    public void A_masked_file_reads_as_empty()
    {
        var bundle = NewBundle().WithFile("/secret", "secret").With("linux.maskedPaths", new JsonArray("/secret"));
        var secret = bundle.Observe("/secret").Path("/secret");

        secret.Length.Should().Be(0);
        secret.Device.Should().Be((1, 3), "a masked file is /dev/null");
    }

    [Fact]
    public void A_masked_path_that_does_not_exist_is_passed_over()
    {
        NewBundle().With("linux.maskedPaths", new JsonArray("/not/there")).Args("true").Run().ShouldSucceed();
    }

    [Fact]
    public void A_readonly_path_can_be_read_and_not_written()
    {
        var bundle = NewBundle().WithFile("/kept/file", "kept").With("root.readonly", false).With("linux.readonlyPaths", new JsonArray("/kept", "/not/there"));
        var seen = bundle.Observe("/kept/file", "/kept");

        seen.RootWritable.Should().BeTrue();
        seen.Path("/kept/file").Content.Should().Be("kept");
        seen.Path("/kept/file").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Fact]
    public void The_default_masks_hide_what_they_name()
    {
        string[] files = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"];
        var seen = NewBundle().Observe(files);

        // Which of them exist depends on the kernel's configuration.
        seen.Mount("/proc/sys").Options.Should().Contain("ro");
        foreach (var file in files.Select(seen.Path).Where(file => file.Exists))
        {
            file.Device.Should().Be((1, 3), file.Name);
        }
    }

    [Fact]
    public void The_hosts_mounts_are_out_of_reach()
    {
        var mounts = NewBundle().Observe().Mounts;

        mounts.Should().NotContain(mount => mount.Point.Contains("hull-test", StringComparison.Ordinal));
        mounts.Count(mount => mount.Point == "/").Should().Be(1, "the old root is gone");
    }
}
