using System.Text.RegularExpressions;
using Hull.Skipping;

namespace Hull.Harness;

/// <summary>What a test needs of the machine; it is skipped, with the name of what is missing, where that is absent.</summary>
public static partial class Requires
{
    public static void Root() => Skip.Unless(Environment.UserName == "root", "needs root");

    public static void Hull(string reason) => Skip.Unless(HullBinary.IsHull, $"the runtime under test is not hull: {reason}");

    public static void CgroupV1(string controller) =>
        Skip.Unless(Cgroups.Version1Mount(controller) is not null, $"needs the {controller} controller of cgroup v1");

    public static void Program(string name) => Skip.Unless(Find(name) is not null, $"needs the program {name}");

    public static void Capability(int number, string name)
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapEff:", StringComparison.Ordinal));
        var held = Convert.ToUInt64(line["CapEff:".Length..].Trim(), 16);
        Skip.Unless((held >> number & 1) == 1, $"needs {name}");
    }

    public static void Kernel(int major, int minor)
    {
        var match = KernelVersion().Match(File.ReadAllText("/proc/sys/kernel/osrelease"));
        var version = new Version(match.Value);
        Skip.Unless(version >= new Version(major, minor), $"needs Linux {major}.{minor}, this is {version}");
    }

    public static void Namespace(string name) =>
        Skip.Unless(File.Exists("/proc/self/ns/" + name) || Directory.Exists("/proc/self/ns/" + name), $"needs {name} namespaces");

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin").Split(':')
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex KernelVersion();
}
