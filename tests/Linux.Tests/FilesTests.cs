using System.Text;

namespace Hull.Linux.Tests;

public sealed class FilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_file_is_opened_close_on_exec()
    {
        using var file = Files.OpenAt(_directory.Fd, "f", OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000).OwnedOrThrow("f");
        Descriptors.GetDescriptorFlags(file).Value.Should().Be(1);
        using var other = Files.OpenAt2(_directory.Fd, "f", OpenFlags.Path, 0, ResolveFlags.None).OwnedOrThrow("f");
        Descriptors.GetDescriptorFlags(other).Value.Should().Be(1);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        using var file = Files.OpenAt(_directory.Fd, "f", OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000).OwnedOrThrow("f");
        Files.Write(file, "hello"u8).Value.Should().Be(5);
        Files.Seek(file, -4, SeekOrigin.End).Value.Should().Be(1);
        var buffer = new byte[10];
        Files.Read(file, buffer).Value.Should().Be(4);
        Encoding.UTF8.GetString(buffer, 0, 4).Should().Be("ello");
        Files.Truncate(file, 2).Failed.Should().BeFalse();
        Files.Status(file, "", AtFlags.EmptyPath, out var status).Failed.Should().BeFalse();
        status.Size.Should().Be(2);
    }

    [Fact]
    public void A_path_inside_a_root_cannot_leave_it_by_symbolic_links()
    {
        Directory.CreateDirectory(_directory["root/etc"]);
        File.WriteAllText(_directory["root/etc/passwd"], "inside");
        Files.MakeSymbolicLink("/etc/passwd", _directory.Fd, "root/absolute").Failed.Should().BeFalse();
        Files.MakeSymbolicLink("../../../../etc/passwd", _directory.Fd, "root/dots").Failed.Should().BeFalse();
        using var root = HostFiles.OpenDirectory(_directory.Fd, "root");
        foreach (var link in new[] { "absolute", "dots", "/absolute", "../../dots" })
        {
            using var file = Files.OpenAt2(root, link, OpenFlags.ReadOnly, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks)
                .OwnedOrThrow(link);
            Encoding.UTF8.GetString(HostFiles.ReadOpened(file, link)).Should().Be("inside", link);
        }
    }

    [Fact]
    public void Magic_links_and_leaving_are_refused_on_request()
    {
        using var root = HostFiles.OpenDirectory(Fd.CurrentDirectory, "/proc");
        Files.OpenAt2(root, "self/exe", OpenFlags.ReadOnly, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks)
            .Errno.Should().Be(Errno.ELOOP);
        Files.OpenAt2(_directory.Fd, "..", OpenFlags.Path, 0, ResolveFlags.Beneath).Errno.Should().Be(Errno.EXDEV);
        Files.OpenAt2(Fd.CurrentDirectory, "/proc/version", OpenFlags.Path, 0, ResolveFlags.NoCrossDevice).Errno.Should().Be(Errno.EXDEV);
    }

    [Fact]
    public void The_status_of_a_file_is_what_was_made_of_it()
    {
        File.WriteAllText(_directory["f"], "12345");
        File.SetUnixFileMode(_directory["f"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.SetUser);
        Files.Status(_directory.Fd, "f", AtFlags.SymlinkNoFollow, out var status).Failed.Should().BeFalse();
        status.Type.Should().Be(FileType.Regular);
        status.Mode.Should().Be(0b100_100_100_000);
        status.Size.Should().Be(5);
        status.LinkCount.Should().Be(1);
        status.UserId.Should().Be(Credentials.EffectiveUserId());
        status.GroupId.Should().Be(Credentials.EffectiveGroupId());
        status.ModificationTime.Seconds.Should().BeCloseTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 60);
        Files.Status(_directory.Fd, "nothing", AtFlags.None, out _).Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void A_device_tells_its_number()
    {
        Files.Status(Fd.CurrentDirectory, "/dev/null", AtFlags.None, out var device).Failed.Should().BeFalse();
        device.Type.Should().Be(FileType.CharacterDevice);
        device.Device.Should().Be(new DeviceNumber(1, 3));
    }

    [Fact]
    public void A_filesystem_is_known_by_its_number()
    {
        using var proc = HostFiles.OpenDirectory(Fd.CurrentDirectory, "/proc");
        Files.FilesystemStatus(proc, out var status).Failed.Should().BeFalse();
        status.Type.Should().Be(FilesystemType.Proc);
    }

    [Fact]
    public void Links_are_read_and_names_are_changed_and_removed_by_the_call_for_their_kind()
    {
        Files.MakeSymbolicLink("a target", _directory.Fd, "link").Failed.Should().BeFalse();
        var buffer = new byte[100];
        Files.ReadLink(_directory.Fd, "link", buffer).Value.Should().Be(8);
        Files.Rename(_directory.Fd, "link", _directory.Fd, "other").Failed.Should().BeFalse();
        File.WriteAllText(_directory["taken"], "");
        Files.Rename(_directory.Fd, "other", _directory.Fd, "taken", RenameFlags.NoReplace).Errno.Should().Be(Errno.EEXIST);
        Files.RemoveDirectory(_directory.Fd, "taken").Errno.Should().Be(Errno.ENOTDIR);
        Files.Unlink(_directory.Fd, "taken").Failed.Should().BeFalse();
        Files.MakeDirectory(_directory.Fd, "taken", 0b111_000_000).Failed.Should().BeFalse();
        Files.Unlink(_directory.Fd, "taken").Errno.Should().Be(Errno.EISDIR);
        Files.RemoveDirectory(_directory.Fd, "taken").Failed.Should().BeFalse();
    }

    [Fact]
    public void A_fifo_and_as_root_a_device_are_made()
    {
        Files.MakeNode(_directory.Fd, "fifo", (uint)FileType.Fifo | 0b110_000_000, default).Failed.Should().BeFalse();
        Files.Status(_directory.Fd, "fifo", AtFlags.None, out var status);
        status.Type.Should().Be(FileType.Fifo);
        var made = Files.MakeNode(_directory.Fd, "device", (uint)FileType.BlockDevice | 0b110_000_000, new DeviceNumber(300, 100_000));
        Skip.Unless(made.Errno != Errno.EPERM, "needs CAP_MKNOD");
        Files.Status(_directory.Fd, "device", AtFlags.None, out status);
        status.Device.Should().Be(new DeviceNumber(300, 100_000));
        status.Type.Should().Be(FileType.BlockDevice);
    }

    [Fact]
    public void Access_is_what_the_permissions_say_once_they_are_changed()
    {
        File.WriteAllText(_directory["f"], "");
        Files.ChangeMode(_directory.Fd, "f", 0b100_000_000).Failed.Should().BeFalse();
        Files.Access(_directory.Fd, "f", AccessMode.Read, AtFlags.None).Failed.Should().BeFalse();
        Files.Access(_directory.Fd, "f", AccessMode.Execute, AtFlags.EffectiveAccess).Errno.Should().Be(Errno.EACCES);
        Files.ChangeOwner(_directory.Fd, "f", uint.MaxValue, uint.MaxValue, AtFlags.SymlinkNoFollow).Failed.Should().BeFalse();
        using var file = Files.OpenAt(_directory.Fd, "f", OpenFlags.ReadOnly).OwnedOrThrow("f");
        Files.ChangeMode(file, 0b111_101_101).Failed.Should().BeFalse();
        Files.Access(_directory.Fd, "f", AccessMode.Execute, AtFlags.None).Failed.Should().BeFalse();
    }

    [Fact]
    public void A_lock_excludes_other_open_files()
    {
        File.WriteAllText(_directory["f"], "");
        using var first = Files.OpenAt(_directory.Fd, "f", OpenFlags.ReadOnly).OwnedOrThrow("f");
        using var second = Files.OpenAt(_directory.Fd, "f", OpenFlags.ReadOnly).OwnedOrThrow("f");
        Files.Lock(first, LockOperation.Exclusive | LockOperation.NonBlocking).Failed.Should().BeFalse();
        Files.Lock(second, LockOperation.Exclusive | LockOperation.NonBlocking).Errno.Should().Be(Errno.EAGAIN);
        Files.Lock(first, LockOperation.Unlock).Failed.Should().BeFalse();
        Files.Lock(second, LockOperation.Exclusive | LockOperation.NonBlocking).Failed.Should().BeFalse();
    }

    [Fact]
    public void A_sealed_memory_file_cannot_be_written()
    {
        using var file = Files.MakeMemoryFile("test", MemoryFileFlags.AllowSealing).OwnedOrThrow("memfd");
        Files.Write(file, "text"u8).Failed.Should().BeFalse();
        Bindings.AddSeals(file, SealFlags.Write | SealFlags.Shrink | SealFlags.Grow | SealFlags.Seal).Failed.Should().BeFalse();
        Bindings.GetSeals(file).Value.Should().Be((nint)(SealFlags.Write | SealFlags.Shrink | SealFlags.Grow | SealFlags.Seal));
        Files.Write(file, "more"u8).Errno.Should().Be(Errno.EPERM);
        Bindings.AddSeals(file, SealFlags.FutureWrite).Errno.Should().Be(Errno.EPERM);
    }

    [Fact]
    public void The_current_directory_is_told_with_its_final_zero()
    {
        var buffer = new byte[4096];
        var length = (int)Files.CurrentDirectory(buffer).Value;
        Encoding.UTF8.GetString(buffer, 0, length).Should().Be(Directory.GetCurrentDirectory() + "\0");
    }
}
