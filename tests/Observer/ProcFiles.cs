using System.Text;
using System.Text.Json;

namespace Hull.Observer;

/// <summary>What /proc/self says; every property is null where there is no /proc.</summary>
internal static class ProcFiles
{
    private static readonly string[] Namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    public static void Write(Utf8JsonWriter json)
    {
        WriteStatus(json);
        json.WriteStartObject("namespaces");
        foreach (var name in Namespaces)
        {
            json.WriteString(name, Kernel.Link("/proc/self/ns/" + name));
        }

        json.WriteEndObject();
        json.WriteString("oomScoreAdj", Text("/proc/self/oom_score_adj")?.Trim());
        WriteLines(json, "cgroup", "/proc/self/cgroup");
        WriteLines(json, "uidMap", "/proc/self/uid_map");
        WriteLines(json, "gidMap", "/proc/self/gid_map");
        WriteMounts(json);
    }

    private static void WriteStatus(Utf8JsonWriter json)
    {
        var fields = (Text("/proc/self/status") ?? "").Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim());
        json.WriteStartObject("capabilities");
        foreach (var (name, field) in new[]
            { ("inheritable", "CapInh"), ("permitted", "CapPrm"), ("effective", "CapEff"), ("bounding", "CapBnd"), ("ambient", "CapAmb") })
        {
            json.WriteString(name, fields.GetValueOrDefault(field));
        }

        json.WriteEndObject();
        json.WriteString("noNewPrivileges", fields.GetValueOrDefault("NoNewPrivs"));
        json.WriteString("seccomp", fields.GetValueOrDefault("Seccomp"));
        json.WriteString("blockedSignals", fields.GetValueOrDefault("SigBlk"));
    }

    private static void WriteLines(Utf8JsonWriter json, string name, string path)
    {
        if (Text(path) is not { } text)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }

    private static void WriteMounts(Utf8JsonWriter json)
    {
        if (Text("/proc/self/mountinfo") is not { } text)
        {
            json.WriteNull("mounts");
            return;
        }

        json.WriteStartArray("mounts");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            WriteMount(json, line.Split(' '));
        }

        json.WriteEndArray();
    }

    // "36 35 98:0 /root /point options [optional ...] - type source superblock-options", see proc_pid_mountinfo(5).
    private static void WriteMount(Utf8JsonWriter json, string[] fields)
    {
        var separator = Array.IndexOf(fields, "-", 6);
        json.WriteStartObject();
        json.WriteString("root", Unescape(fields[3]));
        json.WriteString("point", Unescape(fields[4]));
        json.WriteString("options", fields[5]);
        json.WriteString("propagation", string.Join(' ', fields[6..separator]));
        json.WriteString("type", fields[separator + 1]);
        json.WriteString("source", Unescape(fields[separator + 2]));
        json.WriteString("superblock", fields[separator + 3]);
        json.WriteEndObject();
    }

    private static string Unescape(string field) => field.Replace("\\040", " ", StringComparison.Ordinal);

    private static string? Text(string path) => Kernel.Content(path, 1 << 18, out _) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
