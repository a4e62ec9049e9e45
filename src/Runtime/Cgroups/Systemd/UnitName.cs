using System.Globalization;
using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The unit of a container and its place.</summary>
/// <param name="Name">The unit: <c>docker-1234.scope</c>.</param>
/// <param name="Slice">The slice that it is in, <c>-.slice</c> for the root.</param>
/// <param name="Path">Its cgroup, below that of the systemd that has it.</param>
internal sealed record UnitName(string Name, string Slice, string Path)
{
    // systemd.unit(5)
    private const int LongestName = 255;
    private const string SliceSuffix = ".slice";

    /// <summary>The unit is a slice itself, which processes do not belong to: they only live in its cgroup.</summary>
    public bool IsSlice => Name.EndsWith(SliceSuffix, StringComparison.Ordinal);

    private static SpecPath Property => SpecPath.Root.Property("linux").Property("cgroupsPath");

    /// <summary>Reads <c>slice:prefix:name</c> (SDC-01).</summary>
    /// <param name="id">The container's id, for the default <c>:hull:id</c>.</param>
    /// <param name="cgroupsPath"><c>linux.cgroupsPath</c>; null or empty means the default (CGP-02).</param>
    /// <param name="ofUser">The unit will be the user's: then in user.slice, otherwise in system.slice.</param>
    /// <exception cref="RuntimeError">It is no unit's name, or one that leads elsewhere.</exception>
    public static UnitName Parse(string id, string? cgroupsPath, bool ofUser)
    {
        string[] parts = string.IsNullOrEmpty(cgroupsPath) ? ["", "hull", id] : cgroupsPath.Split(':');
        if (parts.Length != 3)
        {
            throw Refusal.Of(
                Property, "CGP-03", $"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{cgroupsPath}\" instead");
        }

        string slice = parts[0] switch { "" => ofUser ? "user.slice" : "system.slice", "-" => "-.slice", _ => parts[0] };
        string path = Expand(slice);
        if (parts[2].EndsWith(SliceSuffix, StringComparison.Ordinal))
        {
            string above = Parent(parts[2]);
            return parts[0].Length == 0 || above == slice
                ? new UnitName(parts[2], above, Expand(parts[2]))
                : throw Refusal.Of(Property, "CGP-03", $"slice \"{parts[2]}\" is in {above} by its name, not in {slice}");
        }

        if (parts[2].Length == 0)
        {
            throw Refusal.Of(Property, "CGP-03", $"\"{cgroupsPath}\" names no unit");
        }

        string name = Escape(parts[1].Length == 0 ? parts[2] : $"{parts[1]}-{parts[2]}") + ".scope";
        if (name.Length > LongestName)
        {
            throw Refusal.Of(Property, "CGP-03", $"the name of a unit has at most {LongestName} characters: {name}");
        }

        return new UnitName(name, slice, $"{path}/{EscapeDirectory(name)}");
    }

    /// <summary>Where a slice's cgroup is: <c>a-b.slice</c> in <c>/a.slice/a-b.slice</c>, the root slice at the top.</summary>
    internal static string Expand(string slice)
    {
        string stem = slice.EndsWith(SliceSuffix, StringComparison.Ordinal) ? slice[..^SliceSuffix.Length] : "";
        if (stem == "-")
        {
            return "";
        }

        bool valid = stem.Length > 0 && slice.Length <= LongestName && !$"-{stem}-".Contains("--", StringComparison.Ordinal);
        foreach (char letter in stem)
        {
            valid &= IsPlain(letter);
        }

        if (!valid)
        {
            throw Refusal.Of(Property, "CGP-03", $"\"{slice}\" is no name of a systemd slice");
        }

        var path = new StringBuilder();
        for (int end = stem.IndexOf('-', StringComparison.Ordinal); ; end = stem.IndexOf('-', end + 1))
        {
            path.Append('/').Append(EscapeDirectory(string.Concat(stem.AsSpan(0, end < 0 ? stem.Length : end), SliceSuffix)));
            if (end < 0)
            {
                return path.ToString();
            }
        }
    }

    private static string Parent(string slice)
    {
        int dash = slice.LastIndexOf('-');
        return dash <= 0 ? "-.slice" : slice[..dash] + SliceSuffix;
    }

    /// <summary>What a unit's name cannot hold becomes <c>\x2b</c>, as systemd-escape(1) does it.</summary>
    private static string Escape(string name)
    {
        var escaped = new StringBuilder(name.Length);
        foreach (byte letter in Encoding.UTF8.GetBytes(name))
        {
            if (IsPlain((char)letter))
            {
                escaped.Append((char)letter);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{letter:x2}");
            }
        }

        return escaped.ToString();
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is ':' or '-' or '_' or '.';

    /// <summary>A directory that would look like one of the kernel's files has an underscore before it.</summary>
    private static string EscapeDirectory(string name)
    {
        string first = name[..name.IndexOf('.', StringComparison.Ordinal)];
        bool reserved = name[0] is '_' or '.'
            || first is "cgroup" or "cpu" or "cpuacct" or "cpuset" or "io" or "blkio" or "memory" or "devices" or "pids";
        return reserved ? "_" + name : name;
    }
}
