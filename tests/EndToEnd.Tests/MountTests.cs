using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Mounts beyond the plain ones: copied up, remounted, recursive, propagated, in places that images prepare.</summary>
public sealed class MountTests : EndToEndTest
{
    [Fact]
    public void A_tmpfs_that_copies_up_holds_what_it_covers_with_owners_modes_links_and_times()
    {
        var bundle = NewBundle().With("root.readonly", false).WithFile("/data/deep/er/file", "deep").WithFile("/data/file", "text");
        var data = Path.Combine(bundle.RootfsPath, "data");
        Sh(bundle, $"""
            cd {data} && chown 7:8 file && chmod 4750 file && touch -d '2001-02-03 04:05:06 UTC' file && ln -s ../etc/passwd link && chown -h 9:9 link
            chmod 2711 deep && mkfifo -m 604 pipe && mkdir many && seq -f many/d%g 1500 | xargs mkdir && for i in $(seq 1500); do echo $i > many/$i; echo $i > many/d$i/x; done
            """);

        var output = Mounted(bundle, "/data", "tmpfs", "tmpcopyup", "size=64m").Shell("""
            stat -c '%n %a %u:%g %Y' /data/file; stat -c '%n %a' /data/deep /data/pipe; stat -c '%u:%g' /data/link; readlink /data/link
            cat /data/deep/er/file; echo; ls /data/many | wc -l; cat /data/many/d*/x | wc -l; echo changed > /data/file; grep -c ' /data ' /proc/self/mountinfo
            """).Run().ShouldSucceed().Output;

        output.Should().Be("/data/file 4750 7:8 981173106\n/data/deep 2711\n/data/pipe 604\n9:9\n../etc/passwd\ndeep\n3000\n1500\n1\n");
        File.ReadAllText(Path.Combine(data, "file")).Should().Be("text", "the copy was written to");
    }

    [Fact]
    public void A_tmpfs_on_a_destination_that_is_not_followed_takes_its_mode_even_after_a_mount_whose_place_was_made()
    {
        Hull.Skipping.Skip.Unless(HullBinary.IsHull, "runc knows no dest-nofollow for a tmpfs");
        var bundle = NewBundle().WithFile("/covered/file", "text").With("root.readonly", false);
        Sh(bundle, $"chmod 1750 {bundle.RootfsPath}/covered");

        Mounted(Mounted(bundle, "/made/now", "tmpfs"), "/covered", "tmpfs", "dest-nofollow").Shell("stat -c %a /made/now /covered").Run()
            .ShouldSucceed().Output.Should().Be("1777\n1750\n");
    }

    [Fact]
    public void A_copy_that_does_not_fit_is_an_error()
    {
        var bundle = NewBundle().WithFile("/data/file", new string('x', 1 << 20));

        var outcome = Mounted(bundle, "/data", "tmpfs", "tmpcopyup", "size=64k").Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts[").And.Contain("copy what it covers").And.Contain("no space left");
    }

    [Fact]
    public void An_option_for_a_file_system_does_not_stop_a_bind_mount_and_is_named_in_a_warning()
    {
        var bundle = NewBundle();
        File.WriteAllText(Path.Combine(bundle.Scratch, "file"), "bound");
        int index = bundle.Config["mounts"]!.AsArray().Count;
        bundle.Adding("mounts", JsonNode.Parse($$"""{ "destination": "/x", "type": "none", "source": "{{bundle.Scratch}}", "options": ["bind", "size=1k", "mode=755"] }""")!);

        bundle.Shell("cat /x/file").Run().ShouldSucceed().Output.Should().Be("bound");

        if (HullBinary.IsHull)
        {
            bundle.LogLines().Select(line => (string)line["msg"]!).Should().Contain(
                [$"mounts[{index}].options[1]: size=1k is left out: it is for a file system, and a bind mount makes none",
                $"mounts[{index}].options[2]: mode=755 is left out: it is for a file system, and a bind mount makes none"]);
        }
    }

    [Fact]
    public void A_missing_mount_point_inherits_the_group_of_a_setgid_directory()
    {
        var bundle = NewBundle().With("root.readonly", false);
        Sh(bundle, $"cd {bundle.RootfsPath} && mkdir shared && chgrp 77 shared && chmod 2755 shared");
        Mounted(bundle, "/shared/new/place", "tmpfs").Args("true").Run().ShouldSucceed();

        Sh(bundle, $"stat -c '%a %g' {bundle.RootfsPath}/shared/new {bundle.RootfsPath}/shared/new/place").Should().Be("2755 77\n2755 77\n");
    }

    [Theory]
    [InlineData("/link/place", "/real/place")]
    [InlineData("/dangling/place", "/made/by/link/place")]
    [InlineData("/up/place", "/place")]
    [InlineData("/trailing", "/made/trailing")]
    [InlineData("relative/place", "/relative/place")]
    [InlineData("/loop/../a/./b//c/", "/a/b/c")]
    public void A_place_is_found_and_made_through_the_links_of_the_image(string destination, string real)
    {
        var bundle = WithLinks();
        var file = Path.Combine(bundle.Home, "file");
        File.WriteAllText(file, "bound");
        bundle.Adding("mounts", Bind(file, destination, "bind"));

        bundle.Observe(real).Path(real).Content.Should().Be("bound");
        Outside(bundle).Should().BeEmpty();
    }

    [Fact]
    public void A_circle_of_links_is_an_error()
    {
        var outcome = Mounted(WithLinks(), "/loop/place", "tmpfs").Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("ELOOP");
    }

    [Fact]
    public void A_remount_of_what_is_not_mounted_is_an_error()
    {
        var outcome = Mounted(NewBundle(), "/etc", "tmpfs", "remount", "bind", "ro").Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("remounted");
    }

    [Fact]
    public void The_root_may_be_the_bundle_itself_a_link_to_a_directory_or_a_mount_but_no_file()
    {
        var dot = NewBundle().With("root.path", ".");
        Sh(dot, $"mv {dot.RootfsPath}/* {dot.Location}/");
        dot.Args("true").Run().ShouldSucceed();

        var link = NewBundle();
        Sh(link, $"mv {link.RootfsPath} {link.Location}/elsewhere && ln -s elsewhere {link.RootfsPath}");
        link.Args("true").Run().ShouldSucceed();

        var mounted = NewBundle().Args("true");
        InOwnMounts(mounted, $"mount --bind {mounted.RootfsPath} {mounted.RootfsPath} && mount --make-shared {mounted.RootfsPath}").ShouldSucceed();

        var file = NewBundle();
        File.WriteAllText(Path.Combine(file.Location, "file"), "");
        var outcome = file.With("root.path", "file").Args("true").Run();
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("root.path must be a directory");
    }

    [Fact]
    public void Without_pivot_root_the_container_still_has_its_own_root()
    {
        var bundle = NewBundle();
        bundle.Observing("/etc/passwd");
        var run = bundle.Run("--no-pivot").ShouldSucceed();

        new Observation(run.Output).Path("/etc/passwd").Content.Should().StartWith("root:x:0:0:root:/root:/bin/sh\nuser:");
    }

    [Fact]
    public void A_link_is_copied_or_shown_itself_when_asked()
    {
        var bundle = NewBundle().With("root.readonly", false);
        var link = Path.Combine(bundle.Home, "link");
        File.CreateSymbolicLink(link, "/the/target");
        var seen = bundle.Adding("mounts", Bind(link, "/copied", "bind", "copy-symlink")).Observe("/copied");

        seen.Path("/copied").Target.Should().Be("/the/target");
        seen.Mounts.Should().NotContain(mount => mount.Point == "/copied");
    }

    [Fact]
    public void A_readonly_tmpfs_is_frozen_even_when_another_mount_covers_it()
    {
        var bundle = Mounted(NewBundle().With("root.readonly", false), "/run", "tmpfs", "ro");
        Mounted(bundle, "/run/lock", "tmpfs");
        Mounted(bundle, "/run", "tmpfs");

        bundle.Observe().Mounts.Where(mount => mount.Point == "/run").Select(mount => mount.Options[0]).Should().Equal("ro", "rw");
    }

    [Fact]
    public void An_overlay_may_have_more_layers_than_one_value_can_name()
    {
        Requires.Hull("runc 1.1 gives all options in one page");
        Requires.Kernel(6, 8);
        var bundle = NewBundle();
        var layers = Enumerable.Range(0, 5).Select(number => Path.Combine(bundle.Home, new string('l', 80) + number)).ToArray();
        foreach (var layer in layers)
        {
            Directory.CreateDirectory(layer);
            File.WriteAllText(Path.Combine(layer, "of" + layer[^1]), "");
        }

        Mounted(bundle, "/mnt", "overlay", "lowerdir=" + string.Join(':', layers)).Observe("/mnt").Path("/mnt").Entries
            .Should().BeEquivalentTo("of0", "of1", "of2", "of3", "of4");
    }

    [Theory]
    [InlineData("rbind", false)]
    [InlineData("rbind,rslave", false)]
    [InlineData("rbind,rshared", false)]
    [InlineData("rbind", true)]
    [InlineData("rbind,rshared", true)]
    public void A_source_in_the_containers_own_root_has_the_mounts_made_before_it(string options, bool user)
    {
        var bundle = NewBundle().With("root.readonly", false);
        bundle = user ? InUserNamespace(bundle) : bundle;
        var source = Directory.CreateDirectory(Path.Combine(bundle.Home, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "file"), "bound before");
        Sh(bundle, $"cd {bundle.RootfsPath} && mkdir -p own/a seen && ln -s ../own a-link && chmod a+rx own");
        bundle.Adding("mounts", Bind(source, "/own/a", "bind"))
            .Adding("mounts", Bind(bundle.RootfsPath + "/a-link", "/seen", options.Split(',')));

        bundle.Observe("/seen/a/file").Path("/seen/a/file").Content.Should().Be("bound before", "and its links are the container's");
    }

    [Fact]
    public void Layers_of_an_overlay_and_device_nodes_below_a_directory_that_is_closed_to_the_containers_users_are_opened_for_it()
    {
        Requires.Hull("runc and crun fail here");
        Requires.Kernel(6, 8);
        var bundle = InUserNamespace(NewBundle());
        var closed = Directory.CreateDirectory(Path.Combine(bundle.Home, "closed")).FullName;
        Sh(bundle, $"""
            cd {closed} && mkdir lower 'low:er' upper work && echo one > lower/one && echo two > 'low:er/two' && mknod -m 666 null c 1 3 && mknod -m 666 zero c 1 5
            chown -R 100000:100000 lower 'low:er' upper work {bundle.RootfsPath} && chmod 700 .
            """);
        bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/layers",
            ["type"] = "overlay",
            ["source"] = "overlay",
            ["options"] = new JsonArray($"lowerdir={closed}/lower:{closed}/low\\:er", $"upperdir={closed}/upper", $"workdir={closed}/work"),
        });
        bundle.Adding("linux.devices", new JsonObject { ["path"] = closed + "/zero", ["type"] = "c", ["major"] = 1, ["minor"] = 5 });
        bundle.With("root.readonly", false).Shell($"cat /layers/one /layers/two && echo three > /layers/three && head -c 4 {closed}/zero | wc -c");

        bundle.Run().ShouldSucceed().Output.Should().Be("one\ntwo\n4\n");
        File.ReadAllText(closed + "/upper/three").Should().Be("three\n");
    }

    [Fact]
    public void A_root_below_a_directory_that_is_closed_to_the_containers_users_is_opened_for_it()
    {
        Requires.Hull("runc cannot");
        var bundle = InUserNamespace(NewBundle().With("root.readonly", false));
        var closed = Directory.CreateDirectory(Path.Combine(bundle.Home, "closed")).FullName;
        Sh(bundle, $"mv {bundle.RootfsPath} {closed}/root && mkdir {closed}/root/below && ln -s closed/root {bundle.Home}/link && chmod 700 {closed}");
        bundle.With("root.path", bundle.Home + "/link").Adding("mounts", Bind(bundle.Scratch, "/below", "bind"));

        bundle.Observing("/etc/passwd", "/below");
        var seen = new Observation(bundle.Run().ShouldSucceed().Output);
        seen.Path("/etc/passwd").Exists.Should().BeTrue();
        seen.Mounts.Should().Contain(mount => mount.Point == "/below");
        MountTable.Below(bundle.Home).Should().BeEmpty();
    }

    private static Bundle InUserNamespace(Bundle bundle) => bundle.Namespace("user").With("linux.uidMappings", Mappings()).With("linux.gidMappings", Mappings());

    private static JsonArray Mappings() => new(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });

    [Fact]
    public void An_image_file_that_its_file_system_cannot_serve_is_an_error_that_says_what_would()
    {
        var bundle = NewBundle().With("root.readonly", false);
        var image = Path.Combine(bundle.Home, "image");
        File.WriteAllText(image, "no file system");
        bundle.Adding("mounts", new JsonObject { ["destination"] = "/image", ["type"] = "ext4", ["source"] = image, ["options"] = new JsonArray("ro") });

        var outcome = bundle.Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("block device required").And.Contain("loop device");
    }

    [Fact]
    public void Without_a_mount_namespace_a_read_only_root_is_read_only_for_the_container_alone()
    {
        Requires.Hull("runc leaves it writable");
        var bundle = WithoutMountNamespace();
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "below"));
        bundle.Adding("mounts", new JsonObject { ["destination"] = "/below", ["type"] = "tmpfs", ["source"] = "tmpfs" })
            .Shell("touch /file; touch /below/file && echo below; pwd; ls /below");

        var outcome = InOwnMounts(bundle, "true", $"touch {bundle.RootfsPath}/after").ShouldSucceed();

        outcome.Output.Should().Be("below\n/\nfile\n");
        outcome.Error.Should().Contain("Read-only file system");
        File.Exists(bundle.RootfsPath + "/after").Should().BeTrue("the host's own mount is as it was");
        File.Exists(bundle.RootfsPath + "/file").Should().BeFalse();
    }

    [Fact]
    public void What_joins_a_container_without_a_mount_namespace_finds_its_root_read_only_too()
    {
        Requires.Hull("runc leaves it writable");
        var bundle = WithoutMountNamespace().Running();

        bundle.Exec("--", "touch", "/file").Error.Should().Contain("Read-only file system");
        bundle.Exec("--", "cat", "/etc/passwd").ShouldSucceed();
    }

    private Bundle WithoutMountNamespace()
    {
        var bundle = NewBundle().WithoutNamespace("mount").With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths");
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "dev"));
        return bundle.With("root.readonly", true);
    }

    [Fact]
    public void The_directories_of_an_overlay_may_have_paths_longer_than_a_string_may_be()
    {
        Requires.Hull("runc 1.1 gives all options in one page");
        Requires.Kernel(6, 13);
        var bundle = NewBundle();
        var deep = Path.Combine(bundle.Home, new string('a', 200), new string('b', 200));
        Sh(bundle, $"mkdir -p {deep}/lower,1 {deep}/lower2 {deep}/work && echo text > {deep}/lower,1/file && touch {deep}/lower2/other && mkdir -m 755 {deep}/upper,2");

        Mounted(bundle, "/mnt", "overlay", $@"lowerdir={deep}/lower\,1:{deep}/lower2,upperdir={deep}/upper\,2,workdir={deep}/work")
            .Shell("ls /mnt; cat /mnt/file; echo new > /mnt/new").Run().ShouldSucceed().Output.Should().Be("file\nother\ntext\n");

        File.ReadAllText(deep + "/upper,2/new").Should().Be("new\n");
    }

    private Bundle WithLinks()
    {
        var bundle = NewBundle().With("root.readonly", false);
        Directory.CreateDirectory(Path.Combine(bundle.Home, "outside"));
        Sh(bundle, $"""
            cd {bundle.RootfsPath} && mkdir real && ln -s real link && ln -s /made/by/link dangling && ln -s ../../../../../.. up
            ln -s made/trailing trailing && ln -s loop2 loop && ln -s loop loop2
            """);
        return bundle;
    }

    private static string[] Outside(Bundle bundle) => Directory.GetFileSystemEntries(Path.Combine(bundle.Home, "outside"));

    private static Bundle Mounted(Bundle bundle, string destination, string type, params string[] options) =>
        bundle.Adding("mounts", new JsonObject { ["destination"] = destination, ["type"] = type, ["source"] = type, ["options"] = Strings(options) });

    private static JsonObject Bind(string source, string destination, params string[] options) =>
        new() { ["destination"] = destination, ["type"] = "bind", ["source"] = source, ["options"] = Strings(options) };

    private static JsonArray Strings(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string Sh(Bundle bundle, string script) => new Command(bundle.Scratch, "sh", "-c", "set -e\n" + script).Run().ShouldSucceed().Output;

    /// <summary>Runs the container between two scripts, in a mount namespace that ends with it.</summary>
    private static Outcome InOwnMounts(Bundle bundle, string before, string after = "true")
    {
        bundle.Save();
        return new Command(
            bundle.Scratch, "unshare", "-m", "sh", "-c", $"{before} && \"$@\" && {after}", "sh",
            HullBinary.Path, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).In(bundle.Location).Run();
    }
}
