using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Storage;

/// <summary>A state directory of a test's own, gone with the test.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly string _above = Directory.CreateTempSubdirectory("hull-unit-").FullName;

    internal string Path => _above + "/state";

    internal StoreRoot Root => new(Path, true);

    /// <summary>A log that tells of nothing but failures.</summary>
    internal Log Log { get; } = new GlobalOptions().NewLog();

    internal ContainerStore Open() => ContainerStore.OpenOrMake(Root);

    internal ContainerDirectory Reserve(string id = "c1")
    {
        using ContainerStore store = Open();
        return store.Reserve(Intent(id), "{}"u8);
    }

    internal static ContainerRecord Intent(string id) => new()
    {
        Phase = RecordPhase.Intent,
        Id = id,
        OciVersion = "1.2.0",
        Bundle = "/bundles/" + id,
        Rootfs = "/bundles/" + id + "/rootfs",
        Created = "2026-01-02T03:04:05.600000000Z",
        OwnerUserId = Credentials.EffectiveUserId(),
        Cgroups = [],
    };

    internal static ContainerRecord Complete(string id, ProcessIdentity process, bool gate = false) =>
        Intent(id) with { Phase = RecordPhase.Complete, Process = process, StartSocket = gate, OwnPidNamespace = true };

    public void Dispose() => Directory.Delete(_above, recursive: true);
}
