using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What weakens the isolation of a container, read from its configuration and its plan. Pure; says nothing of the image's content.</summary>
internal sealed class RiskReview
{
    private const string Socket = ".sock";

    /// <summary>Capabilities that lead out of a container whose user namespace is the host's, and how. capabilities(7)</summary>
    private static readonly (int Capability, RiskLevel Level, string Effect)[] Capabilities =
    [
        (21, RiskLevel.High, "mounts, namespaces, devices and much else of the host"),
        (16, RiskLevel.High, "loads code into the host's kernel"),
        (17, RiskLevel.High, "reads and writes the machine's memory and ports"),
        (2, RiskLevel.High, "opens any file of the host by its handle"),
        (39, RiskLevel.Medium, "loads programs of BPF, which see all of the kernel's events"),
        (38, RiskLevel.Medium, "watches every process of the host"),
        (19, RiskLevel.Medium, "reads and changes every process that it sees"),
        (33, RiskLevel.Medium, "changes the policy of security modules"),
        (32, RiskLevel.Medium, "is not bound by the policy of security modules"),
        (34, RiskLevel.Medium, "reads the kernel's log and its addresses"),
        (22, RiskLevel.Medium, "restarts the machine, unless it has a pid namespace"),
        (25, RiskLevel.Medium, "sets the host's clock"),
        (12, RiskLevel.Low, "changes the network that it has"),
        (27, RiskLevel.Low, "makes device nodes, as far as device rules let them be used"),
    ];

    /// <summary>Directories of the host that lead to root's rights when they can be written.</summary>
    private static readonly string[] Decisive =
        ["/", "/etc", "/proc", "/sys", "/dev", "/boot", "/root", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/home", "/var", "/var/lib", "/run", "/var/run", "/tmp"];

    private readonly ResolvedContainer _container;
    private readonly Plan _plan;
    private readonly List<Risk> _risks = [];
    private readonly bool _isHostsRoot;

    private RiskReview(ResolvedContainer container, Plan plan)
    {
        _container = container;
        _plan = plan;
        _isHostsRoot = !container.Namespaces.Has(NamespaceKinds.User);
    }

    /// <summary>What weakens it, the gravest first; within a level in the order of the subjects.</summary>
    public static IReadOnlyList<Risk> Of(ResolvedContainer container, Plan plan)
    {
        var review = new RiskReview(container, plan);
        review.Namespaces();
        review.Privileges();
        review.Mounts();
        review.Devices();
        review.KernelFiles();
        review.Limits();
        return [.. review._risks.OrderBy(risk => risk.Level)];
    }

    private void Namespaces()
    {
        SpecPath place = Linux("namespaces");
        NamespaceKinds shared = ContainerSummary.Shared(_container);
        Add((shared & NamespaceKinds.Mount) != 0, RiskLevel.High, place, "the mounts are the host's: what is mounted inside is mounted outside");
        Add((shared & NamespaceKinds.Pid) != 0, RiskLevel.High, place, "the processes are the host's: each can be seen, and those of the same user ended and traced");
        Add((shared & NamespaceKinds.Network) != 0, RiskLevel.Medium, place, "the network is the host's: its ports, its loopback and its abstract sockets can be reached");
        Add((shared & NamespaceKinds.Ipc) != 0, RiskLevel.Medium, place, "shared memory and message queues are the host's");
        Add(_isHostsRoot, RiskLevel.Medium, place, "there is no user namespace: root in the container is root wherever it gets out of it");
        Add((shared & NamespaceKinds.Uts) != 0, RiskLevel.Low, place, "the host name is the host's");
        Add((shared & NamespaceKinds.Cgroup) != 0, RiskLevel.Low, place, "the host's whole tree of cgroups has its names shown");
        foreach (JoinedNamespace joined in _container.Namespaces.Joined)
        {
            Add(true, RiskLevel.Low, place.Index(joined.Index), $"the {NamespaceNames.Describe(joined.Kind)} namespace is shared with whatever else is in {joined.Path}");
        }
    }

    private void Privileges()
    {
        ResolvedProcess process = _container.Program.Process;
        CapabilitySet held = process.Capabilities.Permitted | process.Capabilities.Bounding;
        foreach ((int capability, RiskLevel level, string effect) in Capabilities)
        {
            Add(_isHostsRoot && held.Contains(capability), level, Process("capabilities"), $"{Hull.Linux.CapabilityNames.NameOf(capability)}: {effect}");
        }

        Add(_container.Program.Filter is null, RiskLevel.Medium, Linux("seccomp"), "there is no filter: every system call of the kernel can be tried");
        Add(!process.NoNewPrivileges, RiskLevel.Low, Process("noNewPrivileges"), "set-user-ID programs of the image give their owner's rights");
        Add(_isHostsRoot && process.UserId == 0, RiskLevel.Low, Process("user"), "the program runs as the host's root");
        Add(process is { ApparmorProfile: null, SelinuxLabel: null }, RiskLevel.Low, SpecPath.Root.Property("process"), "no security module confines it: neither apparmorProfile nor selinuxLabel is given");
    }

    private void Mounts()
    {
        foreach (Step step in _plan.Container)
        {
            if (step.Operation is BindMount { OwnSource: null } bind)
            {
                Bind(bind, step.Origin.Path);
            }
        }

        Add(!_container.RootReadOnly, RiskLevel.Low, SpecPath.Root.Property("root").Property("readonly"), "the root file system can be written, the programs in it too");
        Add(
            _container.RootPropagation is RootfsPropagation.Shared or RootfsPropagation.RecursiveShared,
            RiskLevel.Medium, Linux("rootfsPropagation"), "mounts made in the container appear on the host");
    }

    private void Bind(BindMount bind, SpecPath place)
    {
        string source = bind.Source.ToString();
        bool isWritable = !ContainerSummary.IsReadOnly(bind);
        bool isDecisive = Array.Exists(Decisive, directory => directory == (source.Length > 1 ? source.TrimEnd('/') : source));
        bool isSocket = source.EndsWith(Socket, StringComparison.Ordinal);
        Add(isSocket, RiskLevel.High, place, $"the socket {source}: whoever listens there does what it is asked, and for an engine that is everything");
        Add(isWritable && isDecisive && !isSocket, RiskLevel.High, place, $"{source} of the host can be written at {bind.Destination}");
        Add(isWritable && !isDecisive && !isSocket, RiskLevel.Medium, place, $"{source} of the host can be written at {bind.Destination}");
        Add(!isWritable && isDecisive && !isSocket, RiskLevel.Medium, place, $"{source} of the host can be read at {bind.Destination}, secrets in it too");
    }

    private void Devices()
    {
        for (var i = 0; i < _container.Devices.Length; i++)
        {
            Device device = _container.Devices[i];
            bool isMemory = device is { Type: DeviceType.Character or DeviceType.UnbufferedCharacter, Major: 1, Minor: 1 or 2 or 4 };
            Add(device.Type == DeviceType.Block, RiskLevel.High, Linux("devices").Index(i), $"{device.Path} is a disk: it is read and written beneath every file system");
            Add(isMemory, RiskLevel.High, Linux("devices").Index(i), $"{device.Path} is the machine's memory");
        }

        IReadOnlyList<DeviceRule> rules = _container.Resources.Devices ?? [];
        bool allowsAll = true;
        SpecPath place = Linux("resources").Property("devices");
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is { Type: null or DeviceRuleType.All, Major: null or -1, Minor: null or -1 })
            {
                allowsAll = rules[i].Allow;
                place = Linux("resources").Property("devices").Index(i);
            }
        }

        Add(_isHostsRoot && allowsAll, RiskLevel.High, place, "the device rules allow every device of the host");
    }

    private void KernelFiles()
    {
        bool hasProc = _container.Mounts.Any(mount => mount.Type == "proc");
        Add(hasProc && _container.MaskedPaths.IsEmpty, RiskLevel.Medium, Linux("maskedPaths"), "nothing of /proc is hidden: the kernel's memory, keys and timers are there to read");
        Add(
            hasProc && _isHostsRoot && _container.ReadonlyPaths.IsEmpty,
            RiskLevel.High, Linux("readonlyPaths"), "/proc/sys can be written: the host's root sets what programs the kernel starts for it");
        for (var i = 0; i < _container.Mounts.Length; i++)
        {
            Mount mount = _container.Mounts[i];
            bool isWritable = mount.Options is null || !mount.Options.Contains("ro");
            Add(_isHostsRoot && isWritable && mount.Type == "sysfs", RiskLevel.Medium, SpecPath.Root.Property("mounts").Index(i), "/sys can be written: devices and the kernel can be reconfigured");
        }
    }

    private void Limits()
    {
        Resources resources = _container.Resources;
        Add(resources.Memory?.Limit is null or <= 0, RiskLevel.Low, Linux("resources").Property("memory").Property("limit"), "it can take all of the host's memory");
        Add(resources.Pids?.Limit is null or < 0, RiskLevel.Low, Linux("resources").Property("pids").Property("limit"), "it can take all process numbers of the host");
    }

    private void Add(bool holds, RiskLevel level, SpecPath place, string text)
    {
        if (holds)
        {
            _risks.Add(new Risk(level, place, text));
        }
    }

    private static SpecPath Linux(string name) => SpecPath.Root.Property("linux").Property(name);

    private static SpecPath Process(string name) => SpecPath.Root.Property("process").Property(name);
}
