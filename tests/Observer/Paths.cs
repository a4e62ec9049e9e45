using System.Text;
using System.Text.Json;

namespace Hull.Observer;

/// <summary>What is at a path: its status, whether it can be read and written, and how it begins.</summary>
internal static class Paths
{
    private const int ContentLimit = 1 << 20;
    private const int TextLimit = 4096;

    public static void Write(Utf8JsonWriter json, string path)
    {
        json.WriteStartObject(path);
        if (Kernel.Look(path, out var error) is not { } status)
        {
            json.WriteBoolean("exists", false);
            json.WriteNumber("error", error);
        }
        else
        {
            json.WriteBoolean("exists", true);
            WriteStatus(json, status);
            json.WriteString("target", status.Type == "link" ? Kernel.Link(path) : null);
            json.WriteNumber("writeError", Kernel.WriteAccess(path));
            WriteContent(json, path, status);
        }

        json.WriteEndObject();
    }

    public static void WriteDevices(Utf8JsonWriter json)
    {
        if (List("/dev") is not { } names)
        {
            json.WriteNull("devices");
            return;
        }

        json.WriteStartObject("devices");
        foreach (var name in names)
        {
            if (Kernel.Look("/dev/" + name, out _) is { } status)
            {
                json.WriteStartObject(name);
                WriteStatus(json, status);
                json.WriteString("target", status.Type == "link" ? Kernel.Link("/dev/" + name) : null);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>The network interfaces, from /proc/net/dev: two lines of heading, then "name: numbers".</summary>
    public static void WriteInterfaces(Utf8JsonWriter json)
    {
        if (Kernel.Content("/proc/net/dev", ContentLimit, out _) is not { } content)
        {
            json.WriteNull("interfaces");
            return;
        }

        json.WriteStartArray("interfaces");
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n').Skip(2).Where(line => line.Contains(':', StringComparison.Ordinal)))
        {
            json.WriteStringValue(line[..line.IndexOf(':', StringComparison.Ordinal)].Trim());
        }

        json.WriteEndArray();
    }

    private static void WriteStatus(Utf8JsonWriter json, Status status)
    {
        json.WriteString("type", status.Type);
        json.WriteNumber("mode", status.Permissions);
        json.WriteNumber("uid", status.User);
        json.WriteNumber("gid", status.Group);
        json.WriteNumber("size", status.Size);
        json.WriteNumber("major", status.Major);
        json.WriteNumber("minor", status.Minor);
    }

    private static void WriteContent(Utf8JsonWriter json, string path, Status status)
    {
        if (status.Type == "directory")
        {
            WriteEntries(json, path);
            return;
        }

        // Endless devices are cut off by the limit.
        var content = Kernel.Content(path, ContentLimit, out var error);
        json.WriteNumber("readError", error);
        if (content is not null)
        {
            json.WriteNumber("length", content.Length);
            json.WriteString("text", status.Type == "character" ? null : Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, TextLimit))));
        }
    }

    private static void WriteEntries(Utf8JsonWriter json, string path)
    {
        if (List(path) is not { } names)
        {
            json.WriteNull("entries");
            return;
        }

        json.WriteStartArray("entries");
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static string[]? List(string path)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
