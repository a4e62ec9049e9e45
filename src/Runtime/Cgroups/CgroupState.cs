using System.Buffers.Text;
using System.Text;

namespace Hull.Runtime;

/// <summary>
/// What the files of a container's cgroups say now, as far as the order of writes depends on it: the kernel refuses what is
/// impossible for a moment too (MEM-10, CPU-07).
/// </summary>
/// <param name="read">The content of a file, or null when there is none.</param>
internal sealed class CgroupState(Func<string, byte[]?> read)
{
    /// <summary>A cgroup that was just made: nothing is limited.</summary>
    public static CgroupState New { get; } = new(_ => null);

    /// <summary>The number in a file; null when there is no file or no number, -1 for what is as good as unlimited.</summary>
    public long? Number(string directory, string file)
    {
        byte[]? text = read($"{directory}/{file}");
        return text is null ? null : NumberIn(text);
    }

    /// <summary>The content of a file without the line's end; null when there is none.</summary>
    public string? Text(string directory, string file) =>
        read($"{directory}/{file}") is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;

    // v1 says that memory is unlimited with the largest multiple of a page: what no machine has counts as that.
    private static long? NumberIn(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("max"u8))
        {
            return -1;
        }

        return !Utf8Parser.TryParse(text, out long number, out _) ? null : number > long.MaxValue / 2 ? -1 : number;
    }
}
