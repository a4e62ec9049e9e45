using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Makes the specification's form of a profile that an engine keeps: rules whose conditions hold for a container, and the architectures that go
/// with the processor. Docker's, Podman's and containerd's profiles have this form.
/// </summary>
/// <param name="Capabilities">The container's bounding set, by name.</param>
/// <param name="Architecture">The processor.</param>
/// <param name="Kernel">The kernel's version.</param>
internal sealed record EngineProfile(IReadOnlyList<string> Capabilities, SeccompArchitecture Architecture, KernelVersion Kernel)
{
    private string GoArchitecture => Architecture == SeccompArchitecture.Arm64 ? "arm64" : "amd64";

    /// <summary>The profile for this container.</summary>
    public Oci.Seccomp Resolve(Oci.Seccomp profile) => profile with
    {
        Architectures = profile.ArchMap is { } map ? ArchitecturesOf(map) : profile.Architectures,
        ArchMap = null,
        Syscalls = profile.Syscalls is { } rules ? [.. rules.Where(IsThere).Select(rule => rule with { Includes = null, Excludes = null })] : null,
    };

    private IReadOnlyList<SeccompArchitecture> ArchitecturesOf(IReadOnlyList<SeccompArchitectureMap> map)
    {
        SeccompArchitectureMap? own = map.FirstOrDefault(entry => entry.Architecture == Architecture.SpecName());
        return own is null ? [] : [Architecture, .. Enum.GetValues<SeccompArchitecture>().Where(other => own.SubArchitectures?.Contains(other.SpecName()) == true)];
    }

    private bool IsThere(SeccompSyscall rule) => (rule.Includes is null || HoldsAll(rule.Includes)) && (rule.Excludes is null || !HoldsAny(rule.Excludes));

    private bool HoldsAll(SeccompCondition condition) =>
        (condition.Arches is not { Count: > 0 } arches || arches.Contains(GoArchitecture))
        && (condition.Caps ?? []).All(Capabilities.Contains)
        && (string.IsNullOrEmpty(condition.MinKernel) || IsAtLeast(condition.MinKernel));

    private bool HoldsAny(SeccompCondition condition) =>
        condition.Arches?.Contains(GoArchitecture) == true
        || (condition.Caps ?? []).Any(Capabilities.Contains)
        || (!string.IsNullOrEmpty(condition.MinKernel) && IsAtLeast(condition.MinKernel));

    private bool IsAtLeast(string version)
    {
        KernelVersion wanted = KernelVersion.Parse(System.Text.Encoding.UTF8.GetBytes(version));
        return Kernel.AtLeast(wanted.Major, wanted.Minor);
    }
}
