using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A hierarchy of cgroups as CRIU sees it during a dump.</summary>
/// <param name="Controllers">As /proc/PID/cgroup names it; empty for v2.</param>
/// <param name="Path">The container's cgroup in it, starting with a slash.</param>
/// <param name="Directory">The same on this host; null where the container has none of its own.</param>
internal sealed record YardHierarchy(string Controllers, string Path, string? Directory);

/// <summary>
/// The cgroups that CRIU sees during a dump: those of the container, and nothing in hierarchies where it has none. Without this CRIU mounts each
/// hierarchy of the kernel, also those that this host has not mounted, saves everything below the place of the processes, for a container in
/// <c>/</c> the cgroups of all others, and makes them anew at a restore.
/// </summary>
internal sealed class CgroupYard : IDisposable
{
    private const string Name = "cgroups";
    private const uint Mode = 0x1ED;

    private readonly ContainerDirectory _container;

    private CgroupYard(ContainerDirectory container, ImmutableArray<YardHierarchy> hierarchies)
    {
        _container = container;
        Roots = [.. hierarchies.Select(hierarchy => new CriuCgroupRoot(hierarchy.Controllers, hierarchy.Path))];
    }

    /// <summary>Its directory, absolute.</summary>
    public string Path => $"{Bundle.AbsolutePath(_container.Path)}/{Name}";

    /// <summary>Where the container begins in each hierarchy: also a process further down belongs to it.</summary>
    public ImmutableArray<CriuCgroupRoot> Roots { get; }

    /// <summary>Which hierarchies there are, and where the container is in them. Pure.</summary>
    /// <param name="facts">The hierarchies that are mounted.</param>
    /// <param name="cgroups">The container's.</param>
    /// <param name="places">The text of /proc/PID/cgroup of its first process.</param>
    public static ImmutableArray<YardHierarchy> Layout(CgroupFacts facts, ImmutableArray<RecordedCgroup> cgroups, string places)
    {
        var layout = ImmutableArray.CreateBuilder<YardHierarchy>();

        // 4:cpu,cpuacct:/hull/web
        foreach (string line in places.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(':', 3);
            string? mount = fields[1].Length == 0 ? facts.V2?.Mount : facts.WithController(fields[1].Split(',')[0])?.Mount;
            string? own = mount is null ? null : cgroups.Select(cgroup => cgroup.Directory).FirstOrDefault(directory => directory.StartsWith(mount + "/", StringComparison.Ordinal));
            string? path = own is null ? null : Within(fields[2], own[mount!.Length..]);
            layout.Add(path is null ? new YardHierarchy(fields[1], fields[2], null) : new YardHierarchy(fields[1], path, own));
        }

        return layout.ToImmutable();
    }

    /// <summary>Makes it in the directory of the container, where a deletion by force finds what is left of it.</summary>
    public static CgroupYard Make(ContainerDirectory container, ImmutableArray<YardHierarchy> hierarchies)
    {
        HostFiles.RemoveTree(container.Fd, Name);
        var yard = new CgroupYard(container, hierarchies);
        try
        {
            MakeDirectory(container.Fd, Name);
            using OwnedFd directory = HostFiles.OpenDirectory(container.Fd, Name);
            foreach (YardHierarchy hierarchy in hierarchies)
            {
                MakeHierarchy(directory, hierarchy);
            }
        }
        catch
        {
            yard.Dispose();
            throw;
        }

        return yard;
    }

    public void Dispose() => HostFiles.RemoveTree(_container.Fd, Name);

    /// <summary>The container's cgroup in the path of a process that may be further down, or seen through a mount of a part of the hierarchy.</summary>
    private static string? Within(string path, string own)
    {
        int start = (path + "/").IndexOf(own + "/", StringComparison.Ordinal);
        return start < 0 ? null : path[..(start + own.Length)];
    }

    private static void MakeHierarchy(Fd yard, YardHierarchy hierarchy)
    {
        string path = NameOf(hierarchy.Controllers);
        string[] levels = hierarchy.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i <= levels.Length; i++)
        {
            if (i == levels.Length && hierarchy.Directory is { } target)
            {
                Files.MakeSymbolicLink(target, yard, path).OrThrow($"symlinkat {path}");
                return;
            }

            MakeDirectory(yard, path);
            path = i == levels.Length ? path : $"{path}/{levels[i]}";
        }
    }

    /// <summary>As CRIU calls its directory.</summary>
    private static string NameOf(string controllers)
    {
        const string named = "name=";
        return controllers.Length == 0 ? "unified" : controllers.StartsWith(named, StringComparison.Ordinal) ? controllers[named.Length..] : controllers;
    }

    private static void MakeDirectory(Fd above, string path)
    {
        Files.MakeDirectory(above, path, Mode).OrThrow($"mkdirat {path}");

        // CRIU keeps the mode, and the umask is the caller's.
        Files.ChangeMode(above, path, Mode).OrThrow($"fchmodat {path}");
    }
}
