using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Engines;

/// <summary>An image of Debian's static busybox, as the archive that `docker save` would write: made here, downloaded from nowhere.</summary>
internal static class BusyboxImage
{
    public const string Name = "docker.io/library/hull-test-busybox:latest";

    public static void Write(string path)
    {
        var layer = Layer();
        var digest = Convert.ToHexStringLower(SHA256.HashData(layer));
        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/bin"), ["Cmd"] = new JsonArray("/bin/sh") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray("sha256:" + digest) },
        };
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = "config.json", ["RepoTags"] = new JsonArray(Name), ["Layers"] = new JsonArray("layer.tar"),
        });
        using var file = File.Create(path);
        using var archive = new TarWriter(file);
        AddFile(archive, "config.json", Encoding.UTF8.GetBytes(config.ToJsonString()));
        AddFile(archive, "layer.tar", layer);
        AddFile(archive, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static byte[] Layer()
    {
        using var memory = new MemoryStream();
        using (var archive = new TarWriter(memory))
        {
            foreach (var directory in new[] { "bin", "dev", "etc", "proc", "root", "sys", "tmp" })
            {
                archive.WriteEntry(new PaxTarEntry(TarEntryType.Directory, directory) { Mode = (UnixFileMode)0b111_101_101 });
            }

            AddFile(archive, "bin/busybox", File.ReadAllBytes(Requires.Find("busybox")!), (UnixFileMode)0b111_101_101);
            foreach (var applet in new[] { "sh", "echo", "cat", "sleep", "true", "hostname", "id", "ls" })
            {
                archive.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" });
            }
        }

        return memory.ToArray();
    }

    private static void AddFile(TarWriter archive, string name, byte[] content, UnixFileMode mode = (UnixFileMode)0b110_100_100) =>
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = mode, DataStream = new MemoryStream(content) });
}
