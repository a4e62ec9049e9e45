using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hull.Runtime;

/// <summary>What CRIU does with a container's cgroups. <c>enum criu_cg_mode</c>, criu rpc.proto</summary>
internal enum CriuCgroupMode
{
    /// <summary>Leave them alone: restored processes stay where CRIU is.</summary>
    Ignore = 0,

    /// <summary>Properties of the groups that CRIU makes itself.</summary>
    Soft = 3,

    /// <summary>Properties of all.</summary>
    Full = 4,

    /// <summary>Properties of all, none of which may exist before.</summary>
    Strict = 5,
}

/// <summary>How CRIU holds back packets of established connections. <c>enum criu_network_lock_method</c>, criu rpc.proto</summary>
internal enum CriuNetworkLock
{
    /// <summary>As CRIU chooses.</summary>
    Unset = 0,

    Iptables = 1,

    Nftables = 2,

    /// <summary>Not at all: the peers may be told that the connection is gone.</summary>
    Skip = 3,
}

/// <summary>A descriptor of the CRIU process that takes the place of something outside the image.</summary>
/// <param name="Key">What the image calls it: <c>pipe:[1234]</c>, <c>extRootNetNS</c>.</param>
/// <param name="Number">Its number in the CRIU process.</param>
internal readonly record struct InheritedDescriptor(string Key, int Number);

/// <summary>A namespace that exists and that restored processes join.</summary>
internal readonly record struct JoinedNamespaceFile(string Kind, string Path);

/// <summary>The cgroup that takes the place of an image's root cgroup in one hierarchy.</summary>
/// <param name="Controllers">As /proc/PID/cgroup names the hierarchy; empty for v2.</param>
internal readonly record struct CriuCgroupRoot(string Controllers, string Path);

/// <summary>
/// What CRIU is asked to do: <c>criu_opts</c> of its rpc.proto, with the numbers of the fields there. Descriptors of directories are numbers of
/// this process, which CRIU opens through /proc; inherited descriptors are numbers of CRIU's.
/// </summary>
internal sealed record CriuOptions
{
    /// <summary>The directory of the images.</summary>
    public required int Images { get; init; }

    /// <summary>The directory of logs and statistics; negative for that of the images.</summary>
    public int Work { get; init; } = -1;

    /// <summary>The process whose tree is dumped; 0 at a restore.</summary>
    public int Pid { get; init; }

    /// <summary>The root file system, absolute.</summary>
    public string Root { get; init; } = "";

    /// <summary>The name of the log in the directory of logs.</summary>
    public required string LogFile { get; init; }

    public bool LeaveRunning { get; init; }

    public bool ExternalUnixSockets { get; init; }

    public bool TcpEstablished { get; init; }

    public bool TcpSkipInFlight { get; init; }

    public bool TcpClose { get; init; }

    public bool EvasiveDevices { get; init; }

    public bool ShellJob { get; init; }

    public bool FileLocks { get; init; }

    public bool LinkRemap { get; init; }

    public bool AutoDedup { get; init; }

    public bool LazyPages { get; init; }

    public bool RestoreAsSibling { get; init; }

    /// <summary>The earlier images that these build on, as a path from them; null for none.</summary>
    public string? ParentImages { get; init; }

    public string? PageServerAddress { get; init; }

    public int PageServerPort { get; init; }

    public CriuCgroupMode CgroupMode { get; init; } = CriuCgroupMode.Soft;

    public ImmutableArray<CriuCgroupRoot> CgroupRoots { get; init; } = [];

    /// <summary>A directory with the cgroups that CRIU sees; null for those of the host.</summary>
    public string? CgroupYard { get; init; }

    /// <summary>The freezer's directory; null for none.</summary>
    public string? FreezerCgroup { get; init; }

    /// <summary>Mounts from outside: what the container or the image calls each, and what it is called in the image or on this host.</summary>
    public ImmutableArray<KeyValuePair<string, string>> ExternalMounts { get; init; } = [];

    /// <summary>Namespaces from outside: <c>net[4026531840]:extRootNetNS</c>.</summary>
    public ImmutableArray<string> External { get; init; } = [];

    public ImmutableArray<InheritedDescriptor> Inherited { get; init; } = [];

    public ImmutableArray<JoinedNamespaceFile> JoinedNamespaces { get; init; } = [];

    /// <summary>The kinds of namespaces that are restored empty, as bits of clone(2).</summary>
    public uint EmptyNamespaces { get; init; }

    public CriuNetworkLock NetworkLock { get; init; }

    /// <summary>Seconds that freezing may take; 0 for CRIU's own.</summary>
    public uint Timeout { get; init; }

    /// <summary>The largest deleted file that goes into the image, in bytes; 0 for CRIU's own.</summary>
    public uint GhostLimit { get; init; }

    /// <summary>A file of settings that override these; null for none.</summary>
    public string? ConfigFile { get; init; }

    public string? LsmProfile { get; init; }

    public string? LsmMountContext { get; init; }

    /// <summary>The message.</summary>
    public void Write(ProtobufWriter to)
    {
        to.Number(1, Images);
        NumberUnlessZero(to, 2, Pid);
        to.Flag(3, LeaveRunning);
        to.Flag(4, ExternalUnixSockets);
        to.Flag(5, TcpEstablished);
        to.Flag(6, EvasiveDevices);
        to.Flag(7, ShellJob);
        to.Flag(8, FileLocks);
        to.Number(9, LogLevel);
        to.Text(10, LogFile);
        WritePageServer(to);
        to.Flag(12, true);
        to.Text(13, Root.Length == 0 ? null : Root);
        to.Text(14, ParentImages);
        to.Flag(15, ParentImages is not null);
        to.Flag(16, AutoDedup);
        NumberUnlessNegative(to, 17, Work);
        to.Flag(18, LinkRemap);
        WriteMany(to);
        to.Flag(24, true);
        to.Flag(26, RestoreAsSibling);
        to.Number(34, (long)CgroupMode);
        NumberUnlessZero(to, 35, GhostLimit);
        NumberUnlessZero(to, 38, EmptyNamespaces);
        to.Text(44, FreezerCgroup);
        NumberUnlessZero(to, 45, Timeout);
        to.Flag(46, TcpSkipInFlight);
        to.Flag(48, LazyPages);
        to.Flag(50, true);
        to.Text(51, ConfigFile);
        to.Flag(52, TcpClose);
        to.Text(53, LsmProfile);
        to.Text(60, CgroupYard);
        to.Text(63, LsmMountContext);
        NumberUnlessZero(to, 64, (long)NetworkLock);
    }

    /// <summary>Everything up to debugging: what went wrong is in the log alone.</summary>
    private const int LogLevel = 4;

    private void WritePageServer(ProtobufWriter to)
    {
        if (PageServerAddress is { } address)
        {
            to.Message(11, server =>
            {
                server.Text(1, address);
                server.Number(2, PageServerPort);
            });
        }
    }

    private void WriteMany(ProtobufWriter to)
    {
        foreach ((string key, string value) in ExternalMounts)
        {
            to.Pair(23, key, value);
        }

        foreach (CriuCgroupRoot root in CgroupRoots)
        {
            // Without controllers the hierarchy is v2's; the field must be absent then.
            to.Message(25, message =>
            {
                message.Text(1, root.Controllers.Length == 0 ? null : root.Controllers);
                message.Text(2, root.Path);
            });
        }

        foreach (InheritedDescriptor inherited in Inherited)
        {
            to.Message(27, message =>
            {
                message.Text(1, inherited.Key);
                message.Number(2, inherited.Number);
            });
        }

        foreach (string external in External)
        {
            to.Text(37, external);
        }

        foreach (JoinedNamespaceFile joined in JoinedNamespaces)
        {
            to.Pair(39, joined.Kind, joined.Path);
        }
    }

    private static void NumberUnlessZero(ProtobufWriter to, int field, long value)
    {
        if (value != 0)
        {
            to.Number(field, value);
        }
    }

    private static void NumberUnlessNegative(ProtobufWriter to, int field, long value)
    {
        if (value >= 0)
        {
            to.Number(field, value);
        }
    }

    /// <summary>One line for each option that is set, for debugging and for tests.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        void Line(string name, object? value, bool said = true)
        {
            if (said && value is not (null or "" or false or 0 or 0u))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }

        Line("root", Root);
        Line("log", LogFile);
        Line("leave running", LeaveRunning);
        Line("external unix sockets", ExternalUnixSockets);
        Line("tcp established", TcpEstablished);
        Line("tcp skip in flight", TcpSkipInFlight);
        Line("tcp close", TcpClose);
        Line("evasive devices", EvasiveDevices);
        Line("shell job", ShellJob);
        Line("file locks", FileLocks);
        Line("link remap", LinkRemap);
        Line("auto dedup", AutoDedup);
        Line("lazy pages", LazyPages);
        Line("restore as sibling", RestoreAsSibling);
        Line("parent images", ParentImages);
        Line("page server", PageServerAddress is null ? null : $"{PageServerAddress}:{PageServerPort}");
        Line("cgroups", CgroupMode);
        Line("yard", CgroupYard);
        Line("freezer", FreezerCgroup);
        Line("empty namespaces", EmptyNamespaces);
        Line("network lock", NetworkLock, NetworkLock != CriuNetworkLock.Unset);
        Line("timeout", Timeout);
        Line("ghost limit", GhostLimit);
        Line("settings", ConfigFile);
        Line("lsm profile", LsmProfile);
        Line("lsm mount context", LsmMountContext);
        ExternalMounts.ToList().ForEach(mount => Line("mount", $"{mount.Key} = {mount.Value}"));
        CgroupRoots.ToList().ForEach(root => Line("cgroup", $"{root.Controllers} = {root.Path}"));
        External.ToList().ForEach(external => Line("external", external));
        Inherited.ToList().ForEach(inherited => Line("inherit", $"{inherited.Key} = {inherited.Number}"));
        JoinedNamespaces.ToList().ForEach(joined => Line("join", $"{joined.Kind} = {joined.Path}"));
        return text.ToString();
    }
}
