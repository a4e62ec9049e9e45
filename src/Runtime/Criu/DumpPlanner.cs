using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a dump depends on of the container as it runs.</summary>
internal sealed record DumpFacts
{
    /// <summary>Its first process.</summary>
    public required int Pid { get; init; }

    /// <summary>Its root file system on the host.</summary>
    public required string Rootfs { get; init; }

    /// <summary>Its mounts, in the order of the kernel's table.</summary>
    public required ImmutableArray<ContainerMount> Mounts { get; init; }

    /// <summary>Where the destinations of the configuration's mounts lead, through the links of the image.</summary>
    public required ImmutableDictionary<string, string> Destinations { get; init; }

    /// <summary>The directory of its freezer; null for none.</summary>
    public string? Freezer { get; init; }

    /// <summary>The cgroups that CRIU shall see, and where the container begins in each; null for none: then CRIU leaves cgroups alone.</summary>
    public string? CgroupYard { get; init; }

    public ImmutableArray<CriuCgroupRoot> CgroupRoots { get; init; } = [];

    /// <summary>The numbers of its network and pid namespaces.</summary>
    public ulong NetworkNamespace { get; init; }

    public ulong PidNamespace { get; init; }
}

/// <summary>Plans a dump: the configuration and the container as it runs become options of CRIU. Pure.</summary>
internal static class DumpPlanner
{
    /// <summary>What the image calls a network or pid namespace that is not the container's own; runc's names.</summary>
    public const string ExternalNetwork = "extRootNetNS", ExternalPid = "extRootPidNS";

    public const string LogFile = "dump.log";

    /// <summary>What covers a masked file.</summary>
    public const string NullDevice = "/dev/null";

    /// <summary>Plans it.</summary>
    /// <param name="images">The open directory of images.</param>
    /// <param name="work">The open directory of the log.</param>
    public static CriuOptions Plan(CheckpointRequest request, Config config, DumpFacts facts, int images, int work)
    {
        var options = new CriuOptions
        {
            Images = images,
            Work = work,
            Pid = facts.Pid,
            Root = facts.Rootfs,
            LogFile = LogFile,
            LeaveRunning = request.LeaveRunning,
            ExternalUnixSockets = request.ExternalUnixSockets,
            TcpEstablished = request.TcpEstablished,
            TcpSkipInFlight = request.TcpSkipInFlight,
            TcpClose = request.TcpClose,
            ShellJob = request.ShellJob,
            FileLocks = request.FileLocks,
            LinkRemap = request.LinkRemap,
            AutoDedup = request.AutoDedup,
            LazyPages = request.LazyPages,
            ParentImages = request.ParentPath,
            PageServerAddress = request.PageServer?.Address,
            PageServerPort = request.PageServer?.Port ?? 0,
            CgroupMode = facts.CgroupYard is null ? CriuCgroupMode.Ignore : request.CgroupMode,
            CgroupRoots = facts.CgroupRoots,
            CgroupYard = facts.CgroupYard,
            NetworkLock = request.NetworkLock,
            Timeout = request.Timeout,
            GhostLimit = request.GhostLimit,
            FreezerCgroup = facts.Freezer,
            EmptyNamespaces = CriuFlags.NewNetwork,
            ConfigFile = CriuFlags.Settings(config.Annotations ?? []),
        };

        // What is saved of a container that goes on is its memory: mounts and namespaces wait for the checkpoint itself.
        return request.PreDump ? options : options with { External = Namespaces(config, facts), ExternalMounts = Mounts(config, facts) };
    }

    private static ImmutableArray<string> Namespaces(Config config, DumpFacts facts)
    {
        ResolvedNamespaces namespaces = ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []);
        var external = ImmutableArray.CreateBuilder<string>();
        if (namespaces.IsJoined(NamespaceKinds.Network))
        {
            external.Add(string.Create(CultureInfo.InvariantCulture, $"net[{facts.NetworkNamespace}]:{ExternalNetwork}"));
        }

        if (namespaces.IsJoined(NamespaceKinds.Pid))
        {
            external.Add(string.Create(CultureInfo.InvariantCulture, $"pid[{facts.PidNamespace}]:{ExternalPid}"));
        }

        return external.ToImmutable();
    }

    /// <summary>
    /// The mounts that CRIU must not look into: what they show is the host's. The image calls each by the place that the configuration names, so
    /// that a restore finds its source in the configuration of that moment; runc does the same, and its images can be read.
    /// </summary>
    private static ImmutableArray<KeyValuePair<string, string>> Mounts(Config config, DumpFacts facts)
    {
        bool ownCgroups = ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []).Has(NamespaceKinds.Cgroup);
        var binds = new Dictionary<string, string>(StringComparer.Ordinal);
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (Mount mount in config.Mounts ?? [])
        {
            string name = RootfsPath.Parse(mount.Destination).ToString();
            string place = facts.Destinations.GetValueOrDefault(mount.Destination, name);
            if (MountOptions.IsBind(mount))
            {
                binds[place] = name;
            }
            else
            {
                own.Add(place);
            }
        }

        var masked = (config.Linux?.MaskedPaths ?? []).Select(path => RootfsPath.Parse(path).ToString()).ToHashSet(StringComparer.Ordinal);
        var external = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (ContainerMount mount in facts.Mounts)
        {
            string? name = mount.IsCgroup && !ownCgroups ? mount.Point
                : binds.GetValueOrDefault(mount.Point) ?? (masked.Contains(mount.Point) && mount.Root == "/null" ? NullDevice
                : IsShownDevice(mount) || (!own.Contains(mount.Point) && IsBelowBind(mount, binds)) ? mount.Point
                : null);
            if (name is not null)
            {
                external.Add(KeyValuePair.Create(mount.Point, name));
            }
        }

        return external.ToImmutable();
    }

    /// <summary>In a user namespace, devices are files of the host's <c>/dev</c>.</summary>
    private static bool IsShownDevice(ContainerMount mount) => mount.Type is "devtmpfs" && mount.Root.Length > 1;

    /// <summary>A bind mount that has brought others with it.</summary>
    private static bool IsBelowBind(ContainerMount mount, Dictionary<string, string> binds) => binds.Keys.Any(mount.IsBelow);
}
