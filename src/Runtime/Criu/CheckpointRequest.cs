namespace Hull.Runtime;

/// <summary>What <c>checkpoint</c> is asked for, checked as far as it can be without looking at the host.</summary>
internal sealed record CheckpointRequest
{
    /// <summary>Where the images go, absolute.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Where CRIU's log and statistics go, absolute.</summary>
    public required string WorkPath { get; init; }

    /// <summary>The images that these build on, as a path from <see cref="ImagePath"/>; null for none.</summary>
    public string? ParentPath { get; init; }

    public bool LeaveRunning { get; init; }

    /// <summary>Only what can be saved while it runs, for a later checkpoint to build on.</summary>
    public bool PreDump { get; init; }

    public bool TcpEstablished { get; init; }

    public bool TcpSkipInFlight { get; init; }

    public bool TcpClose { get; init; }

    public bool ExternalUnixSockets { get; init; }

    public bool ShellJob { get; init; }

    public bool FileLocks { get; init; }

    public bool LinkRemap { get; init; }

    public bool AutoDedup { get; init; }

    public bool LazyPages { get; init; }

    /// <summary>Where the page server listens; null for none.</summary>
    public PageServer? PageServer { get; init; }

    /// <summary>A descriptor that gets a zero byte once pages are served; negative for none.</summary>
    public int StatusDescriptor { get; init; } = -1;

    public CriuCgroupMode CgroupMode { get; init; } = CriuCgroupMode.Soft;

    public CriuNetworkLock NetworkLock { get; init; }

    /// <summary>Seconds until everything must be frozen; 0 for CRIU's own limit.</summary>
    public uint Timeout { get; init; }

    /// <summary>The largest deleted file that is saved, in bytes; 0 for CRIU's own limit.</summary>
    public uint GhostLimit { get; init; }
}

/// <summary>Where CRIU's page server listens.</summary>
internal readonly record struct PageServer(string Address, int Port);

/// <summary>The options that checkpoint and restore share, as texts and as values.</summary>
internal static class CriuFlags
{
    /// <summary>The kind of namespaces that is restored empty: of networks only, and of networks always, as runc does it.</summary>
    public const uint NewNetwork = 0x40000000;

    /// <summary>Where settings of CRIU are looked for unless an annotation names another place.</summary>
    public const string SettingsAnnotation = "org.criu.config";

    private const string DefaultSettings = "/etc/criu/runc.conf";

    /// <summary>A mode of <c>--manage-cgroups-mode</c>.</summary>
    /// <exception cref="RuntimeError">There is no such mode.</exception>
    public static CriuCgroupMode CgroupMode(string? text) => text switch
    {
        null or "" or "soft" => CriuCgroupMode.Soft,
        "full" => CriuCgroupMode.Full,
        "strict" => CriuCgroupMode.Strict,
        "ignore" => CriuCgroupMode.Ignore,
        _ => throw new RuntimeError($"option --manage-cgroups-mode: invalid manage-cgroups-mode value {CallerText.Quote(text)}: use soft, full, strict or ignore"),
    };

    /// <summary>A method of <c>--network-lock</c>.</summary>
    /// <exception cref="RuntimeError">There is no such method.</exception>
    public static CriuNetworkLock NetworkLock(string? text) => text switch
    {
        null or "" => CriuNetworkLock.Unset,
        "iptables" => CriuNetworkLock.Iptables,
        "nftables" => CriuNetworkLock.Nftables,
        "skip" => CriuNetworkLock.Skip,
        _ => throw new RuntimeError($"option --network-lock: {CallerText.Quote(text)} is no way to lock a network: use iptables, nftables or skip"),
    };

    /// <summary>Checks the kinds of namespaces of <c>--empty-ns</c>.</summary>
    /// <exception cref="RuntimeError">One of them cannot be restored empty.</exception>
    public static void CheckEmptyNamespaces(IReadOnlyList<string> kinds)
    {
        if (kinds.FirstOrDefault(kind => kind != "network") is { } other)
        {
            throw new RuntimeError($"option --empty-ns: namespace {CallerText.Quote(other)} is not supported: only network is");
        }
    }

    /// <summary>An address of <c>--page-server</c>.</summary>
    /// <exception cref="RuntimeError">It is none.</exception>
    public static PageServer? PageServer(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        int colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            throw new RuntimeError("option --page-server: Use --page-server ADDRESS:PORT to specify page server");
        }

        return ushort.TryParse(text.AsSpan(colon + 1), out ushort port) && port > 0
            ? new PageServer(text[..colon], port)
            : throw new RuntimeError($"option --page-server: Invalid port number {CallerText.Quote(text[(colon + 1)..])}");
    }

    /// <summary>The file of CRIU's own settings, which override ours: an annotation names it, or takes it away by being empty.</summary>
    public static string? Settings(IEnumerable<KeyValuePair<string, string>> annotations)
    {
        foreach ((string name, string value) in annotations)
        {
            if (name == SettingsAnnotation)
            {
                return value.Length == 0 ? null : value;
            }
        }

        return DefaultSettings;
    }
}
