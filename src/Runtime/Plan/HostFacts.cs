using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What planning must know of this host, found out once (Create/HostProbe.cs). Plain data: a test writes it by hand.</summary>
internal sealed record HostFacts
{
    /// <summary>CAP_SYS_ADMIN. linux/capability.h</summary>
    public const int SystemAdministration = 21;

    /// <summary>Our effective user.</summary>
    public required uint UserId { get; init; }

    /// <summary>Our effective group.</summary>
    public required uint GroupId { get; init; }

    /// <summary>The kernel's version.</summary>
    public required KernelVersion Kernel { get; init; }

    /// <summary>The highest capability that this kernel has.</summary>
    public required int LastCapability { get; init; }

    /// <summary>We are in a user namespace other than the host's: root there has no privileges on the host.</summary>
    public required bool InUserNamespace { get; init; }

    /// <summary>What we may do: our permitted capabilities, in whatever user namespace we are.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>We have CAP_SYS_ADMIN, in whatever user namespace we are.</summary>
    public bool HasSystemAdministration => Capabilities.Contains(SystemAdministration);

    /// <summary>
    /// We may enter a namespace for a moment and come back: our own belong to the host, and so do we. In a user namespace, as everything
    /// of rootless Podman is, they belong to a user namespace above ours, and we could not come back.
    /// </summary>
    public bool MayEnterAndReturn => HasSystemAdministration && !InUserNamespace;

    /// <summary>Our soft limit of open files, which the .NET runtime may have raised at its start.</summary>
    public required ulong OpenFilesSoft { get; init; }

    /// <summary>Our hard limit of open files.</summary>
    public required ulong OpenFilesHard { get; init; }

    /// <summary>Which of our standard streams are the host's <c>/dev/null</c>: bit n is descriptor n.</summary>
    public int NullStreams { get; init; }

    /// <summary>The kernel shows its memory as <c>/proc/kcore</c>.</summary>
    public bool HasKernelMemory { get; init; } = true;

    /// <summary>The cgroup hierarchies and our places in them.</summary>
    public required CgroupFacts Cgroups { get; init; }

    /// <summary>The systemd that makes the container's cgroups; null where hull makes them itself.</summary>
    public SystemdFacts? Systemd { get; init; }

    /// <summary>The caller wants no cgroups: <c>--cgroup-manager disabled</c>.</summary>
    public bool CgroupsDisabled { get; init; }

    /// <summary>What <c>--rootless</c> says; null leaves it to the user that hull runs as.</summary>
    public bool? AskedRootless { get; init; }

    /// <summary>
    /// Everybody may search the directories above the container's root; only found out for a container with a user namespace, whose root
    /// is not the host's.
    /// </summary>
    public bool IsRootReachable { get; init; } = true;

    /// <summary>
    /// Of the paths of the host among device nodes and layers of overlays, those below a directory that not everybody may search; only found out for
    /// a container with a user namespace.
    /// </summary>
    public ImmutableArray<string> OutOfReach { get; init; } = [];

    /// <summary>Where proc and sysfs are mounted; only found out for a container whose root is moved, not pivoted.</summary>
    public ImmutableArray<string> KernelFilesystemMounts { get; init; } = [];

    /// <summary>Not root as the host knows it: what such a caller cannot do is left out where the configuration does not insist.</summary>
    public bool Rootless => UserId != 0 || InUserNamespace;

    /// <summary>A container that asks for no limit may be without cgroups where we may not make any.</summary>
    public bool MayLackCgroups => AskedRootless ?? Rootless;
}

/// <summary>A version of the kernel.</summary>
internal readonly record struct KernelVersion(int Major, int Minor)
{
    /// <summary>This kernel is that version or newer.</summary>
    public bool AtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <summary>Reads <c>6.18.44-anything</c>; what cannot be read counts as zero, the oldest.</summary>
    public static KernelVersion Parse(ReadOnlySpan<byte> release)
    {
        int major = ReadNumber(ref release);
        release = release.IsEmpty ? release : release[1..];
        return new KernelVersion(major, ReadNumber(ref release));
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> text)
    {
        int value = 0;
        while (!text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + text[0] - '0';
            text = text[1..];
        }

        return value;
    }
}

/// <summary>The systemd that makes the container's cgroups.</summary>
/// <param name="Version">Its version: 257.</param>
/// <param name="ControlGroup">The cgroup below which all its units are, without a slash at the end; empty for the hierarchy's root.</param>
/// <param name="OfUser">It is the user's own one, not the system's.</param>
internal sealed record SystemdFacts(int Version, string ControlGroup, bool OfUser)
{
    /// <summary>Reads <c>257.13-1~deb13u1</c>, <c>v252</c> or <c>systemd 241</c>; what cannot be read counts as 0, the oldest.</summary>
    public static int ParseVersion(string text)
    {
        int start = text.AsSpan().IndexOfAnyInRange('0', '9');
        int length = start < 0 ? 0 : text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = start < 0 ? "0" : length < 0 ? text.AsSpan(start) : text.AsSpan(start, length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0;
    }
}
