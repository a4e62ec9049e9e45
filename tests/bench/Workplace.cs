using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Harness;

namespace Hull.Bench;

/// <summary>The bundles that every contender runs, in a directory and with cgroups of the benchmark's own; both go with it.</summary>
internal sealed class Workplace : IDisposable
{
    public Workplace()
    {
        Programs = Environment.GetEnvironmentVariable("HULL_BENCH_PROGRAMS")
            ?? throw new InvalidOperationException("HULL_BENCH_PROGRAMS is not set: start this by ./build.sh bench");
        Home = Directory.CreateTempSubdirectory("hull-bench-").FullName;
        States = Directory.Exists("/dev/shm") ? Path.Combine("/dev/shm", Path.GetFileName(Home)) : Path.Combine(Home, "states");
        Directory.CreateDirectory(States);
        Short = MakeBundle("short", "true");
        Long = MakeBundle("long", "sleep", "1000");
    }

    /// <summary>Where build.sh put the C programs.</summary>
    public string Programs { get; }

    public string Home { get; }

    /// <summary>Where the runtimes keep their states: a tmpfs where there is one, as /run is on nearly every host.</summary>
    public string States { get; }

    /// <summary>The bundle whose program ends at once.</summary>
    public string Short { get; }

    /// <summary>The bundle whose program has to be killed.</summary>
    public string Long { get; }

    public static string CgroupPrefix { get; } = string.Create(CultureInfo.InvariantCulture, $"/hull-bench-{Environment.ProcessId}");

    public void Dispose()
    {
        foreach (var hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            var parent = hierarchy + CgroupPrefix;
            if (Directory.Exists(parent))
            {
                foreach (var left in Directory.EnumerateDirectories(parent).Append(parent).ToArray())
                {
                    RemoveCgroup(left);
                }
            }
        }

        // Never across a mount that a broken runtime left.
        if (File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains(Home, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine($"something is still mounted below {Home}: it is left there");
            return;
        }

        Directory.Delete(Home, recursive: true);
        if (Directory.Exists(States))
        {
            Directory.Delete(States, recursive: true);
        }
    }

    private string MakeBundle(string name, params string[] arguments)
    {
        var bundle = Path.Combine(Home, name);
        var rootfs = Path.Combine(bundle, "rootfs");
        foreach (var directory in new[] { "bin", "dev", "proc", "sys", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(rootfs, directory));
        }

        File.Copy(Find("busybox"), Path.Combine(rootfs, "bin/busybox"));
        if (!arguments[0].StartsWith('/'))
        {
            File.CreateSymbolicLink(Path.Combine(rootfs, "bin", arguments[0]), "busybox");
        }

        var config = DefaultConfig.Create();
        config["process"]!["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        // Each contender replaces the marked word by its own name: no two ever share a cgroup.
        config["linux"]!["cgroupsPath"] = CgroupPrefix + "/NAME";
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        return bundle;
    }

    /// <summary>A bundle whose program has so much memory.</summary>
    public string MakeMemoryBundle(int mebibytes)
    {
        var bundle = MakeBundle("memory", "/memory", mebibytes.ToString(CultureInfo.InvariantCulture));
        File.Copy(Path.Combine(Programs, "memory"), Path.Combine(bundle, "rootfs/memory"));
        return bundle;
    }

    /// <summary>The bundle as one contender sees it: the same rootfs, a cgroup named after the contender.</summary>
    public string For(string bundle, string contender)
    {
        var own = Path.Combine(Home, contender, Path.GetFileName(bundle));
        Directory.CreateDirectory(own);
        File.CreateSymbolicLink(Path.Combine(own, "rootfs"), Path.Combine(bundle, "rootfs"));
        var text = File.ReadAllText(Path.Combine(bundle, "config.json"));
        File.WriteAllText(Path.Combine(own, "config.json"), text
            .Replace("/NAME", "/" + contender, StringComparison.Ordinal)
            .Replace("\"path\":\"rootfs\"", $"\"path\":\"{bundle}/rootfs\"", StringComparison.Ordinal));
        return own;
    }

    public static string Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{name} is not on the PATH: ./build.sh bench installs it");

    private static void RemoveCgroup(string directory)
    {
        // Directory.Delete would first try to delete the files in it; a cgroup goes by rmdir alone.
        using var process = Process.Start("rmdir", directory);
        process.WaitForExit();
    }
}
