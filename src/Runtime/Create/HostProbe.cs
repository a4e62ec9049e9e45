using System.Collections.Immutable;
using Hull.Linux;
using Config = Hull.Oci.Config;
using Device = Hull.Oci.Device;
using Mount = Hull.Oci.Mount;
using Namespace = Hull.Oci.Namespace;
using NamespaceType = Hull.Oci.NamespaceType;

namespace Hull.Runtime;

/// <summary>
/// Finds out what planning must know of this host, in one pass: geteuid, getegid, capget, prlimit, statfs of the cgroup mount, statx of
/// the standard streams and of /proc/kcore, and one read each of osrelease, cap_last_cap, uid_map, cgroup and, unless cgroups are all of version 2, mountinfo.
/// </summary>
internal static class HostProbe
{
    private const string CgroupMount = "/sys/fs/cgroup";

    /// <summary>S_IXOTH: everybody may search a directory.</summary>
    private const uint Search = 1;

    /// <summary>The facts for a container, now.</summary>
    public static HostFacts Probe(CreateRequest request)
    {
        bool hasUserNamespace = false;
        foreach (Namespace one in request.Config.Linux?.Namespaces ?? [])
        {
            hasUserNamespace |= one.Type == NamespaceType.User;
        }

        HostFacts facts = Probe(request.NoPivot);
        return hasUserNamespace ? facts with { IsRootReachable = IsReachable(request.Rootfs), OutOfReach = OutOfReach(request.Config) } : facts;
    }

    /// <summary>Paths of the host that a container process will open, and that the root of a user namespace may not come to.</summary>
    private static ImmutableArray<string> OutOfReach(Config config)
    {
        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (Device device in config.Linux?.Devices ?? [])
        {
            Add(device.Path, device.Path[..(device.Path.LastIndexOf('/') + 1)]);
        }

        foreach (Mount mount in config.Mounts ?? [])
        {
            foreach (string layer in mount.Type == "overlay" ? OverlayLayers.In(MountOptions.Of(mount).Parameters) : [])
            {
                Add(layer, layer);
            }
        }

        return paths.ToImmutable();

        void Add(string path, string directory)
        {
            bool isClosed = !Files.Status(Fd.CurrentDirectory, directory, AtFlags.None, out FileStatus found).Failed && (found.Mode & Search) == 0;
            if (path.StartsWith('/') && (isClosed || !IsReachable(directory)))
            {
                paths.Add(path);
            }
        }
    }

    /// <summary>Everybody may search the directories above this one, up to the host's root. What is not there is for the plan to stumble over.</summary>
    private static bool IsReachable(string directory)
    {
        (ulong, DeviceNumber) last = default;
        for (string above = directory + "/.."; above.Length < 4096; above += "/..")
        {
            // Upwards, not lexically: the path may lead through links.
            SyscallResult asked = Files.Status(Fd.CurrentDirectory, above, AtFlags.None, out FileStatus found);
            if (asked.Failed || (found.Mode & Search) == 0)
            {
                return asked.Failed;
            }

            if (last == (found.Inode, found.ContainingDevice))
            {
                break;
            }

            last = (found.Inode, found.ContainingDevice);
        }

        return true;
    }

    /// <summary>The facts, now.</summary>
    /// <param name="withKernelFilesystems">Also where proc and sysfs are mounted (<see cref="HostFacts.KernelFilesystemMounts"/>).</param>
    public static HostFacts Probe(bool withKernelFilesystems = false)
    {
        byte[]? mounts = withKernelFilesystems ? Read("/proc/self/mountinfo") : null;
        return ProbeCaller() with
        {
            Kernel = KernelVersion.Parse(ReadSmall("/proc/sys/kernel/osrelease")),
            Cgroups = ProbeCgroups(mounts),
            HasKernelMemory = LookForKernelMemory(),
            KernelFilesystemMounts = mounts is null ? [] : MountTable.OfTypes(mounts, "proc", "sysfs"),
        };
    }

    // A container has /dev/core or not, and which of them is no matter of luck: what cannot be looked at is an error.
    private static bool LookForKernelMemory()
    {
        SyscallResult looked = Files.Status(Fd.CurrentDirectory, "/proc/kcore", AtFlags.SymlinkNoFollow, out _);
        if (looked.Errno is Errno.ENOENT or Errno.EACCES)
        {
            return false;
        }

        looked.OrThrow("stat /proc/kcore");
        return true;
    }

    /// <summary>What joining a container asks: our user and what it may do, but neither the kernel nor its hierarchies of cgroups.</summary>
    public static HostFacts ProbeCaller()
    {
        Capabilities.Get(0, out _, out CapabilitySet permitted, out _).OrThrow("capget");
        Processes.GetResourceLimit(0, ResourceLimit.OpenFiles, out ulong soft, out ulong hard).OrThrow("prlimit");
        return new HostFacts
        {
            UserId = Credentials.EffectiveUserId(),
            GroupId = Credentials.EffectiveGroupId(),
            Kernel = default,
            LastCapability = ReadNumber("/proc/sys/kernel/cap_last_cap"),
            InUserNamespace = UserNamespaces.IsInsideOne(),
            Capabilities = permitted,
            OpenFilesSoft = soft,
            OpenFilesHard = hard,
            Cgroups = CgroupFacts.None,
            NullStreams = NullStreams(),
        };
    }

    private static int NullStreams()
    {
        var streams = 0;
        for (var stream = 0; stream <= 2; stream++)
        {
            bool isNull = !Files.Status(new Fd(stream), "", AtFlags.EmptyPath, out FileStatus found).Failed
                && found.Type == FileType.CharacterDevice && found.Device == new DeviceNumber(1, 3);
            streams |= isNull ? 1 << stream : 0;
        }

        return streams;
    }

    /// <summary>The cgroups alone.</summary>
    /// <param name="mounts">The text of mountinfo where it has been read already.</param>
    public static CgroupFacts ProbeCgroups(byte[]? mounts = null)
    {
        byte[]? places = HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, "/proc/self/cgroup");
        if (places is null)
        {
            return CgroupFacts.None;
        }

        // The mount table of a busy host has thousands of lines, which a host with cgroup v2 alone need not read.
        if (IsV2Cgroup(CgroupMount) == true)
        {
            return new CgroupFacts([], WithControllers(new CgroupHierarchy(CgroupMount, [], CgroupHierarchies.V2Place(places))));
        }

        CgroupFacts facts = CgroupHierarchies.Parse(mounts ?? Read("/proc/self/mountinfo"), places);
        return facts.Layout == CgroupLayout.V2 ? facts with { V2 = WithControllers(facts.V2!) } : facts;
    }

    /// <summary>A directory belongs to a hierarchy of v2; null when there is no such directory.</summary>
    public static bool? IsV2Cgroup(string directory)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, directory, OpenFlags.Path | OpenFlags.Directory);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES)
        {
            return null;
        }

        // What cannot be asked is not taken for v1: entering it would then fail with words that lead elsewhere.
        using OwnedFd mount = opened.OwnedOrThrow($"openat {directory}");
        Files.FilesystemStatus(mount, out FilesystemStatus status).OrThrow($"fstatfs {directory}");
        return status.Type == FilesystemType.Cgroup2;
    }

    private static CgroupHierarchy WithControllers(CgroupHierarchy v2) =>
        v2 with { Controllers = CgroupHierarchies.Words(ReadSmall(v2.Mount + "/cgroup.controllers")) };

    private static int ReadNumber(string path)
    {
        return System.Buffers.Text.Utf8Parser.TryParse(ReadSmall(path), out int value, out _) ? value : throw new KernelException($"read {path}", Errno.EINVAL);
    }

    private static byte[] ReadSmall(string path) =>
        HostFiles.ReadSmallOrNull(Fd.CurrentDirectory, path) ?? throw new KernelException($"openat {path}", Errno.ENOENT);

    private static byte[] Read(string path) => HostFiles.ReadAll(Fd.CurrentDirectory, path);
}
