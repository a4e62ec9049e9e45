using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Engines;

/// <summary>
/// A configuration that an engine wrote on another machine, made to run on this one. Everything that is changed is changed here, a method
/// for each reason; all the rest is the engine's.
/// </summary>
internal static class EngineConfiguration
{
    /// <summary>Destinations of bind mounts that are files; every other is a directory.</summary>
    private static readonly string[] Files = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv", "/run/secrets/sec1", "/sbin/docker-init"];

    /// <summary>A question mark is one character, and never none.</summary>
    private static readonly EnumerationOptions Exactly = new() { MatchType = MatchType.Simple };

    private static string Folder =>
        Path.Combine(Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : SharedBeside(), "data/engine-configs");

    /// <summary>The names that fit, such as <c>*-??.json</c> for the configurations; where they are not, the pattern itself, to be skipped.</summary>
    public static IEnumerable<string> Names(string pattern) => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, pattern, Exactly).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
        : [pattern];

    /// <summary>One of them as it was written; skips the test where it is not.</summary>
    public static JsonObject Written(string name)
    {
        var file = Path.Combine(Folder, name);
        Skip.Unless(File.Exists(file), $"data/engine-configs/{name} is not there; set HULL_SHARED");
        return JsonNode.Parse(File.ReadAllText(file))!.AsObject();
    }

    /// <summary>Gives the bundle this configuration; the program is the test's.</summary>
    public static Bundle Configured(this Bundle bundle, string name)
    {
        bundle.Config.Clear();
        foreach (var (key, value) in Written(name))
        {
            bundle.Config[key] = value?.DeepClone();
        }

        // The root and the cgroups of every test.
        bundle.With("root.path", "rootfs").With("linux.cgroupsPath", bundle.CgroupPath);
        WithoutTerminal(bundle);
        WithNamespacesOfItsOwn(bundle);
        WithSourcesOfThisMachine(bundle);
        WithHooksOfThisMachine(bundle);
        WithLimitsThatMayBeSet(bundle);
        GiveRootTo(bundle);
        return bundle;
    }

    /// <summary>Nobody waits for the terminal.</summary>
    private static void WithoutTerminal(Bundle bundle)
    {
        bundle.With("process.terminal", false);
        bundle.Config["process"]!.AsObject().Remove("consoleSize");
    }

    /// <summary>Namespaces of other processes are made anew.</summary>
    private static void WithNamespacesOfItsOwn(Bundle bundle)
    {
        foreach (var entry in bundle.Config["linux"]!["namespaces"]!.AsArray())
        {
            entry!.AsObject().Remove("path");
        }
    }

    /// <summary>What is bound from the engine's directories is an empty file or directory; devices are this machine's, or are left out.</summary>
    private static void WithSourcesOfThisMachine(Bundle bundle)
    {
        var mounts = bundle.Config["mounts"]!.AsArray();
        foreach (var mount in mounts.ToArray())
        {
            var destination = (string)mount!["destination"]!;
            var source = (string?)mount["source"] ?? "";
            if ((string?)mount["type"] == "overlay")
            {
                mount["options"] = new JsonArray("lowerdir=" + Made(bundle, "lower", destination) + ":" + Made(bundle, "lowest", destination));
            }
            else if (!IsBind(mount))
            {
                continue;
            }
            else if (!source.StartsWith("/dev/", StringComparison.Ordinal))
            {
                mount["source"] = Made(bundle, "source", destination);
            }
            else if (!File.Exists(source))
            {
                mounts.Remove(mount);
            }
        }
    }

    private static bool IsBind(JsonNode mount) => mount["options"]?.AsArray().Any(option => (string?)option is "bind" or "rbind") == true;

    private static string Made(Bundle bundle, string kind, string destination)
    {
        var path = Path.Combine(bundle.Home, kind, destination.TrimStart('/').Replace('/', '-'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Files.Contains(destination))
        {
            File.WriteAllText(path, "");
        }
        else
        {
            Directory.CreateDirectory(path);
        }

        return path;
    }

    /// <summary>Hooks stay where they are in the container's life, and do nothing.</summary>
    private static void WithHooksOfThisMachine(Bundle bundle)
    {
        foreach (var (stage, hooks) in bundle.Config["hooks"]?.AsObject() ?? [])
        {
            foreach (var hook in hooks!.AsArray())
            {
                // This one is looked for inside the container.
                hook!["path"] = stage is "startContainer" ? "/bin/true" : Requires.Find("true");
            }
        }
    }

    /// <summary>The caller may not raise a hard limit everywhere.</summary>
    private static void WithLimitsThatMayBeSet(Bundle bundle) => WithLimitsThatMayBeSet(bundle.Config["process"]!);

    public static void WithLimitsThatMayBeSet(JsonNode process)
    {
        foreach (var limit in process["rlimits"]?.AsArray() ?? [])
        {
            limit!["hard"] = Math.Min((ulong)limit["hard"]!, 1024);
            limit["soft"] = Math.Min((ulong)limit["soft"]!, 1024);
        }
    }

    /// <summary>An engine gives the root directory to the container's own root.</summary>
    private static void GiveRootTo(Bundle bundle)
    {
        var owner = (uint?)bundle.Config["linux"]!["uidMappings"]?[0]?["hostID"];
        if (owner is not null)
        {
            new Command(bundle.Scratch, "chown", "--recursive", "--no-dereference", $"{owner}:{owner}", bundle.RootfsPath).Run().ShouldSucceed();
        }
    }

    private static string SharedBeside()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Runtime.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? "/", "../shared");
    }
}
