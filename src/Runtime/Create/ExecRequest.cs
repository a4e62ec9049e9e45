using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What is asked for: this program, in that container.</summary>
internal sealed record ExecRequest
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The container's own configuration, as it was when it was made.</summary>
    public required Config Config { get; init; }

    /// <summary>The container's first process, as the host numbers it.</summary>
    public required int FirstProcess { get; init; }

    /// <summary>The absolute path of its root file system: entered where the container has no mount namespace.</summary>
    public required string Rootfs { get; init; }

    /// <summary>The program, free of violations.</summary>
    public required Process Process { get; init; }

    /// <summary>Where it will be in the hierarchies of cgroups.</summary>
    public required ExecCgroups Cgroups { get; init; }

    /// <summary>The container's bundle, where relative paths of the host begin.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>How it is attached to its caller.</summary>
    public Attachment Attachment { get; init; } = new();

    /// <summary>When the container was created, as its record tells it: a part of its keyring's name.</summary>
    public string Created { get; init; } = "";

    /// <summary>The container was made in the session keyring of its caller: this program is, too.</summary>
    public bool KeepKeyring { get; init; }
}
