using System.Collections.Concurrent;
using System.Globalization;
using Tmds.Linux;

namespace Hull.Conformance.Suite;

/// <summary>Leaves the host as it was before a case, also after a runtime that does not.</summary>
internal static class CleanUp
{
    private static readonly ConcurrentDictionary<Bundle, Bundle> Siblings = [];

    /// <summary>One more bundle for the same case.</summary>
    public static Bundle Another(this Bundle bundle)
    {
        var sibling = new Bundle(bundle.RuntimePath);
        Siblings[sibling] = bundle;
        return sibling;
    }

    /// <summary>Deletes the container by force, then removes what is left of it: processes, cgroups, mounts, files. Returns what was left.</summary>
    public static IReadOnlyList<string> After(Bundle bundle)
    {
        var left = new List<string>();
        foreach (var sibling in Siblings.Where(pair => pair.Value == bundle).Select(pair => pair.Key).ToArray())
        {
            left.AddRange(After(sibling));
            Siblings.TryRemove(sibling, out _);
        }

        if (Directory.Exists(bundle.StateRoot) && Directory.EnumerateFileSystemEntries(bundle.StateRoot).Any())
        {
            DeleteByForce(bundle);
        }

        if (!Cgroups.GoAway(bundle.CgroupPath))
        {
            left.AddRange(Cgroups.Below(bundle.CgroupPath).Select(directory => "cgroup " + directory));
            Cgroups.Remove(bundle.CgroupPath);
        }

        left.AddRange(Processes(bundle).Select(Kill));
        // Beside the bundle and the state are the directories that cases mount things on themselves.
        left.AddRange(new[] { bundle.Location, bundle.StateRoot }.SelectMany(MountTable.Below).Select(point => "mount " + point));
        // A file is only removed when nothing is mounted below: removing must never reach into another file system.
        if (MountTable.UnmountBelow(bundle.Home))
        {
            RemoveDirectory(bundle.Home);
        }

        return left;
    }

    private static void DeleteByForce(Bundle bundle)
    {
        foreach (var id in Directory.EnumerateFileSystemEntries(bundle.StateRoot).Select(Path.GetFileName).OfType<string>().ToArray())
        {
            try
            {
                bundle.Runtime("delete", "--force", id).Run();
            }
            catch (TimeoutException)
            {
                // What the runtime does not end, the rest of the clean-up does.
            }
        }
    }

    // A process of the bundle names its state directory, sits in its cgroup, or has a root below its directory.
    private static List<int> Processes(Bundle bundle)
    {
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && (Read(directory + "/cmdline").Contains(bundle.StateRoot, StringComparison.Ordinal) || RootOf(directory).StartsWith(bundle.Home, StringComparison.Ordinal)))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static string Kill(int pid)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"process {pid} {Read($"/proc/{pid}/cmdline").Replace('\0', ' ')}");
        ClassicCalls.Kill(pid, LibC.SIGKILL);
        return line;
    }

    private static void RemoveDirectory(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"conformance: {path} could not be removed: {exception.Message}");
        }
    }

    private static string RootOf(string directory)
    {
        try
        {
            return new FileInfo(directory + "/root").LinkTarget ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(string path)
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
