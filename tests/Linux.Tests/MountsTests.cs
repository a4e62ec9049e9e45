using System.Text;

namespace Hull.Linux.Tests;

public sealed class MountsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_filesystem_is_made_configured_attached_and_taken_away() => InOwnMounts(place =>
    {
        using var context = Mounts.OpenFilesystem("tmpfs").OwnedOrThrow("fsopen");
        Mounts.SetString(context, "size", "64k").OrThrow("fsconfig");
        Mounts.SetString(context, "source", "a-name").OrThrow("fsconfig");
        Mounts.CreateFilesystem(context).OrThrow("fsconfig");
        using var mount = Mounts.MakeMount(context, MountAttributes.NoSuid | MountAttributes.NoDevices).OwnedOrThrow("fsmount");
        Mounts.MoveMount(mount, place, default, MoveMountFlags.FromEmptyPath | MoveMountFlags.ToEmptyPath).OrThrow("move_mount");
        MountInfo().Should().Contain($" / {_directory.Path} rw,nosuid,nodev,relatime - tmpfs a-name rw,size=64k");

        Mounts.SetAttributes(mount, default, AtFlags.EmptyPath, MountAttributes.ReadOnly, MountAttributes.NoSuid).OrThrow("mount_setattr");
        MountInfo().Should().Contain($" / {_directory.Path} ro,nodev,relatime - tmpfs");
        Files.FilesystemStatus(mount, out var status).OrThrow("fstatfs");
        status.MountFlags.Should().HaveFlag(FilesystemFlags.ReadOnly).And.HaveFlag(FilesystemFlags.NoDevices);

        Mounts.SetAttributes(mount, default, AtFlags.EmptyPath, 0, MountAttributes.ReadOnly, MountPropagation.Shared)
            .OrThrow("mount_setattr");
        MountInfo().Should().MatchRegex($" / {_directory.Path} rw,nodev,relatime shared:");
        Mounts.Unmount(_directory.Path, UnmountFlags.Detach).OrThrow("umount2");
        MountInfo().Should().NotContain(_directory.Path);
    });

    [Fact]
    public void A_refused_parameter_has_a_message_of_the_file_system_that_is_read_once() => InOwnMounts(place =>
    {
        Mounts.OpenFilesystem("nonsense").Errno.Should().Be(Errno.ENODEV);
        using var context = Mounts.OpenFilesystem("tmpfs").OwnedOrThrow("fsopen");
        Mounts.SetString(context, "size", "much").Errno.Should().Be(Errno.EINVAL);
        Mounts.SetFlag(context, "nonsense").Errno.Should().Be(Errno.EINVAL);
        var text = new byte[200];
        var length = (int)Mounts.ReadFilesystemMessage(context, text).OrThrow("read");
        Encoding.UTF8.GetString(text, 0, length).Should().StartWith("e tmpfs: Bad value for 'size'");
        length = (int)Mounts.ReadFilesystemMessage(context, text).OrThrow("read");
        Encoding.UTF8.GetString(text, 0, length).Should().Contain("nonsense");
        Mounts.ReadFilesystemMessage(context, text).Errno.Should().Be(Errno.ENODATA);
    });

    [Fact]
    public void A_copied_tree_is_a_bind_mount_and_becomes_the_root() => InOwnMounts(place =>
    {
        Directory.CreateDirectory(_directory["root/inside"]);
        using var tree = Mounts.OpenTree(place, "root", OpenTreeFlags.Clone | OpenTreeFlags.Recursive).OwnedOrThrow("open_tree");
        Mounts.MoveMount(tree, place, "root", MoveMountFlags.FromEmptyPath).OrThrow("move_mount");
        Files.ChangeDirectory(tree).OrThrow("fchdir");
        Mounts.PivotRoot(".", ".").OrThrow("pivot_root");
        Mounts.Unmount(".", UnmountFlags.Detach).OrThrow("umount2");
        HostFiles.Exists(Fd.CurrentDirectory, "/inside").Should().BeTrue();
        HostFiles.Exists(Fd.CurrentDirectory, "/proc").Should().BeFalse();
    });

    [Fact]
    public void The_classic_call_binds_remounts_and_changes_propagation() => InOwnMounts(place =>
    {
        Directory.CreateDirectory(_directory["source"]);
        Directory.CreateDirectory(_directory["target"]);
        Mounts.MountClassic(_directory["source"], _directory["target"], default, MountFlags.Bind, default).OrThrow("mount");
        Mounts.MountClassic(default, _directory["target"], default, MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly, default)
            .OrThrow("mount");
        Mounts.ChangePropagation(_directory["target"], MountFlags.Unbindable).OrThrow("mount");
        MountInfo().Should().MatchRegex($"/source {_directory["target"]} ro,.*unbindable");
        Files.OpenAt(place, "target/file", OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000).Errno.Should().Be(Errno.EROFS);
        using var context = Mounts.PickFilesystem(place, "target", PickFlags.None).OwnedOrThrow("fspick");
        Mounts.ReconfigureFilesystem(context).OrThrow("fsconfig");
    });

    [Fact]
    public void Removing_a_tree_stops_at_a_mount_and_names_it() => InOwnMounts(place =>
    {
        Directory.CreateDirectory(_directory["tree/mounted"]);
        Mounts.MountClassic("none", _directory["tree/mounted"], "tmpfs", MountFlags.None, default).OrThrow("mount");
        File.WriteAllText(_directory["tree/mounted/kept"], "");
        var remove = () => HostFiles.RemoveTree(place, "tree");
        remove.Should().Throw<KernelException>().WithMessage("*tree/mounted: *");
        File.Exists(_directory["tree/mounted/kept"]).Should().BeTrue();
        Mounts.Unmount(_directory["tree/mounted"], UnmountFlags.None).OrThrow("umount2");
    });

    /// <summary>With the directory opened again: a descriptor from before belongs to the mounts that were left.</summary>
    private void InOwnMounts(Action<Fd> action) => OwnThread.RunIn(NamespaceKinds.Mount, () =>
    {
        using var place = HostFiles.OpenDirectory(Fd.CurrentDirectory, _directory.Path);
        action(place);
    });

    private static string MountInfo() => HostFiles.ReadText(Fd.CurrentDirectory, "/proc/thread-self/mountinfo");
}
