namespace Hull.Linux.Tests;

public sealed class HostFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_without_a_size_is_read_to_its_end() =>
        HostFiles.ReadText(Fd.CurrentDirectory, "/proc/self/mountinfo").Should().EndWith("\n").And.Contain(" / ");

    [Fact]
    public void A_missing_file_is_null_or_an_error_that_names_it()
    {
        HostFiles.ReadAllOrNull(_directory.Fd, "missing").Should().BeNull();
        var read = () => HostFiles.ReadAll(_directory.Fd, "missing");
        read.Should().Throw<KernelException>().WithMessage("openat missing: no such file or directory (ENOENT)");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    public void A_file_of_any_length_is_read_whole_and_one_byte_over_the_limit_is_refused(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(_directory["f"], content);
        HostFiles.ReadAll(_directory.Fd, "f").Should().Equal(content);
        if (length > 0)
        {
            HostFiles.ReadAll(_directory.Fd, "f", length).Should().Equal(content);
            var read = () => HostFiles.ReadAll(_directory.Fd, "f", length - 1);
            read.Should().Throw<KernelException>().Which.Errno.Should().Be(Errno.EFBIG);
        }
    }

    [Fact]
    public void Replacing_a_file_changes_content_and_mode_and_leaves_nothing_else()
    {
        File.WriteAllText(_directory["f"], "old and longer");
        HostFiles.ReplaceAtomically(_directory.Fd, "f", "new"u8, 0b110_110_110);
        File.ReadAllText(_directory["f"]).Should().Be("new");
        File.GetUnixFileMode(_directory["f"]).Should().Be((UnixFileMode)0b110_110_110, "the umask plays no part");
        HostFiles.ListDirectory(_directory.Fd, ".").Should().Equal("f");
    }

    [Fact]
    public void A_replacement_that_fails_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_directory["f/full"]);
        var replace = () => HostFiles.ReplaceAtomically(_directory.Fd, "f", "new"u8, 0b110_000_000);
        replace.Should().Throw<KernelException>().WithMessage("write f: *");
        HostFiles.ListDirectory(_directory.Fd, ".").Should().Equal("f");
    }

    [Fact]
    public void A_left_over_temporary_file_is_no_obstacle_and_a_link_in_its_place_is_not_followed()
    {
        File.WriteAllText(_directory["victim"], "untouched");
        File.CreateSymbolicLink(_directory[$".f.{Environment.ProcessId}.tmp"], _directory["victim"]);
        HostFiles.ReplaceAtomically(_directory.Fd, "f", "new"u8, 0b110_000_000);
        File.ReadAllText(_directory["victim"]).Should().Be("untouched");
        File.ReadAllText(_directory["f"]).Should().Be("new");
    }

    [Fact]
    public void Writing_needs_a_file_that_exists_and_leaves_what_follows_the_text()
    {
        HostFiles.TryWrite(_directory.Fd, "f", "x"u8).Errno.Should().Be(Errno.ENOENT);
        File.WriteAllText(_directory["f"], "abc");
        HostFiles.WriteAll(_directory.Fd, "f", "x"u8);
        File.ReadAllText(_directory["f"]).Should().Be("xbc");
    }

    [Fact]
    public void Directories_are_made_with_those_above_them()
    {
        HostFiles.MakeDirectories(_directory["a/b/c"], 0b111_000_000);
        HostFiles.MakeDirectories(_directory["a/b/c/"], 0b111_000_000);
        Directory.Exists(_directory["a/b/c"]).Should().BeTrue();
        File.WriteAllText(_directory["file"], "");
        var make = () => HostFiles.MakeDirectories(_directory["file"], 0b111_000_000);
        make.Should().Throw<KernelException>().Which.Errno.Should().Be(Errno.EEXIST);
    }

    [Fact]
    public void A_listing_has_every_name_once()
    {
        var names = Enumerable.Range(0, 500).Select(number => $"a name with some length {number} ä").ToList();
        names.ForEach(name => File.WriteAllText(_directory[name], ""));
        HostFiles.ListDirectory(_directory.Fd, ".").Should().BeEquivalentTo(names);
        HostFiles.Exists(_directory.Fd, names[0]).Should().BeTrue();
        HostFiles.Exists(_directory.Fd, "missing").Should().BeFalse();
    }

    /// <summary>A container can give a cgroup of its own such a name: its processes would not be found, and delete would not remove it.</summary>
    [Fact]
    public unsafe void A_name_that_is_not_UTF8_is_listed_found_and_removed()
    {
        Directory.CreateDirectory(_directory["tree"]);
        using OwnedFd tree = HostFiles.OpenDirectory(_directory.Fd, "tree");
        byte[][] names = [[0xff, 0], [(byte)'a', 0xc3, (byte)'b', 0xe2, 0x82, 0], [0xed, 0xa0, 0x80, 0], [0xed, 0xb2, 0xff, 0], [0xf0, 0x9f, 0x98, 0x80, 0xfe, 0]];
        foreach (byte[] name in names)
        {
            fixed (byte* bytes = name)
            {
                Files.MakeDirectory(tree, CString.Borrow(bytes, name.Length - 1), 0b111_000_000).OrThrow("mkdirat");
            }
        }

        List<string> listed = HostFiles.ListDirectory(tree, ".");
        listed.Select(name => Convert.ToHexString(new CString(name).Bytes)).Should().BeEquivalentTo(names.Select(name => Convert.ToHexString(name[..^1])));
        listed.Should().OnlyContain(name => HostFiles.Exists(_directory.Fd, "tree/" + name));
        HostFiles.RemoveTree(_directory.Fd, "tree");
        HostFiles.Exists(_directory.Fd, "tree").Should().BeFalse();
    }

    [Fact]
    public void Removing_a_tree_takes_links_away_but_not_what_they_point_to()
    {
        Directory.CreateDirectory(_directory["tree/a/b"]);
        File.WriteAllText(_directory["tree/a/b/file"], "");
        Directory.CreateDirectory(_directory["outside"]);
        File.WriteAllText(_directory["outside/kept"], "");
        File.CreateSymbolicLink(_directory["tree/a/link"], _directory["outside"]);
        HostFiles.RemoveTree(_directory.Fd, "tree");
        HostFiles.RemoveTree(_directory.Fd, "never was");
        HostFiles.ListDirectory(_directory.Fd, ".").Should().Equal("outside");
        File.Exists(_directory["outside/kept"]).Should().BeTrue();
    }

    [Fact]
    public void A_tree_is_removed_by_its_name_and_a_path_is_refused()
    {
        foreach (var name in new[] { "", ".", "..", "a/b" })
        {
            var remove = () => HostFiles.RemoveTree(_directory.Fd, name);
            remove.Should().Throw<ArgumentException>();
        }
    }

    [Fact]
    public void Standard_output_takes_everything_through_a_narrow_non_blocking_pipe()
    {
        Descriptors.Pipe(out var read, out var write, OpenFlags.NonBlocking).OrThrow("pipe2");
        using OwnedFd reader = new(read.Number), writer = new(write.Number);
        var text = new string('x', 1_000_000);
        var received = 0;
        var thread = new Thread(() =>
        {
            var buffer = new byte[10_000];
            var waiting = new[] { new PollDescriptor(read, PollEvents.In) };
            while (received < text.Length)
            {
                Polling.PollWaiting(waiting, -1);
                received += (int)Math.Max(0, Files.Read(read, buffer).Value);
            }
        });
        thread.Start();
        StandardOutput.WriteAll(write, text).Failed.Should().BeFalse();
        thread.Join();
        received.Should().Be(text.Length);
    }

    [Fact]
    public void Standard_output_without_a_reader_is_an_error_and_no_signal()
    {
        Descriptors.Pipe(out var read, out var write, OpenFlags.ReadOnly).OrThrow("pipe2");
        using var writer = new OwnedFd(write.Number);
        Files.Close(read);
        StandardOutput.WriteAll(write, "text").Errno.Should().Be(Errno.EPIPE);
    }
}
