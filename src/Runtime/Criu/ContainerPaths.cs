using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Paths as a process of a container finds them: links of the image count from its root.</summary>
internal sealed class ContainerPaths : IDisposable
{
    private readonly OwnedFd _root;

    /// <param name="pid">A process in the container.</param>
    public ContainerPaths(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root");
        _root = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.Path | OpenFlags.Directory).OwnedOrThrow($"open {path}");
    }

    /// <summary>Where a path leads, without links; null when there is nothing.</summary>
    public string? PlaceOf(string path)
    {
        Span<byte> buffer = stackalloc byte[4096];
        RootfsPath parsed = RootfsPath.Parse(path);
        SyscallResult opened = Files.OpenAt2(_root, parsed.Text, OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
        if (opened.Failed)
        {
            return null;
        }

        using OwnedFd place = opened.OwnedOrThrow("openat2");
        SyscallResult read = Files.ReadLink(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{place.Fd.Number}"), buffer);
        return read.Failed ? parsed.ToString() : Encoding.UTF8.GetString(buffer[..(int)read.Value]);
    }

    public void Dispose() => _root.Dispose();
}
