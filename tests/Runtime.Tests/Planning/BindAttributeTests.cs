using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Planning;

/// <summary>
/// Which attributes a bind mount has, for every attribute, source and option: what mount(2)'s MS_BIND|MS_REMOUNT and runc make of it
/// (MNT-16, MOPT-02).
/// </summary>
public sealed class BindAttributeTests
{
    private const MountAttributes Relatime = MountAttributes.RelativeAccessTime;
    private const MountAttributes Noatime = MountAttributes.NoAccessTime;
    private const MountAttributes Strictatime = MountAttributes.StrictAccessTime;
    private const MountAttributes Nodiratime = MountAttributes.NoDirectoryAccessTime;

    public static TheoryData<string, string, MountAttributes> Restrictions => new()
    {
        { "ro", "rw", MountAttributes.ReadOnly },
        { "nosuid", "suid", MountAttributes.NoSuid },
        { "nodev", "dev", MountAttributes.NoDevices },
        { "noexec", "exec", MountAttributes.NoExecute },
        { "nosymfollow", "symfollow", MountAttributes.NoSymbolicLinks },
    };

    [Theory]
    [MemberData(nameof(Restrictions))]
    public void A_restriction_is_as_named_or_lost_beside_another_and_otherwise_the_sources(string set, string clear, MountAttributes attribute)
    {
        string another = attribute == MountAttributes.NoSuid ? "noexec" : "nosuid";
        string cleared = attribute == MountAttributes.NoSuid ? "exec" : "suid";
        foreach (MountAttributes source in new[] { attribute, MountAttributes.None })
        {
            (Bound(source, set) & attribute).Should().Be(attribute);
            (Bound(source, clear) & attribute).Should().Be(MountAttributes.None);
            (Bound(source, another) & attribute).Should().Be(MountAttributes.None, "beside an option that sets another, what is not named is lost");
            (Bound(source, cleared) & attribute).Should().Be(MountAttributes.None, "and so it is beside one that clears another");
            (Bound(source, "noatime") & attribute).Should().Be(MountAttributes.None);
            (Bound(source, "atime") & attribute).Should().Be(MountAttributes.None);
            Bound(source, "").Should().Be(source);
            Bound(source, "rprivate").Should().Be(source, "propagation is no attribute");
            Bound(source, "sync").Should().Be(source, "what is for a file system is left out");
        }
    }

    [Theory]
    [MemberData(nameof(Restrictions))]
    public void Of_what_the_kernel_has_locked_only_what_is_cleared_by_name_is_refused(string set, string clear, MountAttributes attribute)
    {
        string another = attribute == MountAttributes.NoSuid ? "noexec" : "nosuid";
        Locked(attribute, clear).Should().BeNull();
        (Locked(attribute, set) & attribute).Should().Be(attribute);
        (Locked(attribute, another) & attribute).Should().Be(attribute, "it is not asked to go");
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("ro", null, null)]
    [InlineData("exec", null, null)]
    [InlineData("relatime", Relatime, false)]
    [InlineData("noatime", Noatime, false)]
    [InlineData("strictatime", Strictatime, false)]
    [InlineData("nodiratime", Relatime, true)]
    [InlineData("noatime nodiratime", Noatime, true)]
    [InlineData("nodiratime strictatime", Strictatime, true)]
    [InlineData("nodiratime norelatime", Relatime, true)]
    [InlineData("noatime diratime", Noatime, false)]
    [InlineData("atime", null, null)]
    [InlineData("diratime", null, null)]
    [InlineData("norelatime", null, null)]
    [InlineData("nostrictatime", null, null)]
    [InlineData("atime diratime norelatime nostrictatime", null, null)]
    [InlineData("noatime atime", null, null)]
    public void Access_times_change_together_when_one_is_set_and_stay_when_one_is_cleared(string options, MountAttributes? mode, bool? nodiratime)
    {
        foreach (MountAttributes source in new[] { Relatime, Noatime, Strictatime, Relatime | Nodiratime, Noatime | Nodiratime, Strictatime | Nodiratime })
        {
            MountAttributes expected = (mode ?? (source & MountAttributes.AccessTimeMask)) | ((nodiratime ?? (source & Nodiratime) != 0) ? Nodiratime : 0);

            (Bound(source, options) & (MountAttributes.AccessTimeMask | Nodiratime)).Should().Be(expected, "of {0}", source);
        }
    }

    /// <summary>The examples of runc's own suite (tests/integration/mounts_sshfs.bats).</summary>
    [Theory]
    [InlineData(MountAttributes.ReadOnly | MountAttributes.NoExecute | MountAttributes.NoSymbolicLinks | Nodiratime, "dev", Nodiratime)]
    [InlineData(MountAttributes.NoSuid | MountAttributes.NoDevices | MountAttributes.NoExecute | Noatime, "dev suid exec atime", Noatime)]
    [InlineData(MountAttributes.NoSuid | MountAttributes.NoDevices | Noatime, "ro exec", MountAttributes.ReadOnly | Noatime)]
    [InlineData(MountAttributes.ReadOnly, "rw nosuid nodev rprivate", MountAttributes.NoSuid | MountAttributes.NoDevices)]
    public void A_bind_mount_has_what_runc_would_give_it(MountAttributes source, string options, MountAttributes expected) =>
        Bound(source, options).Should().Be(expected);

    /// <summary>What mount_setattr(2) makes of the changes.</summary>
    private static MountAttributes Bound(MountAttributes source, string options)
    {
        MountChanges changes = Changes(options);
        return (source & ~(changes.Clear | changes.ClearIfAllowed)) | changes.Set;
    }

    /// <summary>The same where all that the source has is locked: null when the kernel refuses.</summary>
    private static MountAttributes? Locked(MountAttributes source, string options)
    {
        MountChanges changes = Changes(options);
        return (source & changes.Clear & ~changes.Set) == 0 ? source | changes.Set : null;
    }

    private static MountChanges Changes(string options) => MountPlanning.ChangesOf(MountOptions.Of(
        new Mount { Destination = "/x", Options = ["bind", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)] }));
}
