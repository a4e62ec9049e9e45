namespace Hull.Linux.Tests;

/// <summary>A remount of mount(2) names all flags: what is not to change must be said again.</summary>
public sealed class ClassicFlagsTests
{
    [Fact]
    public void What_a_mount_has_it_keeps() =>
        ClassicFlags.Of(FilesystemFlags.NoSuid | FilesystemFlags.NoDevices | FilesystemFlags.NoAccessTime, MountAttributes.ReadOnly, 0)
            .Should().Be(MountFlags.NoSuid | MountFlags.NoDevices | MountFlags.ReadOnly, "access times are kept where nothing is said of them");

    [Fact]
    public void What_is_cleared_is_not_named() =>
        ClassicFlags.Of(FilesystemFlags.NoSuid | FilesystemFlags.ReadOnly, 0, MountAttributes.NoSuid).Should().Be(MountFlags.ReadOnly);

    [Theory]
    [InlineData(MountAttributes.NoAccessTime, MountFlags.NoAccessTime)]
    [InlineData(MountAttributes.StrictAccessTime, MountFlags.StrictAccessTime)]
    [InlineData(MountAttributes.RelativeAccessTime, MountFlags.RelativeAccessTime)]
    public void A_mode_of_access_times_replaces_another(MountAttributes mode, MountFlags flag) =>
        ClassicFlags.Of(FilesystemFlags.RelativeAccessTime, mode, MountAttributes.AccessTimeMask).Should().Be(flag);

    [Fact]
    public void Directories_alone_leave_the_mode_as_it_is() =>
        ClassicFlags.Of(FilesystemFlags.RelativeAccessTime, MountAttributes.NoDirectoryAccessTime, 0)
            .Should().Be(MountFlags.RelativeAccessTime | MountFlags.NoDirectoryAccessTime);
}
