using System.Text.RegularExpressions;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>Whatever is asked for has a step, and every step was asked for. Each law yields what breaks it.</summary>
internal static partial class CompletenessLaws
{
    /// <summary>A property, or a rule that holds for every container: an error message must be able to say why a step was tried.</summary>
    internal static IEnumerable<string> EveryStepHasAnOrigin(Example example)
    {
        Plan plan = example.Plan!;
        IEnumerable<(string Text, Origin Origin)> steps =
        [
            .. plan.HostBefore.Select(step => (step.Action.Describe(), step.Origin)),
            .. plan.Container.Select(step => (step.Operation.Describe(), step.Origin)),
            .. plan.Host.Select(step => (step.Action.Describe(), step.Origin)),
        ];
        foreach ((string text, Origin origin) in steps)
        {
            string property = origin.ToString();
            if (!RuleId().IsMatch(origin.Rule))
            {
                yield return $"{text} is demanded by the rule \"{origin.Rule}\"";
            }

            if (property.Length > 0 && !Chapter().IsMatch(property))
            {
                yield return $"{text} is demanded by {property}, which is no property of a configuration";
            }
        }
    }

    /// <summary>Each element of a list that makes something has a step that names it.</summary>
    internal static IEnumerable<string> EveryElementHasAStep(Example example)
    {
        Config config = example.Config;
        HashSet<string> origins = [.. example.Plan!.Container.Select(step => step.Origin.ToString())];
        IEnumerable<string> wanted =
        [
            .. (config.Linux?.Sysctl ?? []).Select(parameter => SpecPath.Root.Property("linux").Property("sysctl").Property(parameter.Key).ToString()),
            .. Elements("mounts", config.Mounts?.Count),
            .. Devices(config),
            .. Elements("process.rlimits", config.Process?.Rlimits?.Count),
            .. Elements("hooks.createContainer", config.Hooks?.CreateContainer?.Count),
            .. Elements("hooks.startContainer", config.Hooks?.StartContainer?.Count),
        ];
        return wanted.Where(element => !origins.Contains(element)).Select(element => $"no step comes from {element}");
    }

    internal static IEnumerable<string> EveryHiddenPathIsHiddenOnce(Example example)
    {
        Operation[] operations = [.. example.Plan!.Container.Select(step => step.Operation)];
        RootfsPath[] masked = [.. operations.OfType<MaskPath>().Select(mask => mask.Path)];
        RootfsPath[] frozen = [.. operations.OfType<MakePathReadOnly>().Select(path => path.Path)];
        if (!masked.SequenceEqual(Distinct(example.Config.Linux?.MaskedPaths)) || !frozen.SequenceEqual(Distinct(example.Config.Linux?.ReadonlyPaths)))
        {
            yield return $"hidden are {string.Join<RootfsPath>(" ", masked)}, read-only {string.Join<RootfsPath>(" ", frozen)}";
        }
    }

    /// <summary>A namespace without a path is made once, one with a path is entered once, any other is neither.</summary>
    internal static IEnumerable<string> EveryNamespaceIsEnteredOnce(Example example)
    {
        Plan plan = example.Plan!;
        Operation[] operations = [.. plan.Container.Select(step => step.Operation)];
        NamespaceKinds[] made = [.. Kinds(plan.Clone.New), .. operations.OfType<MakeNamespaces>().SelectMany(make => Kinds(make.Kinds)),
            .. operations.OfType<ForkIntoPidNamespace>().SelectMany(fork => Kinds(fork.Kinds))];
        NamespaceKinds[] joined = [.. plan.Clone.Borrowed.Select(one => one.Kind), .. operations.OfType<JoinNamespace>().Select(join => join.Kind)];
        IReadOnlyList<Namespace> wanted = example.Config.Linux?.Namespaces ?? [];
        if (!made.Order().SequenceEqual(wanted.Where(one => one.Path is null).Select(KindOf).Order()))
        {
            yield return $"the namespaces {NamespaceNames.Describe(made.Aggregate(default(NamespaceKinds), (all, one) => all | one))} are made";
        }

        if (!joined.Order().SequenceEqual(wanted.Where(one => one.Path is not null).Select(KindOf).Order()))
        {
            yield return $"the namespaces {NamespaceNames.Describe(joined.Aggregate(default(NamespaceKinds), (all, one) => all | one))} are joined";
        }
    }

    /// <summary>Whoever joins a pid namespace, or sets the clocks of a time namespace, only sends its children there.</summary>
    internal static IEnumerable<string> ChildrenGoWhereOnlyChildrenCan(Example example)
    {
        Operation[] operations = [.. example.Plan!.Container.Select(step => step.Operation)];
        int last = Array.FindLastIndex(operations, one => one is JoinNamespace { Kind: NamespaceKinds.Pid } or SetTimeOffsets);
        int fork = Array.FindLastIndex(operations, one => one is ForkIntoPidNamespace);
        if (last > fork)
        {
            yield return "no new process follows, and only a new one would be in the namespace";
        }
    }

    /// <summary>A process that tells the host a pid tells one of the host's: it was not born into another pid namespace.</summary>
    internal static IEnumerable<string> PidsAreTheHosts(Example example)
    {
        bool tells = example.Plan!.Container.Any(step => step.Operation is ForkIntoPidNamespace);
        if (tells && example.Plan.Clone.Borrowed.Any(one => one.Kind == NamespaceKinds.Pid))
        {
            yield return "the process that tells the next one's pid is in another pid namespace";
        }
    }

    /// <summary>A lender and its borrower go through the same list: one more or less, and every later mount would be another one.</summary>
    internal static IEnumerable<string> LentThingsAreBorrowedInOrder(Example example)
    {
        Plan plan = example.Plan!;
        string?[] lent = [.. plan.Host.Select(step => step.Action).OfType<ServeMounts>().SelectMany(lend => lend.Mounts).Select(mount => mount.Source)];
        string?[] borrowed = [.. plan.Container.Select(step => step.Operation).Where(Borrows).Select(SourceOf)];
        if (!lent.SequenceEqual(borrowed))
        {
            yield return $"lent are {string.Join(" ", lent)}, wanted are {string.Join(" ", borrowed)}";
        }
    }

    private static string? SourceOf(Operation operation) => operation switch
    {
        BindMount bind => bind.Source.ToString(),
        OpenRootfs root => root.Path.ToString(),
        _ => null,
    };

    private static bool Borrows(Operation operation) => operation switch
    {
        OpenRootfs root => root.FromMountHelper,
        BindMount bind => (bind.Flags & BindMountFlags.HostMounts) != 0,
        MountFilesystem mount => (mount.Flags & FilesystemMountFlags.MapOwners) != 0,
        _ => false,
    };

    /// <summary>What an operation takes out of a slot has been put there.</summary>
    internal static IEnumerable<string> SlotsAreFilledBeforeUse(Example example)
    {
        var filled = new HashSet<Slot>();
        foreach (HostAction action in example.Plan!.HostBefore.Select(step => step.Action))
        {
            switch (action)
            {
                case OpenNamespace open: filled.Add(open.Slot); break;
                case OpenProcessFilesystem: filled.Add(Slot.ProcessFilesystem); break;
                case OpenStartSocket: filled.Add(Slot.StartSocket); break;
                case OpenMountHelper: filled.Add(Slot.MountHelper); break;
                case PrepareHookState prepare: filled.Add(prepare.Slot); break;
            }
        }

        foreach (BorrowedNamespace borrowed in example.Plan.Clone.Borrowed.Where(borrowed => !filled.Contains(borrowed.Slot)))
        {
            yield return $"a process is born into {borrowed.Slot}, which is empty";
        }

        foreach (Operation operation in example.Plan.Container.Select(step => step.Operation))
        {
            Slot? needed = operation switch
            {
                JoinNamespace join => join.Namespace,
                WaitForStart => Slot.StartSocket,
                RunHook hook => hook.State,
                MaskPath => Slot.NullDevice,
                BindMount or MountFilesystem or OpenRootfs when Borrows(operation) => Slot.MountHelper,
                SetSysctl or SetSecurityLabel => Slot.ProcessFilesystem,
                _ => null,
            };
            if (needed is { } slot && !filled.Contains(slot))
            {
                yield return $"{operation.Describe()} finds {slot} empty";
            }

            if (operation is OpenNullDevice)
            {
                filled.Add(Slot.NullDevice);
            }
        }
    }

    /// <summary>Nothing is made in a /dev that is the host's (SYM-03).</summary>
    private static IEnumerable<string> Devices(Config config)
    {
        bool bound = (config.Mounts ?? []).Any(mount => RootfsPath.Parse(mount.Destination).ToString() == "/dev" && MountOptions.IsBind(mount));
        IReadOnlyList<Device> devices = config.Linux?.Devices ?? [];
        return Elements("linux.devices", devices.Count).Where((_, index) => !bound || !RootfsPath.Parse(devices[index].Path).ToString().StartsWith("/dev/", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Elements(string list, int? count) => Enumerable.Range(0, count ?? 0).Select(index => $"{list}[{index}]");

    private static IEnumerable<RootfsPath> Distinct(IReadOnlyList<string>? paths) => (paths ?? []).Select(RootfsPath.Parse).Distinct();

    private static IEnumerable<NamespaceKinds> Kinds(NamespaceKinds kinds) => Enum.GetValues<NamespaceKinds>().Where(kind => kind != 0 && (kinds & kind) == kind);

    private static NamespaceKinds KindOf(Namespace one) => Enum.Parse<NamespaceKinds>(one.Type.ToString());

    [GeneratedRegex(@"^[A-Z]+(-[A-Z]+)*(-\d\d)?$")]
    private static partial Regex RuleId();

    [GeneratedRegex(@"^(root|mounts|process|hostname|domainname|hooks|linux)\b")]
    private static partial Regex Chapter();
}
