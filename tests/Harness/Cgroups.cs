using System.Globalization;
using Tmds.Linux;

namespace Hull.Harness;

/// <summary>The cgroups of this test run: everything below /hull-test-PID in every hierarchy, and nothing else.</summary>
public static class Cgroups
{
    public static string Prefix { get; } = string.Create(CultureInfo.InvariantCulture, $"/hull-test-{Environment.ProcessId}");

    private static readonly Lazy<(string Point, string Type, string[] Options)[]> Mounts = new(() =>
    [
        .. MountTable.Read().Where(mount => mount.Type is "cgroup" or "cgroup2").Select(mount => (mount.Point, mount.Type, mount.Superblock.Split(','))),
    ]);

    public static string? Version1Mount(string controller) =>
        Mounts.Value.Where(mount => mount.Type == "cgroup" && mount.Options.Contains(controller)).Select(mount => mount.Point).FirstOrDefault();

    public static string? V2Mount => Mounts.Value.Where(mount => mount.Type == "cgroup2").Select(mount => mount.Point).FirstOrDefault();

    /// <summary>A file of a controller in the cgroup at <paramref name="path"/>: its version 1 name or its version 2 name, as is mounted.</summary>
    public static string Read(string controller, string path, string version1, string version2)
    {
        var file = Version1Mount(controller) is { } mount ? mount + path + "/" + version1 : V2Mount + path + "/" + version2;
        return File.ReadAllText(file).Trim();
    }

    /// <summary>Every directory of ours that is or is below <paramref name="path"/>, deepest first.</summary>
    public static List<string> Below(string path)
    {
        var found = new List<string>();
        foreach (var (point, _, _) in Mounts.Value.DistinctBy(mount => mount.Point))
        {
            var top = point + path;
            if (Directory.Exists(top))
            {
                found.AddRange(Directory.EnumerateDirectories(top, "*", SearchOption.AllDirectories).Append(top));
            }
        }

        return [.. found.OrderByDescending(directory => directory.Length)];
    }

    public static IEnumerable<int> Processes(IEnumerable<string> directories) => directories
        .SelectMany(directory => ReadIfThere(directory + "/cgroup.procs").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Where(pid => pid > 1).Distinct();

    /// <summary>Removes what is left of ours; only paths below the prefix are accepted.</summary>
    public static void Remove(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"{path} is not a cgroup of this test run", nameof(path));
        }

        for (var attempt = 0; attempt < 50 && Below(path) is { Count: > 0 } left; attempt++)
        {
            foreach (var pid in Processes(left))
            {
                ClassicCalls.Kill(pid, LibC.SIGKILL);
            }

            foreach (var directory in left)
            {
                ClassicCalls.RemoveDirectory(directory);
            }

            Thread.Sleep(attempt == 0 ? 0 : 20);
        }
    }

    /// <summary>Whether the cgroups go away by themselves: a process that has been killed needs its moment, and a service manager too.</summary>
    public static bool GoAway(string path) => Eventually.Try(() => Below(path).Count == 0, Patience.Moment);

    /// <summary>The parent of all our cgroups goes when it is empty.</summary>
    public static void RemovePrefixIfEmpty() => Below(Prefix).ForEach(ClassicCalls.RemoveDirectory);

    private static string ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
