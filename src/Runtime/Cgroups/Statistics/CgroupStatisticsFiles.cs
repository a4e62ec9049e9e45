using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The files that tell what a container uses. One that cannot be read is null: kernels have more of them or fewer.</summary>
internal interface IStatisticsFiles
{
    /// <summary>The controller has a v1 hierarchy of its own here; otherwise its files are those of v2.</summary>
    bool IsV1(string controller);

    /// <summary>One file of the container's cgroup in the hierarchy of that controller.</summary>
    string? Read(string controller, string file);

    /// <summary>The names of the files there.</summary>
    IReadOnlyList<string> Names(string controller);

    /// <summary>One file below /sys/fs/resctrl; null also for a container without Intel RDT.</summary>
    string? ReadResourceControl(string path);

    /// <summary>The names in a directory below /sys/fs/resctrl.</summary>
    IReadOnlyList<string> ResourceControlNames(string path);

    /// <summary>The container's directory below /sys/fs/resctrl; null when it has none.</summary>
    string? ResourceControlGroup { get; }
}

/// <summary>The statistics of a container, where the kernel keeps them. Made once and read as often as wanted.</summary>
internal sealed class CgroupStatisticsFiles : IStatisticsFiles
{
    private const string ResourceControl = "/sys/fs/resctrl/";

    // A text for the kernel is never freed, so that each path has one and not one for each reading.
    private readonly Dictionary<string, CString> _paths = [];
    private readonly Dictionary<string, string> _controllers = [];
    private readonly Dictionary<string, List<string>> _names = [];

    /// <param name="cgroups">The container's, one in each hierarchy.</param>
    /// <param name="facts">The hierarchies of this host.</param>
    /// <param name="resourceControlGroup">The container's group of Intel RDT below its mount, or null.</param>
    public CgroupStatisticsFiles(ImmutableArray<RecordedCgroup> cgroups, CgroupFacts facts, string? resourceControlGroup)
    {
        ResourceControlGroup = resourceControlGroup;
        foreach (CgroupHierarchy hierarchy in facts.V1)
        {
            if (Find(cgroups, hierarchy) is { } directory)
            {
                foreach (string controller in hierarchy.Controllers)
                {
                    _controllers[controller] = directory;
                }
            }
        }

        V2 = facts.V2 is { } v2 ? Find(cgroups, v2) ?? "" : "";
    }

    /// <inheritdoc/>
    public string? ResourceControlGroup { get; }

    /// <summary>The container's cgroup of v2; empty when it has none.</summary>
    public string V2 { get; }

    /// <inheritdoc/>
    public bool IsV1(string controller) => _controllers.ContainsKey(controller);

    /// <summary>The container's cgroup in the hierarchy of a controller; empty when there is none.</summary>
    public string DirectoryOf(string controller) => _controllers.TryGetValue(controller, out string? found) ? found : V2;

    /// <inheritdoc/>
    public string? Read(string controller, string file) => DirectoryOf(controller) is { Length: > 0 } directory ? Read($"{directory}/{file}") : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names(string controller) => NamesIn(DirectoryOf(controller));

    /// <inheritdoc/>
    public string? ReadResourceControl(string path) => ResourceControlGroup is null ? null : Read(ResourceControl + path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ResourceControlNames(string path) => ResourceControlGroup is null ? [] : NamesIn(ResourceControl + path);

    // v1 hierarchies may be mounted within each other's names: memory, memory2. The slash keeps them apart.
    private static string? Find(ImmutableArray<RecordedCgroup> cgroups, CgroupHierarchy hierarchy)
    {
        foreach (RecordedCgroup cgroup in cgroups)
        {
            if (cgroup.Directory.StartsWith(hierarchy.Mount + "/", StringComparison.Ordinal))
            {
                return cgroup.Directory;
            }
        }

        return null;
    }

    private string? Read(string path)
    {
        if (!_paths.TryGetValue(path, out CString known))
        {
            _paths[path] = known = path;
        }

        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, known, OpenFlags.ReadOnly);
        if (opened.Failed)
        {
            return null;
        }

        using var file = new OwnedFd(opened.Fd.Number);
        try
        {
            return Encoding.UTF8.GetString(HostFiles.ReadOpened(file, path));
        }
        catch (KernelException)
        {
            // The cgroup went away, or the kernel was started without this account (EOPNOTSUPP, for example for psi=0).
            return null;
        }
    }

    private List<string> NamesIn(string directory)
    {
        if (!_names.TryGetValue(directory, out List<string>? names))
        {
            _names[directory] = names = directory.Length > 0 && HostFiles.Exists(Fd.CurrentDirectory, directory)
                ? HostFiles.ListDirectory(Fd.CurrentDirectory, directory)
                : [];
        }

        return names;
    }
}
