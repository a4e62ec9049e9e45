using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>A mount as a process of a container sees it: a line of /proc/PID/mountinfo. proc_pid_mountinfo(5)</summary>
/// <param name="Id">Its number; <c>mnt_id</c> of what is open in it.</param>
/// <param name="Root">The part of its file system that is mounted.</param>
/// <param name="Point">Where.</param>
/// <param name="Type">The type of the file system.</param>
/// <param name="IsReadOnly">Nothing can be written through it.</param>
internal sealed record ContainerMount(int Id, string Root, string Point, string Type, bool IsReadOnly = false)
{
    /// <summary>Reads them all.</summary>
    public static ImmutableArray<ContainerMount> Parse(ReadOnlySpan<byte> table)
    {
        var mounts = ImmutableArray.CreateBuilder<ContainerMount>();
        while (MountTable.NextLine(ref table, out ReadOnlySpan<byte> line))
        {
            if (MountTable.TryRead(line, out MountLine mount) && System.Buffers.Text.Utf8Parser.TryParse(line, out int id, out _))
            {
                mounts.Add(new ContainerMount(id, MountTable.Unescape(mount.Root), MountTable.Unescape(mount.Point), Encoding.UTF8.GetString(mount.Type), IsReadOnlyLine(line)));
            }
        }

        return mounts.ToImmutable();
    }

    /// <summary>The sixth field, or the options of the file system after the dash, begin with ro: these are flags that hold for all its mounts.</summary>
    private static bool IsReadOnlyLine(ReadOnlySpan<byte> line)
    {
        const int options = 5, fileSystemOptions = 2;
        int dash = line.IndexOf(" - "u8);
        return IsReadOnlyField(line[..dash], options) || IsReadOnlyField(line[(dash + " - ".Length)..], fileSystemOptions);
    }

    private static bool IsReadOnlyField(ReadOnlySpan<byte> text, int number)
    {
        foreach (Range field in text.Split((byte)' '))
        {
            if (number-- == 0)
            {
                return text[field].SequenceEqual("ro"u8) || text[field].StartsWith("ro,"u8);
            }
        }

        return false;
    }

    /// <summary>It is a hierarchy of cgroups.</summary>
    public bool IsCgroup => Type is "cgroup" or "cgroup2";

    /// <summary>It lies below a place.</summary>
    public bool IsBelow(string place) => Point.Length > place.Length && Point.StartsWith(place, StringComparison.Ordinal) && (place == "/" || Point[place.Length] == '/');
}
