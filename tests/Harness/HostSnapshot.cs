using System.Globalization;

namespace Hull.Harness;

/// <summary>A picture of what a runtime must leave as it was: mounts, cgroups, state directories and processes.</summary>
/// <param name="Traces">Each trace by what identifies it, with what describes it: a process keeps its number and changes its command line.</param>
public sealed record HostSnapshot(IReadOnlyDictionary<string, string> Traces)
{
    // Elsewhere other programs may mount and unmount meanwhile; a runtime that forgot its namespace shows itself in the rest.
    private static readonly string[] BusyPlaces = ["/tmp", "/run", "/var", "/home", "/mnt"];

    public static HostSnapshot Take(Bundle bundle)
    {
        var traces = new Dictionary<string, string>(Processes(bundle));
        var state = Entries(bundle.StateRoot).Concat(Entries("/run/hull").Where(entry => entry.Contains(bundle.Id, StringComparison.Ordinal)));
        foreach (var trace in Mounts(bundle).Select(point => "mount " + point)
            .Concat(Cgroups.Below(bundle.CgroupPath).Select(directory => "cgroup " + directory)).Concat(state.Select(entry => "state " + entry)))
        {
            traces[trace] = "";
        }

        return new HostSnapshot(traces);
    }

    /// <summary>Waits: a killed process needs its moment to go.</summary>
    public static void ShouldBecome(Bundle bundle, HostSnapshot before, string because)
    {
        string[] Added() => [.. Take(bundle).Traces.Where(trace => !before.Traces.ContainsKey(trace.Key)).Select(trace => trace.Key + " " + trace.Value)];

        Eventually.Try(() => Added().Length == 0, Patience.Limit);
        Added().Should().BeEmpty(because);
    }

    private static IEnumerable<string> Mounts(Bundle bundle) => MountTable.Read().Select(mount => mount.Point)
        .Where(point => point.StartsWith(bundle.Home, StringComparison.Ordinal)
            || !BusyPlaces.Any(place => point == place || point.StartsWith(place + "/", StringComparison.Ordinal)))
        .GroupBy(point => point).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ×{group.Count()}"));

    private static IEnumerable<string> Entries(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories) : [];

    // A process belongs to the bundle when its command line names the container or when it sits in its cgroup.
    private static IEnumerable<KeyValuePair<string, string>> Processes(Bundle bundle)
    {
        var members = Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).ToHashSet();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId)
            {
                var line = ReadIfThere(directory + "/cmdline").Replace('\0', ' ');
                if (members.Contains(pid) || line.Contains(bundle.StateRoot, StringComparison.Ordinal))
                {
                    yield return new(string.Create(CultureInfo.InvariantCulture, $"process {pid}"), line);
                }
            }
        }
    }

    private static string ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
