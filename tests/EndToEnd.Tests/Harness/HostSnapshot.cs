using System.Globalization;

namespace Hull.EndToEnd.Tests.Harness;

/// <summary>A picture of what a runtime must leave as it was: mounts, cgroups, state directories and processes.</summary>
internal sealed record HostSnapshot(IReadOnlyCollection<string> Traces)
{
    // Elsewhere other programs may mount and unmount meanwhile; a runtime that forgot its namespace shows itself in the rest.
    private static readonly string[] BusyPlaces = ["/tmp", "/run", "/var", "/home", "/mnt"];

    public static HostSnapshot Take(Bundle bundle) => new([
        .. Mounts(bundle).Select(point => "mount " + point),
        .. Cgroups.Below(bundle.CgroupPath).Select(directory => "cgroup " + directory),
        .. Entries(bundle.StateRoot).Concat(Entries("/run/hull").Where(entry => entry.Contains(bundle.Id, StringComparison.Ordinal))).Select(entry => "state " + entry),
        .. Processes(bundle).Select(process => "process " + process),
    ]);

    /// <summary>Waits a little: a killed process needs its moment to go.</summary>
    public static void ShouldBecome(Bundle bundle, HostSnapshot before, string because)
    {
        IEnumerable<string> added = [];
        for (var attempt = 0; attempt < 40; attempt++)
        {
            added = Take(bundle).Traces.Except(before.Traces);
            if (!added.Any())
            {
                return;
            }

            Thread.Sleep(25);
        }

        added.Should().BeEmpty(because);
    }

    private static IEnumerable<string> Mounts(Bundle bundle) => MountTable.Read().Select(mount => mount.Point)
        .Where(point => point.StartsWith(bundle.Home, StringComparison.Ordinal)
            || !BusyPlaces.Any(place => point == place || point.StartsWith(place + "/", StringComparison.Ordinal)))
        .GroupBy(point => point).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} ×{group.Count()}"));

    private static IEnumerable<string> Entries(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories) : [];

    // A process belongs to the bundle when its command line names the container or when it sits in its cgroup.
    private static IEnumerable<string> Processes(Bundle bundle)
    {
        var members = Cgroups.Processes(Cgroups.Below(bundle.CgroupPath)).ToHashSet();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId)
            {
                var line = ReadIfThere(directory + "/cmdline").Replace('\0', ' ');
                if (members.Contains(pid) || line.Contains(bundle.StateRoot, StringComparison.Ordinal))
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"{pid} {line}");
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
