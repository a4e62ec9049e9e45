using Hull.Linux;

namespace Hull.Runtime;

/// <summary>What checkpoint and restore need of the host beside the container: CRIU, what CRIU calls, and features of the kernel.</summary>
internal static class CheckpointTools
{
    /// <summary>What is missing.</summary>
    public static IReadOnlyList<CheckpointFinding> Look(CheckpointRequest request)
    {
        var findings = new List<CheckpointFinding>();
        try
        {
            var criu = CriuProgram.Find();
            criu.Version();
            if (!criu.Works())
            {
                findings.Add(new CheckpointFinding("criu", true, $"{criu.Path} does not work on this kernel", "criu check says what is missing; a newer CRIU may know this kernel"));
            }

            findings.AddRange(Lacking(request, criu.Features()));
        }
        catch (RuntimeError error)
        {
            findings.Add(new CheckpointFinding("criu", true, error.Action, error.Hint));
        }

        if (!Has("tar"))
        {
            findings.Add(new CheckpointFinding("program", false, "there is no tar in PATH, with which CRIU saves tmpfs", "install tar and gzip"));
        }

        if (request.NetworkLock == CriuNetworkLock.Iptables && !Has("iptables-restore"))
        {
            findings.Add(new CheckpointFinding("program", true, "there is no iptables-restore in PATH, with which CRIU holds packets back", "install iptables, or leave --network-lock out"));
        }

        return findings;
    }

    /// <summary>The request is one for which the kernel needs more than for every checkpoint.</summary>
    public static bool NeedsFeatures(CheckpointRequest request) => BuildsOnOthers(request) || request.LazyPages;

    /// <summary>Which features are missing, and whether the request needs them.</summary>
    public static IReadOnlyList<CheckpointFinding> Lacking(CheckpointRequest request, CriuResponse features)
    {
        var findings = new List<CheckpointFinding>();
        if (!features.HasMemoryTracking)
        {
            findings.Add(new CheckpointFinding(
                "kernel", BuildsOnOthers(request), "criu is missing features: [MemTrack]: it cannot tell which pages were written, so --pre-dump and --parent-path are impossible",
                "the kernel must have CONFIG_MEM_SOFT_DIRTY; take a whole checkpoint instead"));
        }

        if (!features.HasLazyPages)
        {
            findings.Add(new CheckpointFinding(
                "kernel", request.LazyPages, "criu is missing features: [LazyPages]: it cannot bring pages later, so --lazy-pages is impossible",
                "the kernel must have CONFIG_USERFAULTFD, and CRIU be built with it"));
        }

        return findings;
    }

    private static bool BuildsOnOthers(CheckpointRequest request) => request.PreDump || request.ParentPath is not null;

    /// <summary>How packets are held back where the caller does not say: CRIU's own choice is iptables, which it calls; nftables it has built in.</summary>
    public static CriuNetworkLock NetworkLock(CriuNetworkLock asked) =>
        asked == CriuNetworkLock.Unset && !Has("iptables-restore") ? CriuNetworkLock.Nftables : asked;

    private static bool Has(string program) => HostProgram.Find(program) is not null;
}
