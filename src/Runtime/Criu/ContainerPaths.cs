using System.Globalization;
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
        RootfsPath parsed = RootfsPath.Parse(path);
        SyscallResult opened = Files.OpenAt2(_root, parsed.Text, OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
        if (opened.Failed)
        {
            return null;
        }

        using OwnedFd place = opened.OwnedOrThrow("openat2");
        return HostFiles.PathOf(place) ?? parsed.ToString();
    }

    public void Dispose() => _root.Dispose();
}
