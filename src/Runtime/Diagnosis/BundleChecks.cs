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
            findings.AddRange([.. Plan(absolute, config, cgroups), .. Files(absolute, config), .. Namespaces(config, report), .. Owners(absolute, config, report)]);
        }

        return findings;
    }

    private static Finding Stops(string subject, string reason, string? remedy = null) =>
        new(subject, FindingSeverity.Error, reason, "create refuses it", remedy);

    /// <summary>What planning says: it knows what this host and this version cannot give.</summary>
    private static List<Finding> Plan(string bundle, Config config, CgroupChoice cgroups)
    {
        var request = new CreateRequest { Id = "doctor", Bundle = bundle, Config = config, WaitForStart = true, ConsoleSocket = config.Process?.Terminal == true ? "of --console-socket" : null };
        List<Finding> findings = [];
        try
        {
            HostFacts facts = CgroupDriver.Choose(cgroups, HostProbe.Probe(request), out UnitManager? systemd);
            systemd?.Dispose();
            Plan plan = CreatePlanner.Plan(request, facts);
            findings.AddRange(plan.Warnings.Select(warning => new Finding("bundle.plan", FindingSeverity.Warning, warning, "it is done otherwise than it says")));
            foreach (HostStep step in plan.HostBefore)
            {
                if (step.Action is RequireSecurityModule module)
                {
                    SecurityModules.Require(module);
                }
            }
        }
        catch (RuntimeError refused)
        {
            findings.Add(Stops("bundle.plan", refused.Message));
        }

        return findings;
    }

    /// <summary>What must be there: the root, sources of binds, hooks of the host.</summary>
    private static IEnumerable<Finding> Files(string bundle, Config config)
    {
        string root = Below(bundle, config.Root.Path);
        SyscallResult found = Linux.Files.Status(Fd.CurrentDirectory, root, AtFlags.None, out FileStatus status);
        if (found.Failed || status.Type != FileType.Directory)
        {
            yield return Stops("bundle.root", $"root.path: {root} {(found.Failed ? found.Errno.Describe() : "is no directory")}");
        }

        for (var i = 0; i < (config.Mounts?.Count ?? 0); i++)
        {
            Mount mount = config.Mounts![i];
            bool isBind = mount.Type == "bind" || mount.Options?.Any(option => option is "bind" or "rbind") == true;
            if (isBind && mount.Source is { } source && Linux.Files.Status(Fd.CurrentDirectory, Below(bundle, source), AtFlags.None, out _) is { Failed: true } missing)
            {
                yield return Stops("bundle.mounts", string.Create(CultureInfo.InvariantCulture, $"mounts[{i}].source: {Below(bundle, source)}: {missing.Errno.Describe()}"), "the source must exist on the host");
            }
        }

        foreach ((string name, IReadOnlyList<Hook>? hooks) in OfHost(config.Hooks ?? new Hooks()))
        {
            for (var i = 0; i < (hooks?.Count ?? 0); i++)
            {
                SyscallResult usable = Linux.Files.Access(Fd.CurrentDirectory, hooks![i].Path, AccessMode.Execute, AtFlags.EffectiveAccess);
                if (usable.Failed && usable.Errno != Errno.ENOSYS)
                {
                    yield return Stops("bundle.hooks", string.Create(CultureInfo.InvariantCulture, $"hooks.{name}[{i}].path: {hooks[i].Path}: {usable.Errno.Describe()}"), "the hook must be a program of the host");
                }
            }
        }
    }

    /// <summary>Those whose program is looked up on the host.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<Hook>? Hooks)> OfHost(Hooks hooks) =>
    [
        ("prestart", hooks.Prestart), ("createRuntime", hooks.CreateRuntime), ("createContainer", hooks.CreateContainer),
        ("poststart", hooks.Poststart), ("poststop", hooks.Poststop),
    ];

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
