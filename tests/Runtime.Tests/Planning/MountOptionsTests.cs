using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Planning;

/// <summary>Every row of the specification's table of mount options, in every spelling.</summary>
public sealed class MountOptionsTests
{
    private const MountAttributes None = MountAttributes.None;

    [Theory]
    [InlineData("ro", MountAttributes.ReadOnly, None)]
    [InlineData("rw", None, MountAttributes.ReadOnly)]
    [InlineData("nosuid", MountAttributes.NoSuid, None)]
    [InlineData("suid", None, MountAttributes.NoSuid)]
    [InlineData("nodev", MountAttributes.NoDevices, None)]
    [InlineData("dev", None, MountAttributes.NoDevices)]
    [InlineData("noexec", MountAttributes.NoExecute, None)]
    [InlineData("exec", None, MountAttributes.NoExecute)]
    [InlineData("nodiratime", MountAttributes.NoDirectoryAccessTime, None)]
    [InlineData("diratime", None, MountAttributes.NoDirectoryAccessTime)]
    [InlineData("nosymfollow", MountAttributes.NoSymbolicLinks, None)]
    [InlineData("symfollow", None, MountAttributes.NoSymbolicLinks)]
    [InlineData("noatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("relatime", MountAttributes.RelativeAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("norelatime", None, None)]
    [InlineData("strictatime", MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask)]
    public void An_attribute_is_set_or_cleared_on_the_mount_and_recursively_with_an_r(string option, MountAttributes set, MountAttributes clear)
    {
        MountOptions plain = Of(option);
        plain.Set.Should().Be(set);
        plain.Clear.Should().Be(clear);
        plain.MentionsAttributes.Should().BeTrue();
        (plain.SetBelow | plain.ClearBelow).Should().Be(None);

        MountOptions recursive = Of("r" + option);
        recursive.SetBelow.Should().Be(set);
        recursive.ClearBelow.Should().Be(clear);
        (recursive.Set | recursive.Clear).Should().Be(None);

        plain.Parameters.Concat(recursive.Parameters).Should().BeEmpty();
    }

    [Theory]
    [InlineData("shared", MountFlags.Shared)]
    [InlineData("slave", MountFlags.Slave)]
    [InlineData("private", MountFlags.Private)]
    [InlineData("unbindable", MountFlags.Unbindable)]
    public void Propagation_is_kept_and_recursive_with_an_r(string option, MountFlags flag)
    {
        Of(option).Propagation.Should().Equal(flag);
        Of("r" + option).Propagation.Should().Equal(flag | MountFlags.Recursive);
        Of(option).Parameters.Should().BeEmpty();
    }

    [Fact]
    public void Propagations_keep_their_order()
    {
        Of("rprivate", "ro", "rslave", "shared").Propagation.Should().Equal(
            MountFlags.Private | MountFlags.Recursive, MountFlags.Slave | MountFlags.Recursive, MountFlags.Shared);
    }

    [Theory]
    [InlineData("bind", true, false)]
    [InlineData("rbind", true, true)]
    [InlineData("defaults", false, false)]
    [InlineData("", false, false)]
    public void Only_bind_and_rbind_make_a_bind_mount(string option, bool bind, bool recursive)
    {
        MountOptions options = Of(option);

        options.Bind.Should().Be(bind);
        options.Recursive.Should().Be(recursive);
        options.Parameters.Should().BeEmpty();
        MountOptions.IsBind(new Mount { Destination = "/x", Options = [option] }).Should().Be(bind);
    }

    [Fact]
    public void The_type_makes_no_bind_mount()
    {
        MountOptions.IsBind(new Mount { Destination = "/x", Type = "bind" }).Should().BeFalse();
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("async")]
    [InlineData("dirsync")]
    [InlineData("lazytime")]
    [InlineData("nolazytime")]
    [InlineData("mand")]
    [InlineData("nomand")]
    public void Options_of_every_superblock_are_flags_for_the_file_system(string option)
    {
        Parameters(option).Should().Equal((option, null));
    }

    [Theory]
    [InlineData("iversion")]
    [InlineData("noiversion")]
    [InlineData("silent")]
    [InlineData("loud")]
    public void Options_that_the_kernel_cannot_be_told_any_more_are_known_and_dropped(string option)
    {
        Parameters(option).Should().BeEmpty();
    }

    [Fact]
    public void Options_that_say_what_is_done_at_all_are_no_data_and_no_attributes()
    {
        Of("remount").Remount.Should().BeTrue();
        Of("tmpcopyup").CopyUp.Should().BeTrue();
        Of("copy-symlink").CopyLink.Should().BeTrue();
        Of("src-nofollow").SourceNoFollow.Should().BeTrue();
        Of("dest-nofollow").DestinationNoFollow.Should().BeTrue();
        MountOptions all = Of("remount", "tmpcopyup", "copy-symlink", "src-nofollow", "dest-nofollow", "idmap");
        all.Parameters.Should().BeEmpty();
        all.MentionsAttributes.Should().BeFalse();
    }

    [Theory]
    [InlineData("idmap", true, false, null)]
    [InlineData("ridmap", true, true, null)]
    [InlineData("idmap=uids=0-1-2;gids=0-1-2", true, false, "uids=0-1-2;gids=0-1-2")]
    [InlineData("ridmap=uids=0-1-2;gids=0-1-2", true, true, "uids=0-1-2;gids=0-1-2")]
    [InlineData("ridmap idmap", true, false, null)]
    [InlineData("ro", false, false, null)]
    public void Owners_are_mapped_of_one_mount_or_of_all_below(string options, bool mapped, bool below, string? mappings)
    {
        MountOptions read = Of(options.Split(' '));

        (read.MapOwners, read.MapOwnersBelow, read.Mappings).Should().Be((mapped, below, mappings));
        read.Parameters.Should().BeEmpty();
    }

    [Fact]
    public void Every_option_that_is_announced_means_something_of_its_own()
    {
        string[] announced = [.. MountOptions.Recognised];

        announced.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        string[] superblocks = ["async", "sync", "dirsync", "lazytime", "nolazytime", "mand", "nomand"];
        announced.Except(superblocks).Where(option => Of(option).Parameters.Count > 0).Should().BeEmpty("a file system would get them");
    }

    [Theory]
    [InlineData("acl")]
    [InlineData("noacl")]
    [InlineData("usrquota")]
    [InlineData("RO")]
    [InlineData("rsync")]
    [InlineData("r")]
    public void Anything_else_goes_to_the_file_system(string option)
    {
        Parameters(option).Should().Equal((option, null));
        Of(option).MentionsAttributes.Should().BeFalse();
    }

    [Fact]
    public void Values_go_to_the_file_system_with_their_names()
    {
        Parameters("size=64k", "mode=1777", "lowerdir=/a:/b=c", "empty=").Should().Equal(
            ("size", "64k"), ("mode", "1777"), ("lowerdir", "/a:/b=c"), ("empty", ""));
    }

    [Fact]
    public void One_string_may_hold_several_values_and_quotes_protect_commas()
    {
        Parameters("size=64k,noswap,context=\"u:r:t:s0:c1,c2\",,x=1").Should().Equal(
            ("size", "64k"), ("noswap", null), ("context", "u:r:t:s0:c1,c2"), ("x", "1"));
    }

    [Theory]
    [InlineData("overlay", @"lowerdir=/w/a\,b:/w/c\:d,upperdir=/u\\,workdir=/w", @"lowerdir=/w/a\,b:/w/c\:d", @"upperdir=/u\\", "workdir=/w")]
    [InlineData("overlay", @"lowerdir=/w/end\", @"lowerdir=/w/end\")]
    [InlineData("overlay", @"lowerdir=/q""a,userxattr", @"lowerdir=/q""a", "userxattr")]
    [InlineData("ext4", @"x=a\,b", @"x=a\", "b")]
    [InlineData("cifs", "user=me,password=a,,b,,,ro", "user=me", "password=a,b,", "ro")]
    [InlineData("cifs", "password=a,,", "password=a,")]
    [InlineData("tmpfs", "size=1k,,mode=7", "size=1k", "mode=7")]
    [InlineData("tmpfs", "=x,size=1k,=", "size=1k")]
    [InlineData("tmpfs", "context=\"a:c1,c2\",size=1k,rootcontext=\"b,c\"", "context=a:c1,c2", "size=1k", "rootcontext=b,c")]
    [InlineData("9p", "x=\"a,b\"", "x=\"a", "b\"")]
    [InlineData("9p", "x==,y=a=b", "x==", "y=a=b")]
    public void A_string_of_options_is_parted_as_the_kernel_parts_that_of_mount(string type, string data, params string[] parts) =>
        MountOptions.Of(new Mount { Destination = "/x", Type = type, Options = [data] }).Parameters.Select(parameter => parameter.ToString()).Should().Equal(parts);

    [Theory]
    [InlineData("ro rw", None, MountAttributes.ReadOnly)]
    [InlineData("rw ro", MountAttributes.ReadOnly, None)]
    [InlineData("noexec exec", None, MountAttributes.NoExecute)]
    [InlineData("exec noexec", MountAttributes.NoExecute, None)]
    [InlineData("noatime strictatime", MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("strictatime noatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("noatime relatime", MountAttributes.RelativeAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("noatime nostrictatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("noatime norelatime", MountAttributes.NoAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("strictatime norelatime", MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask)]
    [InlineData("strictatime atime", MountAttributes.StrictAccessTime, MountAttributes.AccessTimeMask)]
    public void The_later_of_two_contradicting_options_wins(string options, MountAttributes set, MountAttributes clear)
    {
        MountOptions plain = Of(options.Split(' '));
        plain.Set.Should().Be(set);
        plain.Clear.Should().Be(clear);

        MountOptions recursive = Of([.. options.Split(' ').Select(option => "r" + option)]);
        recursive.SetBelow.Should().Be(set);
        recursive.ClearBelow.Should().Be(clear);
    }

    [Theory]
    [InlineData("atime")]
    [InlineData("nostrictatime")]
    [InlineData("noatime atime")]
    [InlineData("strictatime nostrictatime")]
    public void A_mode_of_access_times_that_is_taken_back_is_not_named_and_of_all_below_becomes_the_default(string options)
    {
        MountOptions plain = Of(options.Split(' '));
        (plain.Set, plain.Clear, plain.MentionsAttributes).Should().Be((None, None, true));

        MountOptions recursive = Of([.. options.Split(' ').Select(option => "r" + option)]);
        (recursive.SetBelow, recursive.ClearBelow).Should().Be((MountAttributes.RelativeAccessTime, MountAttributes.AccessTimeMask));
    }

    [Fact]
    public void Norelatime_takes_back_relatime_and_of_all_below_nothing()
    {
        (Of("relatime", "norelatime").Set, Of("relatime", "norelatime").Clear).Should().Be((None, None));
        Of("rrelatime", "rnorelatime").ClearBelow.Should().Be(MountAttributes.AccessTimeMask);
    }

    [Fact]
    public void Options_of_the_mount_and_of_what_is_below_do_not_touch_each_other()
    {
        MountOptions options = Of("ro", "rrw", "nosuid", "rnoatime");

        options.Set.Should().Be(MountAttributes.ReadOnly | MountAttributes.NoSuid);
        options.ClearBelow.Should().Be(MountAttributes.ReadOnly | MountAttributes.AccessTimeMask);
        options.SetBelow.Should().Be(MountAttributes.NoAccessTime);
    }

    private static MountOptions Of(params string[] options) => MountOptions.Of(new Mount { Destination = "/x", Options = options });

    private static IEnumerable<(string Key, string? Value)> Parameters(params string[] options) =>
        Of(options).Parameters.Select(parameter => (parameter.Key.ToString(), parameter.Value.IsNull ? null : parameter.Value.ToString()));
}
