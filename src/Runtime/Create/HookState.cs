using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The state document that hooks read on standard input (HOOK-03, STATE-01).</summary>
internal static class HookState
{
    /// <param name="record">The container.</param>
    /// <param name="status">Where in its life it is (HOOK-10).</param>
    /// <param name="pid">Its process, as the hook's pid namespace numbers it; 0 when there is none (HOOK-11).</param>
    public static byte[] Of(ContainerRecord record, ContainerStatus status, int pid) => Json.Write(StateOf(record, status, pid), indented: false);

    /// <summary>The same as an object, for a document that it is a part of.</summary>
    public static State StateOf(ContainerRecord record, ContainerStatus status, int pid) => new()
    {
        OciVersion = record.OciVersion,
        Id = record.Id,
        Pid = pid,
        Status = status,
        Bundle = record.Bundle,
        Annotations = record.Annotations.IsEmpty ? null : new Map<string>([.. record.Annotations]),
    };
}
