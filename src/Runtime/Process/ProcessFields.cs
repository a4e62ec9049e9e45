using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Files of procfs that have a field on each line: <c>NSpid:\t4711\t1</c>. proc_pid_status(5), proc_pid_fdinfo(5)</summary>
internal static class ProcessFields
{
    /// <summary>The text of <c>/proc/PID/status</c>.</summary>
    public static string StatusOf(int pid) => HostFiles.ReadText(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));

    /// <summary>What a field holds, several values with tabs between them; null where there is no such field.</summary>
    public static string? Find(string file, string name)
    {
        foreach (Range range in file.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = file.AsSpan(range);
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..].Trim().ToString();
            }
        }

        return null;
    }

    /// <summary>A field that is one number; null where there is no such field.</summary>
    public static int? FindNumber(string file, string name) =>
        int.TryParse(Find(file, name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
