using System.Diagnostics;

namespace Hull.Harness;

/// <summary>A root file system of Debian's static busybox and the observer.</summary>
public static class Rootfs
{
    private static readonly string[] Directories =
        ["bin", "dev", "etc", "home", "proc", "root", "run", "sbin", "sys", "tmp", "usr/bin", "usr/sbin", "var"];

    private static readonly Lazy<string[]> Applets = new(ListApplets);

    public static void Create(string root)
    {
        foreach (var directory in Directories)
        {
            Directory.CreateDirectory(Path.Combine(root, directory));
        }

        var busybox = Requires.Find("busybox") ?? throw new InvalidOperationException("busybox is missing: ./build.sh test installs busybox-static");
        File.Copy(busybox, Path.Combine(root, "bin/busybox"));
        File.Copy(HullBinary.Observer, Path.Combine(root, "observer"));
        foreach (var applet in Applets.Value)
        {
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        }

        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n");
        File.WriteAllText(Path.Combine(root, "etc/group"), "root:x:0:\nuser:x:1000:\n");
    }

    private static string[] ListApplets()
    {
        var start = new ProcessStartInfo("busybox", "--list") { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var names = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return [.. names.Where(name => name != "busybox")];
    }
}
