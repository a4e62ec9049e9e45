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
