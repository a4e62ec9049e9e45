using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Reads the two tables in which the kernel describes cgroups to a process: where hierarchies are mounted
/// (/proc/self/mountinfo, proc_pid_mountinfo(5)) and where the process is in them (/proc/self/cgroup, cgroups(7)).
/// Read at every create, and the first table may have thousands of lines: one pass over the bytes.
/// </summary>
internal static class CgroupHierarchies
{
    private const string UsualPlace = "/sys/fs/cgroup";

    /// <summary>Puts both tables together.</summary>
    /// <param name="mounts">The text of /proc/self/mountinfo.</param>
    /// <param name="places">The text of /proc/self/cgroup.</param>
    public static CgroupFacts Parse(ReadOnlySpan<byte> mounts, ReadOnlySpan<byte> places)
    {
        var v1 = new List<(CgroupHierarchy Hierarchy, bool Usual)>();
        (CgroupHierarchy Hierarchy, bool Usual)? v2 = null;
        while (MountTable.NextLine(ref mounts, out ReadOnlySpan<byte> line))
        {
            // Most lines of a long table end here.
            if (line.IndexOf(" - cgroup"u8) < 0 || !MountTable.TryRead(line, out MountLine found))
            {
                continue;
            }

            bool isV2 = found.Type.SequenceEqual("cgroup2"u8);
            if (!TryFindPlace(places, found.Options, isV2, out ReadOnlySpan<byte> controllers, out ReadOnlySpan<byte> place))
            {
                continue;
            }

            string mount = MountTable.Unescape(found.Point);
            bool usual = mount.StartsWith(UsualPlace, StringComparison.Ordinal);
            var hierarchy = new CgroupHierarchy(mount, Words(controllers), BelowMount(place, found.Root));
            if (isV2)
            {
                v2 = v2 is null || (usual && !v2.Value.Usual) ? (hierarchy, usual) : v2;
            }
            else
            {
                Keep(v1, hierarchy, usual);
            }
        }

        return new CgroupFacts([.. v1.ConvertAll(entry => entry.Hierarchy)], v2?.Hierarchy);
    }

    /// <summary>Our cgroup2 place in the text of /proc/self/cgroup, the line <c>0::/path</c>.</summary>
    public static string V2Place(ReadOnlySpan<byte> places) =>
        TryFindPlace(places, default, isV2: true, out _, out ReadOnlySpan<byte> path) ? BelowMount(path, "/"u8) : "/";

    /// <summary>The names in a list separated by blanks, commas or line ends: cgroup.controllers, for example.</summary>
    public static ImmutableArray<string> Words(ReadOnlySpan<byte> text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (Range range in text.SplitAny(" ,\n"u8))
        {
            if (!text[range].IsEmpty)
            {
                words.Add(Encoding.UTF8.GetString(text[range]));
            }
        }

        return words.ToImmutable();
    }

    // A hierarchy may be mounted more than once, in the root file systems of other containers for example: the usual place wins.
    private static void Keep(List<(CgroupHierarchy Hierarchy, bool Usual)> known, CgroupHierarchy hierarchy, bool usual)
    {
        for (int i = 0; i < known.Count; i++)
        {
            if (known[i].Hierarchy.Controllers.AsSpan().SequenceEqual(hierarchy.Controllers.AsSpan()))
            {
                known[i] = usual && !known[i].Usual ? (hierarchy, usual) : known[i];
                return;
            }
        }

        known.Add((hierarchy, usual));
    }

    // 4:memory:/a/b        2:cpu,cpuacct:/        9:name=systemd:/        0::/
    // A v1 mount is recognised by its options, which hold its controllers among flags: rw,xattr,cpu,cpuacct.
    private static bool TryFindPlace(
        ReadOnlySpan<byte> places, ReadOnlySpan<byte> options, bool isV2, out ReadOnlySpan<byte> controllers, out ReadOnlySpan<byte> path)
    {
        while (MountTable.NextLine(ref places, out ReadOnlySpan<byte> line))
        {
            int first = line.IndexOf((byte)':');
            int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                continue;
            }

            controllers = line.Slice(first + 1, second);
            if (isV2 ? controllers.IsEmpty : !controllers.IsEmpty && HasOption(options, controllers))
            {
                path = line[(first + second + 2)..];
                return true;
            }
        }

        controllers = path = default;
        return false;
    }

    private static bool HasOption(ReadOnlySpan<byte> options, ReadOnlySpan<byte> controllers)
    {
        int comma = controllers.IndexOf((byte)',');
        ReadOnlySpan<byte> wanted = comma < 0 ? controllers : controllers[..comma];
        foreach (Range range in options.Split((byte)','))
        {
            if (options[range].SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }

    // The mount may show a part of the hierarchy only (root), and our place may be outside of it or outside of our cgroup namespace.
    private static string BelowMount(ReadOnlySpan<byte> place, ReadOnlySpan<byte> root)
    {
        ReadOnlySpan<byte> deleted = " (deleted)"u8;
        place = place.EndsWith(deleted) ? place[..^deleted.Length] : place;
        if (place.StartsWith("/.."u8))
        {
            return "/";
        }

        if (!root.SequenceEqual("/"u8))
        {
            bool inside = place.StartsWith(root) && (place.Length == root.Length || place[root.Length] == '/');
            place = inside ? place[root.Length..] : default;
        }

        return place.IsEmpty ? "/" : Encoding.UTF8.GetString(place);
    }
}
