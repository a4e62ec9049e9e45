using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The directory of images: opened once, so that nothing can be put in its place, and closed to others, for it holds the memory of programs.
/// </summary>
internal sealed class CheckpointDirectory : IDisposable
{
    private const uint Private = 0x1C0, WritableByOthers = 0x12;
    private const string Inventory = "inventory.img";

    private readonly OwnedFd _images;
    private readonly OwnedFd _work;

    private CheckpointDirectory(string path, string workPath, OwnedFd images, OwnedFd work)
    {
        Path = path;
        WorkPath = workPath;
        _images = images;
        _work = work;
    }

    /// <summary>The directory, absolute.</summary>
    public string Path { get; }

    /// <summary>The directory of log and statistics, absolute; often the same.</summary>
    public string WorkPath { get; }

    public Fd Images => _images;

    public Fd Work => _work;

    /// <summary>Makes both where they are missing, with those above the images.</summary>
    /// <exception cref="RuntimeError">There is something else at their place.</exception>
    public static CheckpointDirectory Make(string path, string workPath)
    {
        HostFiles.MakeDirectories(path, Private);
        return Open(path, workPath);
    }

    /// <summary>Opens the images, which must exist; the other one is made.</summary>
    /// <exception cref="RuntimeError">There are no images.</exception>
    public static CheckpointDirectory Open(string path, string workPath)
    {
        OwnedFd images = OpenOne(path, "--image-path");
        try
        {
            if (workPath != path)
            {
                // The parent is the caller's to make, as in runc.
                SyscallResult made = Files.MakeDirectory(Fd.CurrentDirectory, workPath, Private);
                if (made.Failed && made.Errno != Errno.EEXIST)
                {
                    throw new RuntimeError($"--work-path {CallerText.Printable(workPath)}: mkdir", made.Errno);
                }
            }

            return new CheckpointDirectory(path, workPath, images, OpenOne(workPath, "--work-path"));
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Both as a process sees them that has a mount namespace of its own: CRIU makes mounts where it stands, and the kernel lets it do so only in
    /// mounts of its namespace. A link in either path, such as the one that containerd gives as --work-path, would lead back to ours.
    /// </summary>
    public CheckpointDirectory AsSeenBy(int pid)
    {
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root");
        CheckpointDirectory seen = Open(root + (HostFiles.PathOf(_images) ?? Path), root + (HostFiles.PathOf(_work) ?? WorkPath));
        if (IsSame(seen._images, _images) && IsSame(seen._work, _work))
        {
            return seen;
        }

        seen.Dispose();
        throw new RuntimeError($"{CallerText.Printable(Path)} was replaced while its images were looked at");
    }

    private static bool IsSame(Fd one, Fd other)
    {
        Files.Status(one, "", AtFlags.EmptyPath, out FileStatus first).OrThrow("statx");
        Files.Status(other, "", AtFlags.EmptyPath, out FileStatus second).OrThrow("statx");
        return first.Inode == second.Inode && first.ContainingDevice == second.ContainingDevice;
    }

    /// <summary>There are images in it.</summary>
    public bool HoldsImages => HostFiles.Exists(_images, Inventory);

    /// <summary>Others than root and we could have changed what is in it, or could change it now; null when not.</summary>
    public string? Distrust()
    {
        Files.Status(_images, "", AtFlags.EmptyPath, out FileStatus status).OrThrow($"statx {Path}");
        return status.UserId != 0 && status.UserId != Credentials.EffectiveUserId() ? $"it belongs to user {status.UserId}"
            : (status.Mode & WritableByOthers) != 0 ? "others may write to it"
            : null;
    }

    /// <summary>A file of the images; null when there is none.</summary>
    public byte[]? Read(string name) => HostFiles.ReadAllOrNull(_images, name);

    /// <summary>Writes a file beside the images; what is there, be it a link, is replaced and not followed.</summary>
    public void Write(string name, ReadOnlySpan<byte> content) => HostFiles.ReplaceAtomically(_images, name, content, 0x180);

    /// <summary>The statistics of the last run; null when there are none.</summary>
    public CriuStatistics? Statistics(string name) => HostFiles.ReadAllOrNull(_work, name) is { } file ? CriuStatistics.Read(file) : null;

    /// <summary>The end of a log, where its errors are.</summary>
    public byte[] Log(string name)
    {
        const int kept = 4 * 1024 * 1024;
        SyscallResult opened = Files.OpenAt(_work, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (opened.Failed)
        {
            return [];
        }

        using OwnedFd log = opened.OwnedOrThrow("openat");
        nint length = Files.Seek(log, 0, SeekOrigin.End).OrThrow("lseek");
        Files.Seek(log, Math.Max(0, length - kept), SeekOrigin.Begin).OrThrow("lseek");
        return HostFiles.ReadOpened(log, name);
    }

    /// <summary>
    /// Gives directory and images to the user that is root in the container's user namespace: CRIU reads them from inside. It does so before the
    /// namespace has its mappings as well, still as the host's root and without rights over that user's files: so root's group may read them, too.
    /// </summary>
    public void GiveTo(uint user)
    {
        const uint readable = 0x1A0, searchable = 0x1E8, sameGroup = uint.MaxValue;
        foreach (string name in HostFiles.ListDirectory(_images, "."))
        {
            Files.Status(_images, name, AtFlags.SymlinkNoFollow, out FileStatus status).OrThrow($"statx {Path}/{name}");
            Files.ChangeOwner(_images, name, user, sameGroup, AtFlags.SymlinkNoFollow).OrThrow($"fchownat {Path}/{name}");
            if (status.Type == FileType.Regular)
            {
                Files.ChangeMode(_images, name, readable).OrThrow($"fchmodat {Path}/{name}");
            }
        }

        Files.ChangeOwner(_images, "", user, sameGroup, AtFlags.EmptyPath).OrThrow($"fchownat {Path}");
        Files.ChangeMode(_images, searchable).OrThrow($"fchmod {Path}");
    }

    public void Dispose()
    {
        _images.Dispose();
        _work.Dispose();
    }

    private static OwnedFd OpenOne(string path, string option)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return opened.Failed
            ? throw new RuntimeError($"{option} {CallerText.Printable(path)}", opened.Errno)
            {
                Hint = opened.Errno == Errno.ENOENT ? "name the directory that checkpoint has written to" : null,
            }
            : new OwnedFd(opened.Fd.Number);
    }
}
