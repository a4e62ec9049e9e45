using System.Collections.Immutable;
using System.Text;

namespace Hull.Linux;

/// <summary>The lines of /proc/self/mountinfo, read without copies. proc_pid_mountinfo(5)</summary>
public static class MountTable
{
    /// <summary>Where file systems of these types are mounted whole.</summary>
    public static ImmutableArray<string> OfTypes(ReadOnlySpan<byte> table, string first, string second)
    {
        var mounts = ImmutableArray.CreateBuilder<string>();
        while (NextLine(ref table, out ReadOnlySpan<byte> line))
        {
            if (!TryRead(line, out MountLine mount) || !mount.Root.SequenceEqual("/"u8))
            {
                continue;
            }

            string type = Encoding.UTF8.GetString(mount.Type);
            if (type == first || type == second)
            {
                mounts.Add(Unescape(mount.Point));
            }
        }

        return mounts.ToImmutable();
    }

    /// <summary>Reads <c>36 35 0:30 / /sys/fs/cgroup/cpuacct rw,relatime shared:1 - cgroup cgroup rw,cpuacct</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out MountLine mount)
    {
        mount = default;
        int separator = line.IndexOf(" - "u8);
        if (separator < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> head = line[..separator];
        ReadOnlySpan<byte> tail = line[(separator + 3)..];
        NextField(ref head);
        NextField(ref head);
        NextField(ref head);
        ReadOnlySpan<byte> root = NextField(ref head);
        ReadOnlySpan<byte> point = NextField(ref head);
        ReadOnlySpan<byte> type = NextField(ref tail);
        NextField(ref tail);
        mount = new MountLine(root, point, type, NextField(ref tail));
        return true;
    }

    /// <summary>Takes one line off the front of a text; false at its end.</summary>
    public static bool NextLine(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        int end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        bool any = !text.IsEmpty;
        text = end < 0 ? default : text[(end + 1)..];
        return any;
    }

    /// <summary>A path as it is: blanks and backslashes appear as three octal digits.</summary>
    public static string Unescape(ReadOnlySpan<byte> field)
    {
        if (!field.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(field);
        }

        byte[] bytes = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            bool escape = field[i] == '\\' && i + 3 < field.Length;
            bytes[length++] = escape ? (byte)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')) : field[i];
            i += escape ? 3 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static ReadOnlySpan<byte> NextField(scoped ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return field;
    }
}

/// <summary>One line of the table.</summary>
/// <param name="root">The part of the file system that is mounted.</param>
/// <param name="point">Where, with escapes.</param>
/// <param name="type">The type of the file system.</param>
/// <param name="options">The options of the file system itself.</param>
public readonly ref struct MountLine(ReadOnlySpan<byte> root, ReadOnlySpan<byte> point, ReadOnlySpan<byte> type, ReadOnlySpan<byte> options)
{
    /// <summary>The part of the file system that is mounted.</summary>
    public ReadOnlySpan<byte> Root { get; } = root;

    /// <summary>Where, with escapes: see <see cref="MountTable.Unescape"/>.</summary>
    public ReadOnlySpan<byte> Point { get; } = point;

    /// <summary>The type of the file system.</summary>
    public ReadOnlySpan<byte> Type { get; } = type;

    /// <summary>The options of the file system itself.</summary>
    public ReadOnlySpan<byte> Options { get; } = options;
}
