using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Operations of the container process in words: the lines of <c>hull plan</c>, and the middle of every error.</summary>
internal static class OperationText
{
    public static string Describe(Operation operation) => operation switch
    {
        Announce announce => $"tell the host: {Describe(announce.Checkpoint)}",
        Await wait => $"wait for the host: {Describe(wait.Checkpoint)}",
        WaitForStart => "wait for start",
        RunHook hook => $"run hook {hook.Path}{Timeout(hook.TimeoutMilliseconds)}{(hook.Filter is null ? "" : ", its system calls filtered as well")}",
        FindExecutable find => $"find the program {find.Candidates[^1].ToString()[(find.Candidates[^1].ToString().LastIndexOf('/') + 1)..]}",
        Execute execute => $"run {execute.Arguments}",
        CloseDescriptors close => string.Create(CultureInfo.InvariantCulture, $"close inherited descriptors from {close.First} on"),
        RedirectStandardStreams => "connect the standard streams",
        SetResourceLimit limit => $"set the limit {limit.Resource} to {Number(limit.Soft)}, at most {Number(limit.Hard)}",
        SetAffinity { List: "" } => "run on every processor of the cgroup",
        SetAffinity affinity => $"run on processors {affinity.List}",
        SetUmask umask => $"set the umask to {Octal(umask.Mask)}",
        ChangeDirectory directory => $"go to {directory.Path}{(directory.Final ? "" : " if root may")}",
        LimitCapabilities limit => $"limit capabilities for good to {Names(limit.Kept)}",
        SetUser user => $"become user {user.UserId}, group {user.GroupId}{Groups(user)}",
        SetCapabilities set => $"set capabilities: {Describe(set)}",
        SetNoNewPrivileges => "forbid new privileges",
        FindHome find => $"look up the home directory of user {find.UserId}",
        SetSysctl parameter => $"write \"{parameter.Value}\" to /proc/{parameter.File}",
        SetSecurityLabel label => $"write \"{label.Label}\" to /proc/{label.File}",
        SetPersonality personality => $"choose the execution domain {personality.Domain}",
        SetMemoryPolicy policy => $"choose the memory policy {policy.Mode}{Nodes(policy)}",
        LoadSeccompFilter load => string.Create(CultureInfo.InvariantCulture, $"filter system calls by {load.Program.Count} instructions{Flags(load)}{(load.HasListener ? "; the host takes the listener" : "")}"),
        _ => DescribePlace(operation),
    };

    private static string DescribePlace(Operation operation) => operation switch
    {
        MountFilesystem mount => $"mount {mount.Type} on {mount.Destination}{MountText.Describe(mount)}",
        BindMount bind => $"bind {bind.Source} to {bind.Destination}{MountText.Describe(bind)}",
        Remount remount => $"change mount {remount.Destination}{MountText.Describe(remount)}",
        MakeMountReadOnly => "make the mount read-only",
        OpenHostMount lend => lend.Source.IsNull ? "lend a user namespace" : $"lend {lend.Source}{(lend.Recursive ? " with what is mounted below" : "")}{(lend.Owners.IsOpen ? ", its owners mapped" : "")}",
        SetPropagation set => $"make mount {set.Path} {MountText.Describe(set.Propagation)}",
        MaskPath mask => $"mask {mask.Path}",
        MakePathReadOnly path => $"make {path.Path} read-only",
        DetachMount hide => $"hide the host's mount {hide.Path}",
        OpenRootfs rootfs => $"open the root file system {rootfs.Path.ToString().TrimEnd('/')}",
        OpenNullDevice => "take hold of the host's /dev/null for masks",
        EnterRootfs enter => $"make it the root ({Describe(enter.Change)})",
        MakeRootReadOnly => "make the root read-only",
        OpenConsole console => $"open a terminal{Size(console)} of {console.Terminals} for user {console.UserId}{(console.Place is null ? "" : $", show it as {console.Place},")} and pass it to the host",
        MakeDevice device => $"make {Node(device)} {device.Path} ({Number(device)}mode {Octal(device.ModeWithType & 0xFFF)}{Owner(device)})",
        BindDevice device => $"bind the host's device {device.Source} to {device.Path}",
        Hull.Linux.MakeSymbolicLink link => $"link {link.Path} to {link.Target}",
        ReopenNullDevice reopen => $"open the container's own /dev/null in place of the host's{Streams(reopen.Streams)}",
        MakeDirectory directory => $"make directory {directory.Path} if it is missing",
        EnterCgroup cgroup => $"enter cgroup {cgroup.Tasks.ToString()[..cgroup.Tasks.ToString().LastIndexOf('/')]}",
        JoinNamespace { Namespace: Slot.ContainerProcess } join => $"join the container's namespaces: {Describe(join.Kind)}",
        JoinNamespace join => $"join the {Describe(join.Kind)} namespace",
        MakeNamespaces make => $"make new namespaces: {Describe(make.Kinds)}",
        SetTimeOffsets offsets => $"set clocks: {offsets.Offsets.ToString().TrimEnd().Replace("\n", ", ", StringComparison.Ordinal)}",
        ForkIntoPidNamespace fork => fork.Kinds == 0 ? "go on in a new process" : $"go on in a new process with a new {Describe(fork.Kinds)} namespace",
        SetRootIds => "become root of the user namespace",
        StartSession => "start a session",
        JoinSessionKeyring keyring => $"take a new session keyring {keyring.Name}",
        BringUpLoopback => "bring the loopback interface up",
        SetHostName name => $"set the host name to {name.Name}",
        SetDomainName name => $"set the domain name to {name.Name}",
        ClearDumpable => "forbid others to look into this process",
        _ => operation.GetType().Name,
    };

    /// <summary>Namespaces as the specification writes them.</summary>
    public static string Describe(NamespaceKinds kinds)
    {
        var text = new StringBuilder();
        foreach ((NamespaceKinds kind, string name) in NamespaceNames)
        {
            if ((kinds & kind) != 0)
            {
                text.Append(text.Length == 0 ? "" : ", ").Append(name);
            }
        }

        return text.ToString();
    }

    /// <summary>What is so when a checkpoint is reached.</summary>
    public static string Describe(Checkpoint checkpoint) => checkpoint switch
    {
        Checkpoint.Forked => "another process goes on",
        Checkpoint.WantsIdMappings => "the user namespace wants its mappings",
        Checkpoint.IdMapped => "the user namespace has its mappings",
        Checkpoint.CgroupsMade => "the cgroups exist",
        Checkpoint.InCgroups => "in the cgroups",
        Checkpoint.MountsMade => "everything is mounted",
        Checkpoint.HostHooksDone => "the host's hooks are done",
        Checkpoint.ConsoleReady => "the terminal is ready",
        Checkpoint.Ready => "everything is ready",
        Checkpoint.Filtered => "the filter is loaded",
        Checkpoint.Recorded => "the container is recorded",
        _ => "the program runs",
    };

    private static (NamespaceKinds, string)[] NamespaceNames =>
    [
        (NamespaceKinds.User, "user"), (NamespaceKinds.Pid, "pid"), (NamespaceKinds.Network, "network"), (NamespaceKinds.Mount, "mount"),
        (NamespaceKinds.Ipc, "ipc"), (NamespaceKinds.Uts, "uts"), (NamespaceKinds.Cgroup, "cgroup"), (NamespaceKinds.Time, "time"),
    ];

    private static string Describe(RootChange change) => change switch
    {
        RootChange.Pivot => "pivot_root",
        RootChange.Move => "move and chroot",
        _ => "chroot",
    };

    private static string Describe(SetCapabilities set) =>
        $"effective {Names(set.Effective)}; permitted {Names(set.Permitted)}; inheritable {Names(set.Inheritable)}; ambient {Names(set.Ambient)}";

    private static string Names(CapabilitySet set) => set == CapabilitySet.Empty ? "none" : CapabilityNames.Describe(set);

    private static string Groups(SetUser user) =>
        user.KeepGroups ? ", keeping the other groups" : user.AdditionalGroups.IsEmpty ? "" : $", other groups {string.Join(" ", user.AdditionalGroups)}";

    private static string Nodes(SetMemoryPolicy policy)
    {
        IEnumerable<int> nodes = Enumerable.Range(0, policy.Nodes.Length * 64).Where(node => ((policy.Nodes[node / 64] >> (node % 64)) & 1) == 1);
        string text = string.Join(",", nodes);
        return $"{(text.Length == 0 ? "" : $" of the nodes {text}")}{(policy.Flags == MemoryPolicyFlags.None ? "" : $" ({policy.Flags})")}";
    }

    private static string Flags(LoadSeccompFilter load) => load.Flags == SeccompFilterFlags.None ? "" : $" ({load.Flags})";

    private static string Streams(int streams) =>
        $"{((streams & 1) == 0 ? "" : ", for standard input")}{((streams & 2) == 0 ? "" : ", for standard output")}{((streams & 4) == 0 ? "" : ", for standard error")}";

    private static string Timeout(int milliseconds) =>
        milliseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (at most {milliseconds / 1000} s)");

    private static string Node(MakeDevice device) => (device.ModeWithType & 0xF000) == 0x1000 ? "fifo" : "device";

    private static string Number(MakeDevice device) => (device.ModeWithType & 0xF000) switch
    {
        0x1000 => "",
        0x6000 => $"b {device.Device}, ",
        _ => $"c {device.Device}, ",
    };

    private static string Owner(MakeDevice device) =>
        device.UserId == 0 && device.GroupId == 0 ? "" : $", of user {device.UserId} and group {device.GroupId}";

    private static string Number(ulong value) => value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);

    private static string Size(OpenConsole console) =>
        console.Rows == 0 && console.Columns == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of {console.Columns} by {console.Rows} characters");

    private static string Octal(uint value) => "0" + Convert.ToString(value, 8);
}
