using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A container as it will be: the configuration with every absent property resolved, so that planning never asks whether
/// something is there. "Absent" and "empty" differ only here.
/// </summary>
internal sealed record ResolvedContainer
{
    public required string Id { get; init; }

    public required string Bundle { get; init; }

    /// <summary>Absolute path of the root file system.</summary>
    public required string Rootfs { get; init; }

    public required bool RootReadOnly { get; init; }

    public required RootfsPropagation? RootPropagation { get; init; }

    public required ImmutableArray<Mount> Mounts { get; init; }

    /// <summary>The SELinux label of the file systems that are mounted; null for none.</summary>
    public required string? MountLabel { get; init; }

    public required ImmutableArray<Device> Devices { get; init; }

    public required ImmutableArray<string> MaskedPaths { get; init; }

    public required ImmutableArray<string> ReadonlyPaths { get; init; }

    public required string? Hostname { get; init; }

    public required string? Domainname { get; init; }

    public required ResolvedNamespaces Namespaces { get; init; }

    public required ImmutableArray<IdMapping> UserIdMappings { get; init; }

    public required ImmutableArray<IdMapping> GroupIdMappings { get; init; }

    public required ImmutableArray<KeyValuePair<string, TimeOffset>> TimeOffsets { get; init; }

    public required string? CgroupsPath { get; init; }

    public required Resources Resources { get; init; }

    public required ImmutableArray<KeyValuePair<string, string>> Annotations { get; init; }
    /// <summary>Kernel parameters of the container's namespaces, by name, in the document's order.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> Sysctls { get; init; }

    /// <summary>The host's network interfaces that move into the container, by the host's name.</summary>
    public required ImmutableArray<KeyValuePair<string, NetDevice>> NetDevices { get; init; }

    public required IntelRdt? IntelRdt { get; init; }

    /// <summary>What runs in it first.</summary>
    public required ResolvedProgram Program { get; init; }

    public required ResolvedHooks Hooks { get; init; }

    public required bool WaitForStart { get; init; }

    public required RootChange RootChange { get; init; }

    public required bool NewKeyring { get; init; }

    /// <summary>When it is created; a part of its keyring's name.</summary>
    public required string Created { get; init; }

    /// <summary>Resolves what was asked for.</summary>
    /// <exception cref="RuntimeError">An absent property has no sensible value.</exception>
    public static ResolvedContainer Of(CreateRequest request, ResolvedSeccomp seccomp)
    {
        Config config = request.Config;
        LinuxConfig linux = config.Linux ?? new LinuxConfig();
        ResolvedNamespaces namespaces = ResolvedNamespaces.Of(linux.Namespaces ?? []);
        var attachment = new Attachment(
            request.Foreground && !request.WaitForStart, request.ConsoleSocket, request.PidfdSocket, request.PreservedDescriptors, request.Sockets);
        ResolvedProgram program = ResolvedProgram.Of(config.Process ?? (request.WaitForStart ? ResolvedProcess.None : null), linux, namespaces, seccomp, attachment);
        program = program with { Process = NotifyPlanning.Tell(program.Process, request.NotifyDirectory) };
        return new ResolvedContainer
        {
            Id = request.Id,
            Bundle = request.Bundle,
            Rootfs = request.Rootfs,
            RootReadOnly = config.Root.Readonly ?? false,
            RootPropagation = linux.RootfsPropagation,
            Mounts = NotifyPlanning.Mounts(config.Mounts ?? [], request.NotifyDirectory),
            MountLabel = string.IsNullOrEmpty(linux.MountLabel) ? null : linux.MountLabel,
            Devices = [.. linux.Devices ?? []],
            MaskedPaths = [.. linux.MaskedPaths ?? []],
            ReadonlyPaths = [.. linux.ReadonlyPaths ?? []],
            Hostname = config.Hostname,
            Domainname = config.Domainname,
            Namespaces = namespaces,
            UserIdMappings = MappingsOf(linux.UidMappings, namespaces),
            GroupIdMappings = MappingsOf(linux.GidMappings, namespaces),
            TimeOffsets = linux.TimeOffsets is { } offsets ? [.. offsets] : [],
            CgroupsPath = linux.CgroupsPath,
            Resources = (linux.Resources ?? new Resources()).OfVersion(config.OciVersion),
            Annotations = config.Annotations is { } annotations ? [.. annotations] : [],
            Sysctls = linux.Sysctl is { } parameters ? [.. parameters] : [],
            NetDevices = linux.NetDevices is { } devices ? [.. devices] : [],
            IntelRdt = linux.IntelRdt,
            Program = program,
            Hooks = ResolvedHooks.Of(config.Hooks ?? new Hooks(), program.Process.Environment, program.Process.Home),
            WaitForStart = request.WaitForStart,
            RootChange = !namespaces.IsNew(NamespaceKinds.Mount) ? RootChange.ChangeRoot : request.NoPivot ? RootChange.Move : RootChange.Pivot,
            NewKeyring = !request.NoNewKeyring,
            Created = request.Created,
        };
    }

    /// <summary>
    /// Podman writes <c>0 0 1</c> for a container that joins a pod's user namespace, whatever that maps, for a runc that wanted some mapping there:
    /// it counts as none.
    /// </summary>
    private static ImmutableArray<IdMapping> MappingsOf(IReadOnlyList<IdMapping>? mappings, ResolvedNamespaces namespaces)
    {
        bool isPlaceholder = namespaces.IsJoined(NamespaceKinds.User) && mappings is [{ ContainerId: 0, HostId: 0, Size: 1 }];
        return namespaces.Has(NamespaceKinds.User) && !isPlaceholder ? [.. mappings ?? []] : [];
    }
}

/// <summary>Which namespaces are new, which are joined; the rest are the runtime's own (NS-02).</summary>
internal sealed record ResolvedNamespaces
{
    /// <summary>Those that are made.</summary>
    public required NamespaceKinds New { get; init; }

    /// <summary>Those that are joined, with the paths that lead to them and their places in the configuration.</summary>
    public required ImmutableArray<JoinedNamespace> Joined { get; init; }

    /// <summary>Those that the container has for itself or shares with others.</summary>
    public NamespaceKinds All
    {
        get
        {
            NamespaceKinds all = New;
            foreach (JoinedNamespace joined in Joined)
            {
                all |= joined.Kind;
            }

            return all;
        }
    }

    /// <summary>The container has one of its own or joins one.</summary>
    public bool Has(NamespaceKinds kind) => IsNew(kind) || IsJoined(kind);

    public bool IsNew(NamespaceKinds kind) => (New & kind) != 0;

    public bool IsJoined(NamespaceKinds kind)
    {
        foreach (JoinedNamespace joined in Joined)
        {
            if (joined.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    public static ResolvedNamespaces Of(IReadOnlyList<Namespace> namespaces)
    {
        NamespaceKinds made = 0;
        var joined = ImmutableArray.CreateBuilder<JoinedNamespace>();
        for (var i = 0; i < namespaces.Count; i++)
        {
            NamespaceKinds kind = KindOf(namespaces[i].Type);
            if (string.IsNullOrEmpty(namespaces[i].Path))
            {
                made |= kind;
            }
            else
            {
                joined.Add(new JoinedNamespace(kind, namespaces[i].Path!, i));
            }
        }

        return new ResolvedNamespaces { New = made, Joined = joined.ToImmutable() };
    }

    /// <summary>The kernel's kind of what the specification calls a type.</summary>
    public static NamespaceKinds KindOf(NamespaceType type) => type switch
    {
        NamespaceType.Pid => NamespaceKinds.Pid,
        NamespaceType.Network => NamespaceKinds.Network,
        NamespaceType.Mount => NamespaceKinds.Mount,
        NamespaceType.Ipc => NamespaceKinds.Ipc,
        NamespaceType.Uts => NamespaceKinds.Uts,
        NamespaceType.User => NamespaceKinds.User,
        NamespaceType.Cgroup => NamespaceKinds.Cgroup,
        NamespaceType.Time => NamespaceKinds.Time,
    };
}

/// <summary>A namespace that the container shares with others.</summary>
/// <param name="Index">Its place in <c>linux.namespaces</c>.</param>
internal readonly record struct JoinedNamespace(NamespaceKinds Kind, string Path, int Index);
