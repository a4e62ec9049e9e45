using Hull.Conformance.Suite;

namespace Hull.Conformance.Cases;

/// <summary>The specification's table of mount options.</summary>
internal static class MountOptionCases
{
    [Rule("MOPT-01")]
    [With("ro")]
    [With("nosuid")]
    [With("nodev")]
    [With("noexec")]
    [With("noatime")]
    [With("nodiratime")]
    [With("relatime")]
    public static void The_option_sets_its_flag_on_the_mount(Bundle bundle, string option)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Observe().Mount("/mnt").Options.Should().Contain(option);
    }

    [Rule("MOPT-01")]
    [With("sync")]
    [With("dirsync")]
    [With("lazytime")]
    public static void The_option_sets_its_flag_on_the_file_system(Bundle bundle, string option)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Observe().Mount("/mnt").Superblock.Should().Contain(option);
    }

    [Rule("MOPT-01")]
    public static void Nosymfollow_sets_its_flag_on_the_mount(Bundle bundle)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", "nosymfollow").Writable().Observe().Mount("/mnt").Options.Should().Contain("nosymfollow");
    }

    // tmpfs refuses what it does not know: an option passed on as data would be an error.
    [Rule("MOPT-01")]
    [With("defaults")]
    [With("rw")]
    [With("suid")]
    [With("dev")]
    [With("exec")]
    [With("async")]
    [With("atime")]
    [With("diratime")]
    [With("norelatime")]
    [With("strictatime")]
    [With("nostrictatime")]
    [With("iversion")]
    [With("noiversion")]
    [With("nolazytime")]
    [With("silent")]
    [With("loud")]
    [With("mand")]
    [With("nomand")]
    [With("symfollow")]
    public static void The_option_is_recognised_and_not_passed_to_the_file_system(Bundle bundle, string option)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", option).Writable().Args("true").Run().ShouldSucceed();
    }

    [Rule("MOPT-01")]
    public static void Strictatime_leaves_no_other_mode_of_access_times(Bundle bundle)
    {
        bundle.Mounting("/mnt", "tmpfs", "tmpfs", "strictatime").Writable().Observe().Mount("/mnt").Options.Should().NotContain(["relatime", "noatime"]);
    }

    [Rule("MOPT-01")]
    public static void Remount_changes_a_mount_that_is_there(Bundle bundle)
    {
        bundle.Writable().Mounting("/shared", "bind", bundle.HostDirectory("shared"), "bind", "rw").Mounting("/shared", "bind", "none", "remount", "bind", "ro", "nosuid")
            .Mounting("/small", "tmpfs", "tmpfs", "size=1m").Mounting("/small", "tmpfs", "tmpfs", "remount", "size=2m", "noexec");
        var seen = bundle.Observe();
        seen.Mount("/shared").Options.Should().Contain(["ro", "nosuid"]);
        seen.Mount("/small").Superblock.Should().Contain("size=2048k");
        seen.Mount("/small").Options.Should().Contain("noexec");
        seen.Mounts.Count(mount => mount.Point == "/shared").Should().Be(1);
    }

    [Rule("MOPT-02")]
    [With("ro", "rw", "rw")]
    [With("rw", "ro", "ro")]
    [With("noexec", "exec", "-noexec")]
    [With("exec", "noexec", "noexec")]
    [With("nosuid", "suid", "-nosuid")]
    [With("nodev", "dev", "-nodev")]
    [With("noatime", "atime", "-noatime")]
    public static void The_later_of_two_contrary_options_wins(Bundle bundle, string first, string second, string outcome)
    {
        var options = bundle.Mounting("/mnt", "tmpfs", "tmpfs", first, second).Writable().Observe().Mount("/mnt").Options;
        (outcome[0] == '-' ? !options.Contains(outcome[1..]) : options.Contains(outcome)).Should().BeTrue(
            "{0} then {1} should give {2}, not {3}", first, second, outcome, string.Join(',', options));
    }

    [Rule("MOPT-02")]
    [With("rw", "ro")]
    [With("suid", "nosuid")]
    [With("dev", "nodev")]
    [With("exec", "noexec")]
    public static void A_clearing_option_clears_what_the_source_of_a_bind_has(Bundle bundle, string option, string flag)
    {
        var source = bundle.HostDirectory("source");
        bundle.OnHost($"mount -t tmpfs -o {flag} tmpfs {source}");
        // A file system that is itself read-only stays so: only the mount is.
        bundle.OnHost($"mount -o remount,rw {source} && mount -o remount,bind,{flag} {source}");
        bundle.Mounting("/mnt", "bind", source, "bind", option).Writable().Observe().Mount("/mnt").Options.Should().NotContain(flag);
    }

    [Rule("MOPT-04", Since = "1.1.0")]
    [With("rro", "ro")]
    [With("rnosuid", "nosuid")]
    [With("rnodev", "nodev")]
    [With("rnoexec", "noexec")]
    [With("rnodiratime", "nodiratime")]
    [With("rnoatime", "noatime")]
    [With("rrelatime", "relatime")]
    [With("rnosymfollow", "nosymfollow")]
    public static void A_recursive_option_reaches_the_mounts_below(Bundle bundle, string option, string flag)
    {
        var seen = Below(bundle, "", option);
        seen.Mount("/mnt").Options.Should().Contain(flag);
        seen.Mount("/mnt/sub").Options.Should().Contain(flag);
    }

    [Rule("MOPT-04", Since = "1.1.0")]
    [With("rrw", "ro")]
    [With("rsuid", "nosuid")]
    [With("rdev", "nodev")]
    [With("rexec", "noexec")]
    [With("rdiratime", "nodiratime")]
    [With("ratime", "noatime")]
    [With("rsymfollow", "nosymfollow")]
    public static void A_recursive_clearing_option_reaches_the_mounts_below(Bundle bundle, string option, string flag)
    {
        var seen = Below(bundle, flag, option);
        seen.Mount("/mnt").Options.Should().NotContain(flag);
        seen.Mount("/mnt/sub").Options.Should().NotContain(flag);
    }

    [Rule("MOPT-04")]
    public static void An_option_that_is_not_recursive_leaves_the_mounts_below(Bundle bundle)
    {
        var seen = Below(bundle, "", "ro");
        seen.Mount("/mnt").Options.Should().Contain("ro");
        seen.Mount("/mnt/sub").Options.Should().Contain("rw");
    }

    [Rule("MOPT-04", Since = "1.1.0")]
    public static void A_recursive_option_is_applied_after_the_others(Bundle bundle)
    {
        var seen = Below(bundle, "", "rro", "rw");
        seen.Mount("/mnt").Options.Should().Contain("ro");
        seen.Mount("/mnt/sub").Options.Should().Contain("ro");
    }

    [Rule("MOPT-03", Since = "1.1.0")]
    public static void Rro_really_protects_the_mounts_below(Bundle bundle)
    {
        var source = WithMountBelow(bundle, "");
        bundle.Mounting("/mnt", "bind", source, "rbind", "rro").Writable().Shell("touch /mnt/sub/file").Run().Status.Should().NotBe(0);
    }

    private static Observation Below(Bundle bundle, string flag, params string[] options) =>
        bundle.Mounting("/mnt", "bind", WithMountBelow(bundle, flag), ["rbind", .. options]).Writable().Observe();

    // A directory with a mount below it, both with a flag.
    private static string WithMountBelow(Bundle bundle, string flag)
    {
        var source = bundle.HostDirectory("source");
        bundle.OnHost($"mount -t tmpfs tmpfs {source} && mkdir {source}/sub && mount -t tmpfs tmpfs {source}/sub");
        if (flag.Length > 0)
        {
            bundle.OnHost($"mount -o remount,bind,{flag} {source}/sub && mount -o remount,bind,{flag} {source}");
        }

        return source;
    }
}
