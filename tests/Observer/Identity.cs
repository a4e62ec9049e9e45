using System.Collections;
using System.Text.Json;

namespace Hull.Observer;

/// <summary>Who and where the process is: what system calls alone can say.</summary>
internal static class Identity
{
    private static readonly string[] Limits =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    public static void Write(Utf8JsonWriter json, string[] arguments)
    {
        json.WriteNumber("pid", Environment.ProcessId);
        json.WriteNumber("ppid", Kernel.getppid());
        json.WriteNumber("session", Kernel.getsid(0));
        WriteCredentials(json);
        json.WriteNumber("umask", Kernel.umask(0));
        json.WriteString("cwd", Kernel.WorkingDirectory());
        json.WriteStartArray("argv");
        foreach (var argument in arguments)
        {
            json.WriteStringValue(argument);
        }

        json.WriteEndArray();
        json.WriteStartObject("env");
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            json.WriteString((string)variable.Key, (string?)variable.Value);
        }

        json.WriteEndObject();
        var (host, domain) = Kernel.Names();
        json.WriteString("hostname", host);
        json.WriteString("domainname", domain);
        WriteLimits(json);
    }

    private static void WriteCredentials(Utf8JsonWriter json)
    {
        var users = Kernel.Users();
        var groups = Kernel.Groups();
        json.WriteNumber("uid", users.Effective);
        json.WriteNumber("gid", groups.Effective);
        WriteNumbers(json, "uids", [users.Real, users.Effective, users.Saved]);
        WriteNumbers(json, "gids", [groups.Real, groups.Effective, groups.Saved]);
        WriteNumbers(json, "groups", Kernel.SupplementaryGroups());
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, uint[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteLimits(Utf8JsonWriter json)
    {
        json.WriteStartObject("rlimits");
        for (var resource = 0; resource < Limits.Length; resource++)
        {
            if (Kernel.Limit(resource) is { } limit)
            {
                json.WriteStartObject(Limits[resource]);
                json.WriteNumber("soft", limit.Soft);
                json.WriteNumber("hard", limit.Hard);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }
}
