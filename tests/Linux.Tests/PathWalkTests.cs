namespace Hull.Linux.Tests;

/// <summary>The walk that older kernels get must end where openat2 ends, whatever links and dots a path has.</summary>
public sealed class PathWalkTests : IDisposable
{
    private static readonly string[] Names =
        ["a", "b", "c", "file", "missing", "..", ".", "", "absolute", "up", "here", "loop", "dangling", "tofile", "slash", "chain", "root", "fifo"];

    private static readonly ResolveFlags[] Ways =
    [
        ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, ResolveFlags.InRoot | ResolveFlags.NoSymbolicLinks, ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks,
        ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, ResolveFlags.Beneath | ResolveFlags.NoCrossDevice | ResolveFlags.NoMagicLinks,
    ];

    private static readonly OpenFlags[] Uses =
    [
        OpenFlags.Path, OpenFlags.Path | OpenFlags.NoFollow, OpenFlags.Path | OpenFlags.Directory, OpenFlags.ReadOnly | OpenFlags.NonBlocking,
        OpenFlags.ReadOnly | OpenFlags.Directory, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking,
        OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow,
    ];

    private readonly TemporaryDirectory _directory = new();

    public PathWalkTests()
    {
        Directory.CreateDirectory(_directory["root/a/b/c"]);
        Directory.CreateDirectory(_directory["outside/a"]);
        File.WriteAllText(_directory["root/a/file"], "");
        File.WriteAllText(_directory["root/file"], "");
        foreach (string place in new[] { "root", "root/a", "root/a/b" })
        {
            Link(place, "absolute", "/a/b");
            Link(place, "up", "../../../../outside");
            Link(place, "here", ".");
            Link(place, "loop", "loop");
            Link(place, "dangling", "nowhere/at/all");
            Link(place, "tofile", "/a/file");
            Link(place, "slash", "/a/b/");
            Link(place, "chain", "here/../absolute/c");
            Link(place, "root", "/");
            Files.MakeNode(_directory.Fd, place + "/fifo", (uint)FileType.Fifo | 0b110_000_000, default).Failed.Should().BeFalse();
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_walk_ends_where_openat2_ends(int seed)
    {
        var random = new Random(seed);
        var differences = new List<string>();
        using var root = HostFiles.OpenDirectory(_directory.Fd, "root");
        for (var round = 0; round < 4000; round++)
        {
            string path = string.Join('/', Enumerable.Range(0, random.Next(1, 7)).Select(_ => Names[random.Next(Names.Length)]));
            ResolveFlags way = Ways[random.Next(Ways.Length)];
            OpenFlags use = Uses[random.Next(Uses.Length)];

            // A rename or a mount anywhere on the machine meanwhile, and the kernel wants to be asked again.
            string asked;
            do
            {
                asked = Ask(Files.OpenAt2(root, path, use, 0, way));
            }
            while (asked == nameof(Errno.EAGAIN));

            string walked = Ask(PathWalk.Open(root, path, use, 0, way));
            if (walked != asked)
            {
                differences.Add($"{path} with {way}, {use}: {walked} instead of {asked}");
            }
        }

        differences.Should().BeEmpty();
    }

    [Fact]
    public void A_new_file_is_made_beneath_the_root_and_through_no_link()
    {
        using var root = HostFiles.OpenDirectory(_directory.Fd, "root");
        const OpenFlags make = OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.WriteOnly;
        const ResolveFlags way = ResolveFlags.Beneath | ResolveFlags.NoSymbolicLinks;

        using (PathWalk.Open(root, "a/new", make, 0b110_000_000, way).OwnedOrThrow("new"))
        {
            File.Exists(_directory["root/a/new"]).Should().BeTrue();
        }

        PathWalk.Open(root, "a/new", make, 0b110_000_000, way).Errno.Should().Be(Errno.EEXIST);
        PathWalk.Open(root, "dangling", make, 0b110_000_000, way).Errno.Should().Be(Errno.EEXIST);
        PathWalk.Open(root, "absolute/new", make, 0b110_000_000, way).Errno.Should().Be(Errno.ELOOP);
    }

    [Fact]
    public void Links_of_procfs_lead_nowhere_but_for_those_in_its_root()
    {
        using var proc = HostFiles.OpenDirectory(Fd.CurrentDirectory, "/proc");
        const ResolveFlags way = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
        foreach (string link in new[] { "self/root", "self/cwd", "self/exe", "thread-self/fd/0", "self/ns/mnt" })
        {
            PathWalk.Open(proc, link, OpenFlags.Path, 0, way).Errno.Should().Be(Errno.ELOOP, link);
        }

        using (PathWalk.Open(proc, "self/status", OpenFlags.ReadOnly, 0, way).OwnedOrThrow("self/status"))
        using (PathWalk.Open(proc, "thread-self/attr", OpenFlags.Path, 0, ResolveFlags.Beneath | ResolveFlags.NoCrossDevice | ResolveFlags.NoMagicLinks).OwnedOrThrow("attr"))
        {
        }
    }

    [Fact]
    public void A_walk_that_is_to_stay_on_its_mount_crosses_none()
    {
        PathWalk.Open(Fd.CurrentDirectory, "/proc/version", OpenFlags.Path, 0, ResolveFlags.NoCrossDevice).Errno.Should().Be(Errno.EXDEV);
    }

    [Fact]
    public void A_walk_leaves_no_descriptor_behind()
    {
        using var root = HostFiles.OpenDirectory(_directory.Fd, "root");
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        foreach (string path in new[] { "a/b/c/../../missing", "chain", "loop", "a/b/../../../../up", "a/file/x" })
        {
            SyscallResult opened = PathWalk.Open(root, path, OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
            if (!opened.Failed)
            {
                Files.Close(opened.Fd);
            }
        }

        Directory.GetFileSystemEntries("/proc/self/fd").Length.Should().Be(before);
    }

    private void Link(string place, string name, string target) => Files.MakeSymbolicLink(target, _directory.Fd, place + "/" + name).Failed.Should().BeFalse();

    private static string Ask(SyscallResult opened)
    {
        if (opened.Failed)
        {
            return opened.Errno.ToString();
        }

        using var file = new OwnedFd(opened.Fd.Number);
        Files.Status(file, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx");
        return $"{status.Type} {status.Inode}";
    }
}
