using System.Text.Json;

namespace Hull.Runtime.Tests.Probing;

/// <summary>Facts about a host as a file beside a golden plan.</summary>
internal static class FactsDocument
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    internal static HostFacts Read(string json) => JsonSerializer.Deserialize<HostFacts>(json, Options)!;

    internal static string Write(HostFacts facts) => JsonSerializer.Serialize(facts, Options);
}
