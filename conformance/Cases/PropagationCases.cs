using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>rootfsPropagation, maskedPaths, readonlyPaths, mountLabel.</summary>
internal static class PropagationCases
{
    private const int ReadOnlyFileSystem = 30;

    [Rule("PROP-01")]
    public static void A_shared_root_is_a_peer_group_of_its_own(Bundle bundle)
    {
        bundle.With("linux.rootfsPropagation", "shared").Observe().Mount("/").Propagation.Should().Contain("shared:");
        MountTable.Below(bundle.Home).Should().BeEmpty("nothing of it reaches the host");
    }

    [Rule("PROP-01")]
    public static void What_is_mounted_in_a_shared_root_stays_in_the_container(Bundle bundle)
    {
        bundle.With("linux.rootfsPropagation", "shared").Capable("CAP_SYS_ADMIN").Writable().Started("mount -t tmpfs tmpfs /mnt; mount -t tmpfs tmpfs /home; while :; do sleep 1; done");
        Eventually.Holds(() => File.ReadAllText($"/proc/{bundle.ProcessId()}/mountinfo").Contains(" /home ", StringComparison.Ordinal), () => "the container should mount");
        MountTable.Below(bundle.Home).Should().BeEmpty();
    }

    [Rule("PROP-01")]
    [With("private")]
    [With("rprivate")]
    public static void A_private_root_is_not_shared(Bundle bundle, string propagation)
    {
        bundle.With("linux.rootfsPropagation", propagation).Observe().Mount("/").Propagation.Should().BeEmpty();
    }

    [Rule("PROP-01")]
    [With("slave")]
    [With("rslave")]
    public static void A_slave_root_is_not_shared(Bundle bundle, string propagation)
    {
        bundle.With("linux.rootfsPropagation", propagation).Observe().Mount("/").Propagation.Should().NotContain("shared:");
    }

    [Rule("PROP-01")]
    [With("unbindable")]
    [With("runbindable")]
    public static void An_unbindable_root_cannot_be_bound(Bundle bundle, string propagation)
    {
        bundle.With("linux.rootfsPropagation", propagation).Observe().Mount("/").Propagation.Should().Contain("unbindable");
    }

    [Rule("PROP-01", "JSN-03")]
    public static void An_unknown_propagation_is_refused(Bundle bundle)
    {
        bundle.With("linux.rootfsPropagation", "nosuch").Args("true").ShouldBeRefused();
    }

    [Rule("PROP-03")]
    public static void The_old_root_is_gone_and_its_mounts_are_still_on_the_host(Bundle bundle)
    {
        var place = bundle.HostDirectory("place");
        bundle.OnHost($"mount -t tmpfs tmpfs {place} && mount --make-shared {place}");
        var mounts = bundle.Observe().Mounts;
        mounts.Should().NotContain(mount => mount.Point.Contains(bundle.Home, StringComparison.Ordinal));
        mounts.Count(mount => mount.Point == "/").Should().Be(1);
        MountTable.Below(bundle.Home).Should().Contain(place);
    }

    [Rule("MASK-01")]
    public static void A_masked_file_is_empty(Bundle bundle)
    {
        bundle.WithFile("/secret", "secret").With("linux.maskedPaths", Array("/secret"));
        var seen = bundle.Observe("/secret").Path("/secret");
        seen.Length.Should().Be(0);
        seen.Device.Should().Be((1, 3));
    }

    [Rule("MASK-01")]
    public static void A_masked_directory_is_empty_and_read_only(Bundle bundle)
    {
        bundle.WithFile("/secret/file", "secret").With("linux.maskedPaths", Array("/secret")).Writable();
        var seen = bundle.Observe("/secret");
        seen.Path("/secret").Entries.Should().BeEmpty();
        seen.Path("/secret").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Mount("/secret").Type.Should().Be("tmpfs");
    }

    [Rule("MASK-01", "MASK-04")]
    public static void Several_masked_directories_are_all_empty(Bundle bundle)
    {
        bundle.WithFile("/one/file", "secret").WithFile("/two/file", "secret").WithFile("/two/deep/file", "secret")
            .With("linux.maskedPaths", Array("/one", "/two/deep", "/two"));
        var seen = bundle.Observe("/one", "/two");
        seen.Path("/one").Entries.Should().BeEmpty();
        seen.Path("/two").Entries.Should().BeEmpty();
    }

    [Rule("MASK-01", "MASK-02")]
    public static void The_kernels_files_that_engines_mask_are_masked(Bundle bundle)
    {
        string[] files = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"];
        var seen = bundle.Observe(files);
        seen.Mount("/proc/sys").Options.Should().Contain("ro");
        // Which of them exist depends on the kernel's configuration.
        foreach (var file in files.Select(seen.Path).Where(file => file.Exists))
        {
            file.Device.Should().Be((1, 3), file.Name);
        }
    }

    [Rule("MASK-01")]
    public static void A_masked_path_that_is_not_there_is_ignored(Bundle bundle)
    {
        bundle.With("linux.maskedPaths", Array("/not/there")).Args("true").Run().ShouldSucceed();
    }

    [Rule("MASK-01")]
    public static void A_masked_path_cannot_be_read_through_another_name(Bundle bundle)
    {
        bundle.With("linux.maskedPaths", Array("/proc/version")).Prints("cat /proc/1/root/proc/version /proc/self/root/proc/version").Should().BeEmpty();
    }

    [Rule("MASK-02")]
    public static void A_readonly_path_cannot_be_written(Bundle bundle)
    {
        bundle.WithFile("/fixed/file", "x").WithFile("/other/file", "x").With("linux.readonlyPaths", Array("/fixed")).Writable();
        var seen = bundle.Observe("/fixed", "/fixed/file", "/other/file");
        seen.Path("/fixed").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Path("/fixed/file").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Path("/fixed/file").Content.Should().Be("x");
        seen.Path("/other/file").WriteError.Should().Be(0);
    }

    [Rule("MASK-02")]
    public static void A_readonly_path_may_be_a_file_and_need_not_be_there(Bundle bundle)
    {
        bundle.WithFile("/fixed", "x").With("linux.readonlyPaths", Array("/fixed", "/not/there")).Writable();
        bundle.Observe("/fixed").Path("/fixed").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Rule("MASK-02")]
    public static void A_mount_below_a_readonly_path_stays_as_it_was_made(Bundle bundle)
    {
        bundle.WithFile("/fixed/below/file", "x").With("linux.readonlyPaths", Array("/fixed")).Writable().Mounting("/fixed/below", "tmpfs", "tmpfs");
        var seen = bundle.Observe("/fixed", "/fixed/below");
        seen.Path("/fixed").WriteError.Should().Be(ReadOnlyFileSystem);
        seen.Path("/fixed/below").WriteError.Should().Be(0);
    }

    [Rule("MASK-03")]
    [With("maskedPaths")]
    [With("readonlyPaths")]
    public static void A_path_that_is_not_absolute_is_refused(Bundle bundle, string property)
    {
        bundle.With("linux." + property, Array("etc")).Args("true").ShouldBeRefused();
    }

    [Rule("MLBL-01", "OP-CRE-03")]
    public static void A_mount_label_without_selinux_in_the_kernel_is_an_error(Bundle bundle)
    {
        Skip.Unless(!Directory.Exists("/sys/fs/selinux/initial_contexts"), "needs a kernel without SELinux");
        bundle.With("linux.mountLabel", "system_u:object_r:container_file_t:s0").Args("true").ShouldFailToRun();
    }
}
