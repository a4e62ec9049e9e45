using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Images and volumes that try to have something mounted, made or changed where it must not be. Each trap is set before it is tried.</summary>
public class MountAttackTests : EndToEndTest
{
    [Theory]
    [InlineData("proc", "/proc")]
    [InlineData("sysfs", "/sys")]
    public void CVE_2019_19921_and_2023_27561_a_link_does_not_decide_where_the_kernels_file_systems_are(string type, string place)
    {
        var bundle = NewBundle();
        Trap(bundle, $"rmdir .{place} && mkdir elsewhere && ln -s elsewhere .{place}");
        bundle.With("mounts", new JsonArray(Filesystem(place, type)));

        Refused(bundle).Should().Contain("ELOOP");
    }

    [Theory]
    [InlineData("/trap", "tmpfs")]
    [InlineData("/trap/self/attr", "tmpfs")]
    [InlineData("/trap/sys", "tmpfs")]
    [InlineData("/into/attr", "tmpfs")]
    public void CVE_2019_16884_and_2023_28642_no_link_leads_a_mount_into_proc(string destination, string type)
    {
        var bundle = NewBundle().With("root.readonly", false);
        Trap(bundle, "ln -s /proc trap; ln -s proc/self into");
        bundle.Adding("mounts", Filesystem(destination, type));

        Refused(bundle).Should().Contain("cannot be mounted because").And.Contain("inside /proc");
    }

    [Fact]
    public void CVE_2019_16884_no_link_leads_a_file_into_proc()
    {
        var bundle = NewBundle().With("root.readonly", false);
        Trap(bundle, "ln -s /proc trap");
        bundle.Adding("mounts", Bind(Canary(bundle), "/trap/version", "bind"));

        Refused(bundle).Should().Contain("inside /proc");
    }

    [Theory]
    [InlineData("/proc", "tmpfs")]
    [InlineData("/proc/self", "tmpfs")]
    [InlineData("/proc/../proc/sys", "tmpfs")]
    public void CVE_2019_16884_nothing_is_mounted_over_proc(string destination, string type)
    {
        var bundle = NewBundle().Adding("mounts", Filesystem(destination, type));

        Refused(bundle).Should().Contain("cannot be mounted because it is inside /proc");
    }

    [Fact]
    public void CVE_2025_52881_only_a_procfs_is_bound_to_proc()
    {
        var decoy = NewBundle();
        decoy.With("mounts", new JsonArray(Bind(Directory.CreateDirectory(Path.Combine(decoy.Home, "decoy")).FullName, "/proc", "bind")));
        Refused(decoy).Should().Contain("it is no procfs");

        var part = NewBundle();
        part.With("mounts", new JsonArray(Bind("/proc/sys", "/proc", "bind")));
        Refused(part).Should().Contain("it is no procfs");

        NewBundle().With("mounts", new JsonArray(Bind("/proc", "/proc", "rbind"))).Args("true").Run().ShouldSucceed();
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("sys/fs/cgroup")]
    [InlineData("sys")]
    public void CVE_2026_41579_and_2018_18837_a_link_out_of_the_root_is_no_way_out(string place)
    {
        foreach (var target in new[] { "ABSOLUTE", "../../../../../../../../../../../..ABSOLUTE" })
        {
            var bundle = NewBundle().With("root.readonly", false);
            var outside = Directory.CreateDirectory(Path.Combine(bundle.Home, "outside")).FullName;
            File.WriteAllText(Path.Combine(outside, "ptmx"), "canary");
            Trap(bundle, $"rm -rf ./{place} && mkdir -p ./$(dirname {place}) && ln -s {target.Replace("ABSOLUTE", outside, StringComparison.Ordinal)} ./{place}");
            bundle.With("mounts", new JsonArray(Filesystem("/proc", "proc"), Filesystem("/sys/fs/cgroup", "cgroup"))).Args("true").Run();

            Directory.GetFileSystemEntries(outside).Should().Equal(Path.Combine(outside, "ptmx"));
            File.ReadAllText(Path.Combine(outside, "ptmx")).Should().Be("canary");
            MountTable.Below(bundle.Home).Should().BeEmpty();
        }
    }

    [Fact]
    public void A_device_that_is_something_else_already_is_refused_and_not_written_to()
    {
        var bundle = NewBundle().With("root.readonly", false);
        var canary = Canary(bundle);
        Trap(bundle, $"ln -s {canary} dev/null");
        bundle.With("mounts", new JsonArray());

        Refused(bundle).Should().Contain("/dev/null").And.Contain("something else is there already");
        File.ReadAllText(canary).Should().Be("canary");
    }

    [Fact]
    public void In_a_user_namespace_a_link_in_place_of_a_device_is_refused_too()
    {
        var bundle = InUserNamespace(NewBundle().With("root.readonly", false));
        Trap(bundle, "ln -s /etc/passwd dev/zero; chmod -R a+rwX .");
        bundle.With("mounts", new JsonArray());

        Refused(bundle).Should().Contain("/dev/zero").And.Contain("something else is there already");
    }

    [Fact]
    public void CVE_2025_31133_a_forged_null_device_masks_nothing()
    {
        var bundle = NewBundle();
        var dev = Directory.CreateDirectory(Path.Combine(bundle.Home, "dev")).FullName;
        File.CreateSymbolicLink(Path.Combine(dev, "null"), "/proc/sys/kernel/core_pattern");
        bundle.Adding("mounts", Bind(dev, "/dev", "bind")).WithFile("/secret", "secret").With("linux.maskedPaths", new JsonArray("/secret"));
        var secret = bundle.Observe("/secret", "/dev/null");

        secret.Path("/dev/null").Target.Should().Be("/proc/sys/kernel/core_pattern", "the trap is set");
        secret.Path("/secret").Device.Should().Be((1, 3));
    }

    [Fact]
    public void CVE_2021_30465_and_2024_45310_a_place_that_flips_to_a_link_never_leads_out()
    {
        var bundle = NewBundle().With("root.readonly", false).Args("true");
        var outside = Directory.CreateDirectory(Path.Combine(bundle.Home, "outside")).FullName;
        var volume = Directory.CreateDirectory(Path.Combine(bundle.Home, "volume")).FullName;
        Directory.CreateDirectory(Path.Combine(volume, "place"));
        File.CreateSymbolicLink(Path.Combine(volume, "link"), "../../../../../../../../.." + outside);
        bundle.Adding("mounts", Bind(volume, "/volume", "bind"));
        bundle.Adding("mounts", Filesystem("/volume/place/a/b", "tmpfs"));
        bundle.Adding("mounts", Bind(Canary(bundle), "/volume/place/c/file", "bind"));
        var flips = WhileFlipping(Path.Combine(volume, "place"), Path.Combine(volume, "link"), () =>
        {
            // Some of them fail: the place may be a link that leads nowhere inside. None may lead out.
            for (var run = 0; run < 25; run++)
            {
                bundle.Run();
            }
        });

        flips.Should().BeGreaterThan(100, "the trap is set");
        Directory.GetFileSystemEntries(outside).Should().BeEmpty();
    }

    [Theory]
    [InlineData("bind", false)]
    [InlineData("src-nofollow", false)]
    [InlineData("bind", true)]
    public void A_source_in_the_containers_own_root_that_flips_to_a_link_never_shows_the_host(string option, bool user)
    {
        var bundle = NewBundle().With("root.readonly", false).Args("cat", "/seen/file");
        bundle = user ? InUserNamespace(bundle) : bundle;
        var outside = Directory.CreateDirectory(Path.Combine(bundle.Home, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "file"), "of the host");
        string data = Path.Combine(bundle.RootfsPath, "data"), link = Path.Combine(bundle.RootfsPath, "link");
        Trap(bundle, $"mkdir -p data/deep seen && echo own > data/deep/file && mkdir {outside}/deep && cp {outside}/file {outside}/deep/file && ln -s {outside} link");
        bundle.Adding("mounts", new JsonObject { ["destination"] = "/seen", ["source"] = data + "/deep", ["options"] = new JsonArray("rbind", option) });
        HashSet<string> seen = [];

        var flips = WhileFlipping(data, link, () =>
        {
            for (var run = 0; run < 15; run++)
            {
                seen.Add(bundle.Run().Output);
            }
        });

        flips.Should().BeGreaterThan(100, "the trap is set");
        seen.Should().Contain("own\n").And.NotContain(text => text.Contains("host", StringComparison.Ordinal));
    }

    [Fact]
    public void CVE_2024_21626_no_descriptor_of_the_runtime_is_a_directory_to_start_in()
    {
        foreach (var number in Enumerable.Range(3, 12))
        {
            var outcome = NewBundle().With("process.cwd", $"/proc/self/fd/{number}").Args("cat", "/proc/self/cwd/etc/hostname").Run();

            (outcome.Status == 0 ? outcome.Output : "").Should().BeEmpty();
        }
    }

    /// <summary>Does something while two names are exchanged all the time; how often they were.</summary>
    private static int WhileFlipping(string one, string other, Action act)
    {
        using var stop = new CancellationTokenSource();
        var flips = 0;
        var flipping = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                flips += renameat2(-100, one, -100, other, 2) == 0 ? 1 : 0;
            }
        });
        flipping.Start();
        try
        {
            act();
        }
        finally
        {
            stop.Cancel();
            flipping.Join();
        }

        return flips;
    }

    private static string Refused(Bundle bundle)
    {
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Args("true").Run();
        outcome.Status.Should().Be(1, "the trap is noticed; it wrote {0}", outcome.Output + outcome.Error);
        HostSnapshot.ShouldBecome(bundle, before, "a refused container leaves nothing");
        return outcome.Error;
    }

    private static string Canary(Bundle bundle)
    {
        var canary = Path.Combine(bundle.Home, "canary");
        File.WriteAllText(canary, "canary");
        return canary;
    }

    private static void Trap(Bundle bundle, string script) =>
        new Command(bundle.Scratch, "sh", "-c", $"set -e; cd {bundle.RootfsPath}; {script}").Run().ShouldSucceed();

    private static Bundle InUserNamespace(Bundle bundle) => bundle.Namespace("user")
        .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
        .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""));

    private static JsonObject Filesystem(string destination, string type) => new() { ["destination"] = destination, ["type"] = type, ["source"] = type };

    private static JsonObject Bind(string source, string destination, string option) =>
        new() { ["destination"] = destination, ["type"] = "bind", ["source"] = source, ["options"] = new JsonArray(option) };

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int renameat2(
        int fromDirectory, [MarshalAs(UnmanagedType.LPUTF8Str)] string from, int toDirectory, [MarshalAs(UnmanagedType.LPUTF8Str)] string to, uint flags);
}
