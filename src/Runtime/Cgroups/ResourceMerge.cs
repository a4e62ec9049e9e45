using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Changes of <c>linux.resources</c> laid over those that a container has. What is absent, empty or, where the specification says so,
/// zero changes nothing; the attributes of the records say which is which.
/// </summary>
internal static class ResourceMerge
{
    /// <summary>The resources after the change.</summary>
    public static Resources Apply(Resources kept, Resources change) =>
        kept.Merge(change with { Memory = change.Memory is { } memory ? memory with { Swap = SwapOf(memory) } : null })!;

    /// <summary>Without a limit of memory, one of memory and swap together would be a limit of memory again.</summary>
    internal static long? SwapOf(MemoryResources change) => change is { Limit: -1, Swap: null or 0 } ? -1 : change.Swap;
}
