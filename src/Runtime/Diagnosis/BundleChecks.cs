using Hull.Linux;
using Hull.Oci;
using Namespace = Hull.Oci.Namespace;

namespace Hull.Runtime;

/// <summary>What would keep one bundle from becoming a container on this host and only a trial shows: namespaces and mapped owners.</summary>
internal static class BundleChecks
{
    /// <summary>All of them.</summary>
    /// <param name="bundle">Its absolute path.</param>
    public static IEnumerable<HostFinding> Of(string bundle, Config config, HostReport report) => [.. Namespaces(config, report), .. Owners(bundle, config, report)];

    /// <summary>What was found in a bundle, as doctor tells it.</summary>
    public static HostFinding Of(Finding finding) => new(
        "bundle", finding.Weight, (finding with { Hint = null }).ToString(), CostOf(finding), finding.Hint);

    private static string CostOf(Finding finding) => finding.Weight != Weight.Fault ? "it is done otherwise than it says"
        : finding.Place.ToString().StartsWith("hooks.post", StringComparison.Ordinal) ? "it fails when its turn comes"
        : "create refuses it";

    private static IEnumerable<HostFinding> Namespaces(Config config, HostReport report)
    {
        foreach (Namespace asked in config.Linux?.Namespaces ?? [])
        {
            string name = asked.Type.SpecName();
            NamespaceAnswer? answer = report.Namespaces.FirstOrDefault(one => one.Name == name);
            if (asked.Path is null && answer is not null && !(answer is { Known: true, Refused: Errno.None }))
            {
                yield return new HostFinding("bundle.namespaces", Weight.Fault, $"linux.namespaces: {name}: {answer}", "create refuses it", "the finding about it says what to do");
            }
        }
    }

    /// <summary>Mapped owners: whether the file systems of the root and of the sources can have them. Only root can ask.</summary>
    private static IEnumerable<HostFinding> Owners(string bundle, Config config, HostReport report)
    {
        if (!report.Host.MayEnterAndReturn)
        {
            yield break;
        }

        string root = Below(bundle, config.Root.Path);
        if (OwnerMappingTrial.Refusal(root) is { } ofRoot)
        {
            yield return new HostFinding("bundle.owners", Weight.Note, $"{root}: {ofRoot}", "mounts of it with mapped owners are refused", "put it on a file system that can");
        }

        foreach (Mount mount in config.Mounts ?? [])
        {
            bool asked = mount.UidMappings is not null || mount.Options?.Any(option => option is "idmap" or "ridmap" || option.StartsWith("idmap=", StringComparison.Ordinal)) == true;
            if (asked && mount.Source is { } source && OwnerMappingTrial.Refusal(Below(bundle, source)) is { } refusal)
            {
                yield return new HostFinding("bundle.owners", Weight.Fault, $"the mount on {mount.Destination}: {Below(bundle, source)}: {refusal}", "create refuses it", "put it on a file system that can");
            }
        }
    }

    private static string Below(string bundle, string path) => path.StartsWith('/') ? path : Bundle.AbsolutePath($"{bundle}/{path}");
}

/// <summary>Whether a file system can show other owners than it has: tried with a copy of its mount that is attached nowhere. mount_setattr(2)</summary>
internal static class OwnerMappingTrial
{
    /// <summary>Why it cannot; null when it can, or when there is nothing to try it with.</summary>
    public static string? Refusal(string path)
    {
        SyscallResult opened = Mounts.OpenTree(Fd.CurrentDirectory, path, OpenTreeFlags.Clone | OpenTreeFlags.CloseOnExec);
        if (opened.Failed)
        {
            return null;
        }

        using var copy = new OwnedFd(opened.Fd.Number);
        using var namespaces = new OwnerNamespaces(pid: 0);
        IdMapping all = new() { ContainerId = 0, HostId = 1, Size = 1 };
        try
        {
            SyscallResult mapped = Mounts.SetAttributes(
                copy, default, AtFlags.EmptyPath, MountAttributes.IdMap, 0, MountPropagation.Unchanged, namespaces.Of(new MountOwners([all], [all], Below: false)));
            return mapped.Failed ? $"its file system cannot map owners: {mapped.Errno.Describe()}" : null;
        }
        catch (KernelException noNamespace)
        {
            return noNamespace.Message;
        }
    }
}
