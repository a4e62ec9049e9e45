using Hull.Conformance.Suite;

namespace Hull.Conformance.Cases;

/// <summary>The root file system.</summary>
internal static class RootCases
{
    private const int ReadOnlyFileSystem = 30;

    [Rule("ROOT-01")]
    public static void A_missing_root_is_refused(Bundle bundle)
    {
        bundle.Without("root").ShouldBeRefused();
    }

    [Rule("ROOT-02")]
    public static void A_missing_path_is_refused(Bundle bundle)
    {
        bundle.Without("root.path").ShouldBeRefused();
    }

    [Rule("ROOT-02")]
    public static void The_path_may_be_absolute(Bundle bundle)
    {
        bundle.With("root.path", bundle.RootfsPath).Observe("/observer").Path("/observer").Exists.Should().BeTrue();
    }

    [Rule("ROOT-03", "ERR-01")]
    public static void A_path_that_does_not_exist_is_refused(Bundle bundle)
    {
        bundle.With("root.path", "absent").ShouldBeRefused();
    }

    [Rule("ROOT-03")]
    public static void A_path_that_is_a_file_is_refused(Bundle bundle)
    {
        File.WriteAllText(Path.Combine(bundle.Location, "file"), "");
        bundle.With("root.path", "file").ShouldBeRefused();
    }

    [Rule("ROOT-04")]
    [With(true)]
    [With(false)]
    public static void The_root_is_read_only_exactly_if_configured(Bundle bundle, bool readOnly)
    {
        bundle.With("root.readonly", readOnly).Observe().RootWritable.Should().Be(!readOnly);
    }

    [Rule("ROOT-04")]
    public static void The_root_is_writable_by_default(Bundle bundle)
    {
        bundle.Without("root.readonly").Observe().RootWritable.Should().BeTrue();
    }

    [Rule("ROOT-04")]
    public static void A_mount_below_a_read_only_root_stays_writable(Bundle bundle)
    {
        var seen = bundle.Mounting("/made/below", "tmpfs", "tmpfs").Observe("/made/below", "/etc");
        seen.Path("/made/below").WriteError.Should().Be(0);
        seen.Path("/etc").WriteError.Should().Be(ReadOnlyFileSystem);
    }

    [Rule("ROOT-05")]
    public static void The_root_may_be_a_mount_point(Bundle bundle)
    {
        bundle.OnHost($"mount --bind {bundle.RootfsPath} {bundle.RootfsPath}");
        bundle.Observe("/observer").Path("/observer").Exists.Should().BeTrue();
        bundle.OnHost($"umount {bundle.RootfsPath}");
    }

    [Rule("ROOT-02")]
    public static void Nothing_of_the_host_shows_beside_the_root(Bundle bundle)
    {
        var secret = bundle.HostFile("secret", "of the host");
        bundle.Observe("/bundle", secret).Path(secret).Exists.Should().BeFalse();
        File.Exists(secret).Should().BeTrue();
    }
}
