using System.Globalization;
using Hull.Linux;
using Hull.Oci;
using Namespace = Hull.Oci.Namespace;

namespace Hull.Runtime;

/// <summary>What would keep one bundle from becoming a container on this host: the check before a deployment. Changes nothing.</summary>
internal static class BundleChecks
{
    /// <summary>All findings about a bundle.</summary>
    /// <param name="path">Its directory.</param>
    public static IEnumerable<Finding> Of(string path, HostReport report, CgroupChoice cgroups)
    {
        string absolute = Bundle.AbsolutePath(path);
        Inspection inspection;
        try
        {
            inspection = Inspection.Of(Bundle.ReadDocument(absolute));
        }
        catch (RuntimeError unreadable)
        {
            return [new Finding("bundle", FindingSeverity.Error, unreadable.Message, "it is no bundle")];
        }

        List<Finding> findings =
        [
            .. inspection.Violations.Select(violation => Stops("bundle.config", violation.ToString())),
            .. inspection.Warnings.Where(warning => warning.Severity == Severity.Warning)
                .Select(warning => new Finding("bundle.config", FindingSeverity.Warning, warning.ToString(), "it is done otherwise than it says")),
        ];
        if (inspection is { Violations.IsEmpty: true, Config: { } config })
        {
            findings.AddRange([.. Review(absolute, config, cgroups), .. Namespaces(config, report), .. Owners(absolute, config, report)]);
        }

        return findings;
    }

    private static Finding Stops(string subject, string reason, string? remedy = null) =>
        new(subject, FindingSeverity.Error, reason, "create refuses it", remedy);

    /// <summary>What create would meet, under the name of the property's beginning.</summary>
    private static IEnumerable<Finding> Review(string bundle, Config config, CgroupChoice cgroups)
    {
        var request = new CreateRequest { Id = "doctor", Bundle = bundle, Config = config, WaitForStart = true, ConsoleSocket = config.Process?.Terminal == true ? "of --console-socket" : null };
        foreach (Remark remark in HostReview.Of(request, cgroups))
        {
            string property = remark.Place.ToString();
            int end = property.AsSpan().IndexOfAny('.', '[');
            string subject = property.Length == 0 ? "bundle.plan" : $"bundle.{(end < 0 ? property : property[..end])}";
            yield return remark.Weight == Weight.Fault
                ? Stops(subject, remark.ToString())
                : new Finding(subject, FindingSeverity.Warning, remark.ToString(), "it is done otherwise than it says");
        }
    }

    private static IEnumerable<Finding> Namespaces(Config config, HostReport report)
    {
        foreach (Namespace asked in config.Linux?.Namespaces ?? [])
        {
            string name = asked.Type.SpecName();
            NamespaceAnswer? answer = report.Namespaces.FirstOrDefault(one => one.Name == name);
            if (asked.Path is null && answer is not null && !(answer is { Known: true, Refused: Errno.None }))
            {
                yield return Stops("bundle.namespaces", $"linux.namespaces: {name}: {answer}", "the finding about it says what to do");
            }
        }
    }

    /// <summary>Mapped owners: whether the file systems of the root and of the sources can have them. Only root can ask.</summary>
    private static IEnumerable<Finding> Owners(string bundle, Config config, HostReport report)
    {
        if (!report.Host.MayEnterAndReturn)
        {
            yield break;
        }

        if (OwnerMappingTrial.Refusal(Below(bundle, config.Root.Path)) is { } ofRoot)
        {
            yield return new Finding("bundle.owners", FindingSeverity.Note, $"{Below(bundle, config.Root.Path)}: {ofRoot}", "mounts of it with mapped owners are refused", "put it on a file system that can");
        }

        for (var i = 0; i < (config.Mounts?.Count ?? 0); i++)
        {
            Mount mount = config.Mounts![i];
            bool asked = mount.UidMappings is not null || mount.Options?.Any(option => option is "idmap" or "ridmap" || option.StartsWith("idmap=", StringComparison.Ordinal)) == true;
            if (asked && mount.Source is { } source && OwnerMappingTrial.Refusal(Below(bundle, source)) is { } refusal)
            {
                yield return Stops("bundle.owners", string.Create(CultureInfo.InvariantCulture, $"mounts[{i}]: {Below(bundle, source)}: {refusal}"), "put it on a file system that can");
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
            SyscallResult mapped = Mounts.SetAttributes(copy, default, AtFlags.EmptyPath, MountAttributes.IdMap, 0, MountPropagation.Unchanged, namespaces.Of(new MountOwners([all], [all], Below: false)));
            return mapped.Failed ? $"its file system cannot map owners: {mapped.Errno.Describe()}" : null;
        }
        catch (KernelException noNamespace)
        {
            return noNamespace.Message;
        }
    }
}
