using System.Globalization;

namespace Hull.Conformance.Suite;

/// <summary>What cases of limits are written with: values in the configuration, and what the files of the cgroup say.</summary>
internal static class Limits
{
    internal static Bundle Memory(this Bundle bundle, string property, long value) => bundle.With("linux.resources.memory." + property, value);

    internal static Bundle Cpu(this Bundle bundle, string property, long value) => bundle.With("linux.resources.cpu." + property, value);

    internal static bool IsVersion1(string controller) => Cgroups.Version1Mount(controller) is not null;

    internal static string Read1(Bundle bundle, string controller, string file) => File.ReadAllText(Cgroups.Version1Mount(controller) + bundle.CgroupPath + "/" + file).Trim();

    internal static string Read2(Bundle bundle, string file) => File.ReadAllText(Cgroups.V2Mount + bundle.CgroupPath + "/" + file).Trim();

    // Files of limits are absent at the top of a hierarchy: any cgroup below shows what the kernel has.
    internal static string FirstBelow(string controller, string file)
    {
        var mount = Cgroups.Version1Mount(controller)!;
        return Directory.EnumerateDirectories(mount).Select(directory => Path.Combine(directory, file)).FirstOrDefault(File.Exists) ?? Path.Combine(mount, file);
    }

    internal static void Version2() => Skip.Unless(
        Cgroups.V2Mount is { } mount && File.ReadAllText(mount + "/cgroup.controllers").Contains("memory", StringComparison.Ordinal), "needs the controllers of cgroup v2");

    internal static (int Major, int Minor) Disk()
    {
        var entry = Directory.EnumerateDirectories("/sys/block").Where(path => !path.Contains("/loop", StringComparison.Ordinal) && !path.Contains("/ram", StringComparison.Ordinal))
            .Select(path => path + "/dev").FirstOrDefault(File.Exists);
        Skip.Unless(entry is not null, "needs a disk");
        int[] numbers = [.. File.ReadAllText(entry!).Trim().Split(':').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }
}
