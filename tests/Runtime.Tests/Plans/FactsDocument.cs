using System.Collections.Immutable;
using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime.Tests.Plans;

/// <summary>Facts about a host as the section <c>facts.json</c> of a golden plan writes them. A name that is not known is an error.</summary>
internal sealed record FactsDocument
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public required uint UserId { get; init; }

    public required uint GroupId { get; init; }

    /// <summary>As uname(2) says it: <c>6.1</c>.</summary>
    public required string Kernel { get; init; }

    public required int LastCapability { get; init; }

    public required bool InUserNamespace { get; init; }

    /// <summary>Names, or <c>all</c> alone.</summary>
    public required string[] Capabilities { get; init; }

    public required ulong OpenFilesSoft { get; init; }

    public required ulong OpenFilesHard { get; init; }

    public required CgroupsDocument Cgroups { get; init; }

    /// <summary>The systemd that makes cgroups; absent where hull makes them.</summary>
    public SystemdFacts? Systemd { get; init; }

    public string[] KernelFilesystemMounts { get; init; } = [];

    /// <summary>Descriptors among 0, 1 and 2 that are the host's /dev/null.</summary>
    public int[] NullStreams { get; init; } = [];

    public bool HasKernelMemory { get; init; } = true;

    public bool IsRootReachable { get; init; } = true;

    public string[] OutOfReach { get; init; } = [];

    /// <summary>Reads a document.</summary>
    internal static HostFacts Read(byte[] json)
    {
        FactsDocument document = JsonSerializer.Deserialize<FactsDocument>(json, Options)!;
        return new HostFacts
        {
            UserId = document.UserId,
            GroupId = document.GroupId,
            Kernel = KernelVersion.Parse(System.Text.Encoding.ASCII.GetBytes(document.Kernel)),
            LastCapability = document.LastCapability,
            InUserNamespace = document.InUserNamespace,
            Capabilities = SetOf(document),
            OpenFilesSoft = document.OpenFilesSoft,
            OpenFilesHard = document.OpenFilesHard,
            Cgroups = document.Cgroups.ToFacts(),
            Systemd = document.Systemd,
            IsRootReachable = document.IsRootReachable,
            OutOfReach = [.. document.OutOfReach],
            KernelFilesystemMounts = [.. document.KernelFilesystemMounts],
            NullStreams = document.NullStreams.Aggregate(0, (streams, stream) => streams | (1 << stream)),
            HasKernelMemory = document.HasKernelMemory,
        };
    }

    private static CapabilitySet SetOf(FactsDocument document)
    {
        if (document.Capabilities is ["all"])
        {
            return CapabilitySet.UpTo(document.LastCapability);
        }

        CapabilitySet set = CapabilitySet.Empty;
        foreach (string name in document.Capabilities)
        {
            int capability = Oci.CapabilityNames.NumberOf(name);
            capability.Should().BeGreaterThanOrEqualTo(0, $"{name} must be a capability");
            set = set.With(capability);
        }

        return set;
    }
}

internal sealed record CgroupsDocument
{
    public HierarchyDocument[] V1 { get; init; } = [];

    public HierarchyDocument? V2 { get; init; }

    internal CgroupFacts ToFacts() =>
        new([.. V1.Select(hierarchy => hierarchy.ToHierarchy())], V2?.ToHierarchy());
}

internal sealed record HierarchyDocument
{
    public required string Mount { get; init; }

    public required string[] Controllers { get; init; }

    public required string Own { get; init; }

    internal CgroupHierarchy ToHierarchy() => new(Mount, [.. Controllers], Own);
}
