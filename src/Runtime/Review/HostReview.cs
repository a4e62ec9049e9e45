using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// What create would meet on this host, found by looking at what the steps of its plan name, and changing nothing. What only happens when a
/// step is carried out, such as a limit that the kernel refuses, is not seen.
/// </summary>
internal sealed class HostReview
{
    private readonly ResolvedContainer _container;
    private readonly List<string> _made;
    private readonly List<Finding> _findings = [];

    private HostReview(ResolvedContainer container, Plan plan)
    {
        _container = container;
        _made = [.. plan.HostBefore.AddRange(plan.Host).Select(step => step.Action switch
        {
            MakeCgroup cgroup => cgroup.Directory,
            StartUnit unit => unit.Directory,
            _ => "",
        }).Where(directory => directory.Length > 0)];
    }

    /// <summary>Looks at everything that the plan needs of this host.</summary>
    /// <param name="container">The container of that plan.</param>
    public static IReadOnlyList<Finding> Of(ResolvedContainer container, Plan plan)
    {
        var review = new HostReview(container, plan);
        foreach (HostStep step in plan.HostBefore.AddRange(plan.Host))
        {
            review.Look(step.Action, step.Origin);
        }

        foreach (Step step in plan.Container)
        {
            review.Look(step.Operation, step.Origin);
        }

        review.LookAtHooks();
        return review._findings;
    }

    private void Look(HostAction action, Origin origin)
    {
        switch (action)
        {
            case OpenNamespace open:
                LookFor(open.Path, origin, "the namespace");
                break;
            case RequireSecurityModule module:
                Try(() => SecurityModules.Require(module), origin);
                break;
            case MoveNetworkDevice device when !HostFiles.Exists(Fd.CurrentDirectory, $"/sys/class/net/{device.Name}"):
                Fault(origin, $"this host has no network device {CallerText.Quote(device.Name)}");
                break;
            case MakeCgroup { OfUnit: false } cgroup:
                LookAtParent(cgroup, origin);
                break;
            case ServeMounts serve:
                LookAtSources(serve, origin);
                break;
        }
    }

    private void Look(Operation operation, Origin origin)
    {
        switch (operation)
        {
            case OpenRootfs { FromMountHelper: false } root:
                LookFor(root.Path.ToString(), origin, "the root file system");
                break;
            case BindMount { OwnSource: null } bind when (bind.Flags & (BindMountFlags.HostMounts | BindMountFlags.EmptyIfMissing)) == 0:
                LookFor(bind.Source.ToString(), origin, "the source");
                break;
            case BindDevice device:
                LookFor(device.Source.ToString(), origin, "the device");
                break;
            case FindExecutable find:
                LookAtProgram(find, origin);
                break;
        }
    }

    /// <summary>Those that run in the host's root, create's and the others'; a startContainer hook is looked up in the container.</summary>
    private void LookAtHooks()
    {
        ResolvedHooks hooks = _container.Hooks;
        LookAtHooks(HookKind.Prestart, hooks.Prestart);
        LookAtHooks(HookKind.CreateRuntime, hooks.CreateRuntime);
        LookAtHooks(HookKind.CreateContainer, hooks.CreateContainer);
        LookAtHooks(HookKind.Poststart, hooks.Poststart);
        LookAtHooks(HookKind.Poststop, hooks.Poststop);
    }

    private void LookAtHooks(HookKind kind, ImmutableArray<HookCall> hooks)
    {
        for (var i = 0; i < hooks.Length; i++)
        {
            SyscallResult allowed = Files.Access(Fd.CurrentDirectory, hooks[i].Path, AccessMode.Execute, AtFlags.EffectiveAccess);
            if (allowed.Failed)
            {
                SpecPath place = SpecPath.Root.Property("hooks").Property(HookKinds.NameOf(kind)).Index(i);
                Fault(new Origin(place, ""), $"the hook {hooks[i].Path} cannot be run: {allowed.Errno.Text()} ({allowed.Errno})");
            }
        }
    }

    /// <summary>The helper opens sources of several mounts; each is told with its own path, as the step has the first one's property.</summary>
    private void LookAtSources(ServeMounts serve, Origin origin)
    {
        foreach (HostMount mount in serve.Mounts)
        {
            if (mount is { Source: { } source, Root: null })
            {
                LookFor(source, origin, "the source");
            }
        }
    }

    private void LookFor(string path, Origin origin, string what)
    {
        // A cgroup that is shown inside is made on the way.
        bool isMade = _made.Exists(directory => path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal));
        SyscallResult found = Files.Status(Fd.CurrentDirectory, path, AtFlags.None, out _);
        if (found.Failed && !isMade)
        {
            Fault(origin, $"{what} {(path.Length > 1 ? path.TrimEnd('/') : path)} cannot be opened: {found.Errno.Text()} ({found.Errno})");
        }
    }

    /// <summary>Whoever makes the cgroup may write to the one above it that is there.</summary>
    private void LookAtParent(MakeCgroup cgroup, Origin origin)
    {
        string directory = cgroup.Directory;
        while (!HostFiles.Exists(Fd.CurrentDirectory, directory) && directory.Length > cgroup.Mount.Length)
        {
            directory = directory[..directory.LastIndexOf('/')];
        }

        SyscallResult allowed = Files.Access(Fd.CurrentDirectory, directory, AccessMode.Write, AtFlags.EffectiveAccess);
        if (allowed.Failed && !cgroup.Optional)
        {
            Fault(origin, $"no cgroup can be made in {directory}: {allowed.Errno.Text()} ({allowed.Errno})");
        }
    }

    /// <summary>As the container's root has it, where nothing that is mounted later covers that place.</summary>
    private void LookAtProgram(FindExecutable find, Origin origin)
    {
        if (find.Candidates.Any(candidate => IsCovered(candidate.ToString())))
        {
            return;
        }

        string name = _container.Program.Process.Arguments[0];
        if (ProgramFile.WhyNot(_container.Rootfs, name, find.Candidates) is { } reason)
        {
            Fault(origin, $"{CallerText.Quote(name)} will not run: {reason}");
        }
        else if (!ProgramFile.IsThere(_container.Rootfs, find.Candidates))
        {
            Fault(origin, $"{CallerText.Quote(name)} is not in the container{(find.Searched ? "'s PATH" : "")}");
        }
    }

    private bool IsCovered(string path) => _container.Mounts.Any(mount => mount.Destination.TrimEnd('/') is var covered
        && covered.Length > 0 && (path == covered || path.StartsWith(covered + "/", StringComparison.Ordinal)));

    private void Try(Action look, Origin origin)
    {
        try
        {
            look();
        }
        catch (RuntimeError error)
        {
            Fault(origin, error.Action, error.Hint);
        }
    }

    private void Fault(Origin origin, string text, string? hint = null)
    {
        var finding = new Finding(Weight.Fault, null, origin.Path, text) { Hint = hint };
        if (!_findings.Contains(finding))
        {
            _findings.Add(finding);
        }
    }
}
