using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A file of a checkpoint, as it lay there when the checkpoint was taken.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Digest">Of its content; empty when the content may change by itself.</param>
internal sealed record ManifestFile(string Name, long Size, string Digest);

/// <summary>
/// manifest.json beside the images: who took the checkpoint, of what and where, and what the files were. Against damage, not against attackers:
/// whoever can change images can change this. A restore from damaged images may look like a success, with a program that dies at once.
/// </summary>
internal sealed record Manifest
{
    public const string FileName = "manifest.json";

    private const int CurrentFormat = 1, Chunk = 1024 * 1024;

    public required string Id { get; init; }

    /// <summary>When the checkpoint was taken: RFC 3339, UTC.</summary>
    public required string Created { get; init; }

    /// <summary>Of hull and of CRIU.</summary>
    public required string HullVersion { get; init; }

    public required string CriuVersion { get; init; }

    /// <summary>The kernel's release.</summary>
    public required string Kernel { get; init; }

    /// <summary>The kind of processor, and what it can do: programs may use any of it.</summary>
    public required string Architecture { get; init; }

    public required string Processor { get; init; }

    public required ImmutableArray<string> ProcessorFlags { get; init; }

    /// <summary>Of the configuration that the container was made with.</summary>
    public required string ConfigDigest { get; init; }

    /// <summary>The limits of that configuration, by their property (<see cref="RememberedLimits"/>); empty also in manifests that have none.</summary>
    public ImmutableSortedDictionary<string, string> Limits { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the image calls the mounts from outside.</summary>
    public required ImmutableArray<string> ExternalMounts { get; init; }

    public required ImmutableArray<ManifestFile> Files { get; init; }

    /// <summary>The digest of some bytes.</summary>
    public static string DigestOf(ReadOnlySpan<byte> bytes) => Text(XxHash128.Hash(bytes));

    /// <summary>The files of a directory that a restore reads.</summary>
    /// <param name="digests">False where files shrink by themselves (--auto-dedup): then only their sizes count.</param>
    public static ImmutableArray<ManifestFile> Survey(Fd directory, bool digests)
    {
        var files = ImmutableArray.CreateBuilder<ManifestFile>();
        byte[] buffer = new byte[Chunk];
        foreach (string name in HostFiles.ListDirectory(directory, ".").Order(StringComparer.Ordinal))
        {
            if (IsPart(name) && Look(directory, name, digests, buffer) is { } file)
            {
                files.Add(file);
            }
        }

        return files.ToImmutable();
    }

    /// <summary>What differs from the manifest, one sentence each; files beyond it are no difference.</summary>
    public IReadOnlyList<string> Differences(Fd directory)
    {
        var differences = new List<string>();
        byte[] buffer = new byte[Chunk];
        foreach (ManifestFile file in Files)
        {
            // A name of ours has no slash: a manifest from elsewhere must not lead out of the directory.
            ManifestFile? found = IsPart(file.Name) ? Look(directory, file.Name, file.Digest.Length > 0, buffer) : null;
            if (found is null)
            {
                differences.Add($"{CallerText.Printable(file.Name)} is missing");
            }
            else if (found.Size != file.Size)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{file.Name} has {found.Size} bytes, it had {file.Size}"));
            }
            else if (found.Digest != file.Digest)
            {
                differences.Add($"the content of {file.Name} has changed");
            }
        }

        return differences;
    }

    /// <summary>The document.</summary>
    public byte[] Write()
    {
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("format", CurrentFormat);
        json.Member("id", Id);
        json.Member("created", Created);
        json.Member("hull", HullVersion);
        json.Member("criu", CriuVersion);
        json.Member("kernel", Kernel);
        json.Member("architecture", Architecture);
        json.Member("processor", Processor);
        json.Member("processorFlags", string.Join(' ', ProcessorFlags));
        json.Member("configDigest", ConfigDigest);
        json.Name("limits");
        json.Open('{');
        Limits.ToList().ForEach(limit => json.Member(limit.Key, limit.Value));
        json.Close('}');
        json.Name("externalMounts");
        json.Open('[');
        ExternalMounts.ToList().ForEach(json.Value);
        json.Close(']');
        json.Name("files");
        json.Open('[');
        foreach (ManifestFile file in Files)
        {
            json.Open('{');
            json.Member("name", file.Name);
            json.Member("size", file.Size);
            json.Member("digest", file.Digest);
            json.Close('}');
        }

        json.Close(']');
        json.Close('}');
        return json.ToUtf8();
    }

    /// <summary>Reads it back.</summary>
    /// <exception cref="JsonException">It is none, or one of another format.</exception>
    public static Manifest Read(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        try
        {
            JsonElement root = json.RootElement;
            int format = root.GetProperty("format").GetInt32();
            string Text(string name) => root.GetProperty(name).GetString() ?? "";
            return format != CurrentFormat ? throw new JsonException($"format {format} is not format {CurrentFormat}, which this version of hull writes") : new Manifest
            {
                Id = Text("id"),
                Created = Text("created"),
                HullVersion = Text("hull"),
                CriuVersion = Text("criu"),
                Kernel = Text("kernel"),
                Architecture = Text("architecture"),
                Processor = Text("processor"),
                ProcessorFlags = [.. Text("processorFlags").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                ConfigDigest = Text("configDigest"),
                Limits = LimitsOf(root),
                ExternalMounts = [.. root.GetProperty("externalMounts").EnumerateArray().Select(mount => mount.GetString() ?? "")],
                Files = [.. root.GetProperty("files").EnumerateArray().Select(FileOf)],
            };
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("a member is missing or of the wrong kind", broken);
        }
    }

    private static ImmutableSortedDictionary<string, string> LimitsOf(JsonElement root) => root.TryGetProperty("limits", out JsonElement limits)
        ? limits.EnumerateObject().ToImmutableSortedDictionary(limit => limit.Name, limit => limit.Value.GetString() ?? "", StringComparer.Ordinal)
        : ImmutableSortedDictionary<string, string>.Empty;

    private static ManifestFile FileOf(JsonElement file) =>
        new(file.GetProperty("name").GetString() ?? "", file.GetProperty("size").GetInt64(), file.GetProperty("digest").GetString() ?? "");

    /// <summary>Not logs and statistics, which the restore itself writes, nor this.</summary>
    private static bool IsPart(string name) =>
        name is not (FileName or "" or "." or "..") && !name.Contains('/', StringComparison.Ordinal)
        && !name.EndsWith(".log", StringComparison.Ordinal) && !name.StartsWith("stats-", StringComparison.Ordinal) && !name.StartsWith('.');

    private static ManifestFile? Look(Fd directory, string name, bool digest, byte[] buffer)
    {
        SyscallResult opened = Hull.Linux.Files.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (opened.Errno is Errno.ENOENT or Errno.ELOOP)
        {
            return null;
        }

        using OwnedFd file = opened.OwnedOrThrow($"openat {name}");
        Hull.Linux.Files.Status(file, "", AtFlags.EmptyPath, out FileStatus status).OrThrow($"statx {name}");
        return status.Type == FileType.Regular ? new ManifestFile(name, status.Size, digest ? DigestOf(file, name, buffer) : "") : null;
    }

    private static string DigestOf(Fd file, string name, byte[] buffer)
    {
        var hash = new XxHash128();
        while (true)
        {
            int read = (int)Hull.Linux.Files.ReadWaiting(file, buffer).OrThrow($"read {name}");
            if (read == 0)
            {
                return Text(hash.GetCurrentHash());
            }

            hash.Append(buffer.AsSpan(0, read));
        }
    }

    private static string Text(byte[] digest) => "xxh128:" + Convert.ToHexStringLower(digest);
}
