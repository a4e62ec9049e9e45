namespace Hull.Harness;

public sealed record MountEntry(string Root, string Point, string Options, string Type, string Source, string Superblock);

/// <summary>The mounts of the test's own mount namespace.</summary>
public static class MountTable
{
    public static List<MountEntry> Read() => [.. File.ReadLines("/proc/self/mountinfo").Select(Parse)];

    public static List<string> Below(string directory) =>
        [.. Read().Select(mount => mount.Point).Where(point => point == directory || point.StartsWith(directory + "/", StringComparison.Ordinal))];

    /// <summary>Unmounts what is mounted below a directory of the test's own, last mounted first; true when nothing is left.</summary>
    public static bool UnmountBelow(string directory)
    {
        if (!directory.StartsWith(Path.GetTempPath(), StringComparison.Ordinal))
        {
            throw new ArgumentException($"{directory} is not a directory of a test", nameof(directory));
        }

        for (var attempt = 0; attempt < 3; attempt++)
        {
            foreach (var point in Enumerable.Reverse(Below(directory)))
            {
                ClassicCalls.Unmount(point);
            }
        }

        return Below(directory).Count == 0;
    }

    private static MountEntry Parse(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", 6);
        return new MountEntry(fields[3], fields[4], fields[5], fields[separator + 1], fields[separator + 2], fields[separator + 3]);
    }
}
