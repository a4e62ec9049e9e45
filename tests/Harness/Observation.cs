using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.Harness;

/// <summary>What the observer saw inside a container; the properties are those of tests/Observer.</summary>
public sealed class Observation(string text)
{
    private readonly JsonObject _seen = JsonNode.Parse(text)!.AsObject();

    public int Number(string name) => (int)_seen[name]!;

    public string? Text(string name) => (string?)_seen[name];

    public bool RootWritable => (bool)_seen["rootWritable"]!;

    public string[] Strings(string name) => [.. _seen[name]!.AsArray().Select(item => (string)item!)];

    public int[] Numbers(string name) => [.. _seen[name]!.AsArray().Select(item => (int)item!)];

    public Dictionary<string, string?> Environment => _seen["env"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string?)pair.Value);

    public (ulong Soft, ulong Hard) Limit(string name) => ((ulong)_seen["rlimits"]![name]!["soft"]!, (ulong)_seen["rlimits"]![name]!["hard"]!);

    public string? Namespace(string name) => (string?)_seen["namespaces"]![name];

    public SortedDictionary<int, string> Descriptors =>
        new(_seen["descriptors"]!.AsObject().ToDictionary(pair => int.Parse(pair.Key, CultureInfo.InvariantCulture), pair => (string)pair.Value!));

    /// <summary>A capability set as the numbers of its members.</summary>
    public int[] Capabilities(string set)
    {
        var mask = Convert.ToUInt64((string)_seen["capabilities"]![set]!, 16);
        return [.. Enumerable.Range(0, 64).Where(number => (mask >> number & 1) == 1)];
    }

    public SeenPath Path(string path) => new(path, _seen["paths"]![path]!.AsObject());

    public Dictionary<string, SeenPath> Devices => _seen["devices"]!.AsObject().ToDictionary(pair => pair.Key, pair => new SeenPath("/dev/" + pair.Key, pair.Value!.AsObject()));

    public SeenMount[] Mounts => [.. _seen["mounts"]!.AsArray().Select(item => new SeenMount(item!.AsObject()))];

    /// <summary>The mount on top at a point.</summary>
    public SeenMount Mount(string point) =>
        Mounts.LastOrDefault(mount => mount.Point == point) ?? throw new InvalidOperationException($"nothing is mounted at {point}");
}

public sealed class SeenMount(JsonObject seen)
{
    public string Point => (string)seen["point"]!;

    public string Root => (string)seen["root"]!;

    public string Type => (string)seen["type"]!;

    public string Source => (string)seen["source"]!;

    public string[] Options => ((string)seen["options"]!).Split(',');

    public string[] Superblock => ((string)seen["superblock"]!).Split(',');

    public string Propagation => (string)seen["propagation"]!;
}

public sealed class SeenPath(string path, JsonObject seen)
{
    public string Name => path;

    public bool Exists => (bool?)seen["exists"] ?? true;

    public string? Type => (string?)seen["type"];

    /// <summary>Permissions in octal, as `chmod` takes them.</summary>
    public string Mode => Convert.ToString((int)seen["mode"]!, 8);

    public int User => (int)seen["uid"]!;

    public int Group => (int)seen["gid"]!;

    public (int Major, int Minor) Device => ((int)seen["major"]!, (int)seen["minor"]!);

    public string? Target => (string?)seen["target"];

    /// <summary>errno of asking for write access, 0 when allowed.</summary>
    public int WriteError => (int)seen["writeError"]!;

    public int ReadError => (int)seen["readError"]!;

    public int? Length => (int?)seen["length"];

    public string? Content => (string?)seen["text"];

    public string[] Entries => [.. seen["entries"]!.AsArray().Select(item => (string)item!)];
}
