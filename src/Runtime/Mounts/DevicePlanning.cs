using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The device nodes and links that every container has, and those that the configuration adds.</summary>
internal static class DevicePlanning
{
    private const uint CharacterDevice = 0x2000;
    private const uint BlockDevice = 0x6000;
    private const uint Fifo = 0x1000;
    private const uint EverybodyReadsAndWrites = 0x1B6;

    /// <summary>CAP_MKNOD.</summary>
    private const int MakeNodes = 27;

    private static (string Path, uint Major, uint Minor)[] Defaults =>
    [
        ("/dev/null", 1, 3), ("/dev/zero", 1, 5), ("/dev/full", 1, 7), ("/dev/random", 1, 8), ("/dev/urandom", 1, 9), ("/dev/tty", 5, 0),
    ];

    private static (string Path, string Target)[] Links =>
    [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"), ("/dev/stdout", "/proc/self/fd/1"), ("/dev/stderr", "/proc/self/fd/2"),
    ];

    /// <summary>
    /// Provides them, unless <c>/dev</c> is the host's: that is the caller's to arrange, and what is configured below it would be made in
    /// the host's own (SYM-03).
    /// </summary>
    public static void Provide(ResolvedContainer container, HostFacts facts, HostMounts hostMounts, PlanBuilder plan)
    {
        // The kernel lets no process in a user namespace make device nodes, nor one without CAP_MKNOD: then the host's own are shown (DEV-05).
        bool mayMake = !container.Namespaces.Has(NamespaceKinds.User) && !facts.InUserNamespace && facts.Capabilities.Contains(MakeNodes);
        bool mayShow = container.Namespaces.IsNew(NamespaceKinds.Mount);
        bool bound = IsDevBound(container);
        for (var i = 0; i < container.Devices.Length; i++)
        {
            if (bound && RootfsPath.Parse(container.Devices[i].Path).ToString().StartsWith("/dev/", StringComparison.Ordinal))
            {
                plan.Warn($"linux.devices[{i}]: {container.Devices[i].Path} is not made: /dev is a bind mount, and has what the host has");
                continue;
            }

            Origin origin = Origins.Linux("devices", i, "DEV-01");
            Provide(container.Devices[i], mayMake, mayShow, path => hostMounts.OpensDevice(path, origin), origin, plan);
        }

        if (bound)
        {
            return;
        }

        foreach ((string path, uint major, uint minor) in Defaults)
        {
            if (!IsConfigured(container, path))
            {
                var device = new Device { Type = DeviceType.Character, Path = path, Major = major, Minor = minor };
                Provide(device, mayMake, mayShow, fromMountHelper: null, Origins.Linux("devices", "DDEV-01"), plan);
            }
        }

        Link(container, facts, plan);
        if (!IsConfigured(container, "/dev/ptmx"))
        {
            plan.Container(new MakeSymbolicLink("pts/ptmx", RootfsPath.Parse("/dev/ptmx"), Replace: true), Origins.Lifecycle("DDEV-08"));
        }
    }

    /// <summary>Links into a proc that is not there would lead nowhere. In a mount namespace of others there may be one.</summary>
    private static void Link(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        if (container.Namespaces.IsNew(NamespaceKinds.Mount) && !IsMounted(container, "/proc"))
        {
            return;
        }

        foreach ((string path, string target) in Links)
        {
            plan.Container(new MakeSymbolicLink(target, RootfsPath.Parse(path), Replace: false), Origins.Lifecycle("SYM-01"));
        }

        if (facts.HasKernelMemory)
        {
            plan.Container(new MakeSymbolicLink("/proc/kcore", RootfsPath.Parse("/dev/core"), Replace: false), Origins.Lifecycle("SYM-02"));
        }
    }

    private static bool IsMounted(ResolvedContainer container, string place)
    {
        foreach (Mount mount in container.Mounts)
        {
            if (RootfsPath.Parse(mount.Destination).ToString() == place)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="mayMake">As far as is known; the rules of our cgroups may still forbid it.</param>
    /// <param name="mayShow">A node of the host may be mounted: the mount is the container's alone.</param>
    /// <param name="fromMountHelper">Whether a node of the host must be opened by the mount helper; null for never.</param>
    private static void Provide(Device device, bool mayMake, bool mayShow, Func<string, bool>? fromMountHelper, Origin origin, PlanBuilder plan)
    {
        uint type = device.Type switch { DeviceType.Block => BlockDevice, DeviceType.Fifo => Fifo, _ => CharacterDevice };
        uint mode = type | ((device.FileMode ?? EverybodyReadsAndWrites) & 0xFFF);
        var number = new DeviceNumber((uint)(device.Major ?? 0), (uint)(device.Minor ?? 0));
        RootfsPath path = RootfsPath.Parse(device.Path);
        NodeProperties asked = (device.FileMode is null ? 0 : NodeProperties.Mode)
            | (device.Uid is null ? 0 : NodeProperties.User) | (device.Gid is null ? 0 : NodeProperties.Group);
        Operation operation = mayMake || type == Fifo
            ? new MakeDevice(path, mode, number, device.Uid ?? 0, device.Gid ?? 0)
            {
                Instead = type == Fifo || !mayShow ? default : new CString(device.Path),
                Asked = asked,
            }
            : new BindDevice(path, device.Path, mode, number, device.Uid ?? 0, device.Gid ?? 0, asked)
            {
                FromMountHelper = fromMountHelper?.Invoke(device.Path) == true,
            };
        plan.Container(operation, origin);
    }

    /// <summary>What is configured at the place of a default device or link is made instead of it, with its own mode and owner (DDEV-09).</summary>
    private static bool IsConfigured(ResolvedContainer container, string path)
    {
        foreach (Device device in container.Devices)
        {
            if (device.Path == path)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDevBound(ResolvedContainer container)
    {
        foreach (Mount mount in container.Mounts)
        {
            if (RootfsPath.Parse(mount.Destination).Text.ToString() == "dev" && MountOptions.IsBind(mount))
            {
                return true;
            }
        }

        return false;
    }
}
