using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Makes the manifest of a checkpoint, with what it was taken on.</summary>
internal static class ManifestMaker
{
    /// <param name="config">The configuration that the container was made with.</param>
    /// <param name="version">CRIU's.</param>
    /// <param name="directory">The images.</param>
    /// <param name="digests">Their content counts, not only their sizes.</param>
    public static Manifest Make(string id, ReadOnlySpan<byte> config, int version, CriuOptions options, Fd directory, bool digests) => new()
    {
        Id = id,
        Created = ContainerRecord.TimeText(DateTime.UtcNow),
        HullVersion = BuildFacts.Version,
        CriuVersion = CriuProgram.VersionText(version),
        Kernel = Encoding.ASCII.GetString(HostFiles.ReadAll(Fd.CurrentDirectory, "/proc/sys/kernel/osrelease")).TrimEnd(),
        Architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Processor = ProcessorFact("model name"),
        ProcessorFlags = [.. ProcessorFlags()],
        ConfigDigest = Manifest.DigestOf(config),
        ExternalMounts = [.. options.ExternalMounts.Select(mount => mount.Value).Distinct()],
        Files = Manifest.Survey(directory, digests),
    };

    /// <summary>What this host's processor can do: <c>flags</c> of /proc/cpuinfo, <c>Features</c> on arm64.</summary>
    public static string[] ProcessorFlags()
    {
        string flags = ProcessorFact("flags");
        return (flags.Length > 0 ? flags : ProcessorFact("Features")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string ProcessorFact(string name)
    {
        foreach (string line in Encoding.UTF8.GetString(HostFiles.ReadAll(Fd.CurrentDirectory, "/proc/cpuinfo")).Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).TrimEnd().SequenceEqual(name))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return "";
    }
}
