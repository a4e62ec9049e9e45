using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What <c>create</c> and <c>run</c> are asked for, as it was given: nothing is read or checked yet.</summary>
/// <param name="Root">Of <c>--root</c>.</param>
/// <param name="Id">The container's id.</param>
/// <param name="Cgroups">What makes the container's cgroups.</param>
internal sealed record NewContainerRequest(string? Root, string Id, CgroupChoice Cgroups)
{
    /// <summary>The bundle's directory; null for the current one.</summary>
    public string? Bundle { get; init; }

    /// <summary>The file of the configuration; null for the bundle's config.json.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The program waits for <c>start</c>; otherwise it runs at once.</summary>
    public required bool WaitForStart { get; init; }

    /// <summary>hull stays until the program's end.</summary>
    public required bool Foreground { get; init; }

    /// <summary>The socket to which the program's terminal goes (TTY-04).</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>The socket to which a pidfd of the container process goes.</summary>
    public string? PidfdSocket { get; init; }

    /// <summary>The file that gets the pid of the container process.</summary>
    public string? PidFile { get; init; }

    /// <summary>The root file system is on a ramdisk, where pivot_root(2) is not possible.</summary>
    public bool NoPivot { get; init; }

    /// <summary>The caller's session keyring stays in place.</summary>
    public bool NoNewKeyring { get; init; }

    /// <summary>How many descriptors from 3 on the program gets.</summary>
    public uint PreservedDescriptors { get; init; }
}

/// <summary>What <c>create</c> and <c>run</c> share: from a bundle to a container process.</summary>
internal sealed class NewContainer : IDisposable
{
    private readonly Creation _creation;

    private NewContainer(ContainerDirectory directory, Config config, Creation creation, NotifySocket? notify)
    {
        Notify = notify;
        Directory = directory;
        Config = config;
        _creation = creation;
    }

    /// <summary>The container's directory, locked.</summary>
    public ContainerDirectory Directory { get; }

    /// <summary>The socket on which the program reports that it is ready; null when the caller does not ask for that, or the program waits for <c>start</c>.</summary>
    public NotifySocket? Notify { get; }

    /// <summary>Its configuration.</summary>
    public Config Config { get; }

    /// <summary>Its record, complete.</summary>
    public ContainerRecord Record => _creation.Record;

    /// <summary>Its process.</summary>
    public OwnedFd Process => _creation.Process;

    /// <summary>Parses, validates, probes, plans and executes.</summary>
    public static NewContainer Make(NewContainerRequest asked, Log log)
    {
        StepClock clock = StepClock.Start(log, "create");
        ContainerId.Check(asked.Id);
        var preserved = PreservedDescriptors.Of(asked.PreservedDescriptors);
        Bundle bundle = Bundle.Read(asked.Bundle, log, asked.ConfigFile is { } file ? Bundle.AbsolutePath(file) : Bundle.FileName);
        if (Trace.Current is { } trace && bundle.Config.Annotations?.TryGetValue(Trace.ParentAnnotation, out string? parent) == true)
        {
            trace.Parent = parent;
        }

        clock.Tell("read and check the bundle");
        StoreRoot root = StoreRoot.Choose(asked.Root);
        CreateRequest request = Request(bundle, asked) with
        {
            PreservedDescriptors = preserved.Count,
            Sockets = preserved.Sockets,
            NotifyDirectory = NotifySocket.IsWanted ? NotifySocket.DirectoryOf(root, asked.Id) : null,
        };
        HostFacts facts = CgroupDriver.Choose(asked.Cgroups, HostProbe.Probe(request), out UnitManager? systemd);
        clock.Tell("look at the host");
        Plan plan = CreatePlanner.Plan(request, facts);
        clock.Tell("plan");
        ContainerRecord intent = Intent(request, plan, facts);
        using ContainerStore store = ContainerStore.OpenOrMake(root);
        ContainerDirectory directory = store.Reserve(intent, bundle.Document);
        NotifySocket? notify = Prepare(directory, request, intent, facts, log);
        clock.Tell("take the container's id");
        ResolvedHooks hooks = ResolvedHooks.Of(bundle.Config.Hooks ?? new Hooks(), []);
        var creation = new Creation(plan, directory, intent, hooks, asked.PidFile, new ContainerUnit { Systemd = systemd }, log)
        {
            InForeground = asked.Foreground,
        };
        try
        {
            creation.Run();
            return new NewContainer(directory, bundle.Config, creation, notify);
        }
        catch
        {
            notify?.Dispose();
            creation.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>What may refuse the container when nothing of it but its directory has been made.</summary>
    private static NotifySocket? Prepare(ContainerDirectory directory, CreateRequest request, ContainerRecord intent, HostFacts facts, Log log)
    {
        try
        {
            CgroupFitness.CheckBefore(intent.Cgroups, facts.Cgroups);
            return request.NotifyDirectory is null ? null : NotifySocket.Make(directory, listen: !request.WaitForStart, log);
        }
        catch (Exception failure)
        {
            using (directory)
            {
                var cleaning = new CleaningUp();
                cleaning.Try(directory.Remove);
                cleaning.ThrowAfter(failure, $"hull delete --force {intent.Id} tries again");
            }

            throw;
        }
    }

    /// <summary>The bundle and the wishes of the caller as one.</summary>
    internal static CreateRequest Request(Bundle bundle, NewContainerRequest asked) => new()
    {
        Id = asked.Id,
        Bundle = bundle.Path,
        Config = bundle.Config,
        WaitForStart = asked.WaitForStart,
        Foreground = asked.Foreground,
        ConsoleSocket = asked.ConsoleSocket,
        PidfdSocket = asked.PidfdSocket,
        NoPivot = asked.NoPivot,
        NoNewKeyring = asked.NoNewKeyring,
        Created = ContainerRecord.TimeText(DateTime.UtcNow),
    };

    public void Dispose()
    {
        Notify?.Dispose();
        _creation.Dispose();
        Directory.Dispose();
    }

    /// <summary>In the foreground: waits for the program's end, passing on signals and serving its terminal.</summary>
    public WaitStatus AwaitEnd() => _creation.AwaitEnd(Notify);

    /// <summary>
    /// Ends it, as if it had never been made, when what comes after its making fails (LIFE-15); the caller passes that failure on. Another
    /// process may have deleted it since we gave up the lock.
    /// </summary>
    public void DestroyAfter(Exception failure, Log log)
    {
        _creation.RemovePidFile();
        if (Directory.IsLocked || Directory.Lock(log))
        {
            ContainerEnd.DestroyAfter(failure, Directory, Record, log);
        }
    }

    /// <summary>The record of a container that is about to be made.</summary>
    internal static ContainerRecord Intent(CreateRequest request, Plan plan, HostFacts facts)
    {
        Config config = request.Config;
        ResolvedNamespaces namespaces = ResolvedNamespaces.Of(config.Linux?.Namespaces ?? []);
        StartUnit? unit = null;
        foreach (HostStep step in plan.Host)
        {
            unit ??= step.Action as StartUnit;
        }

        return new ContainerRecord
        {
            Phase = RecordPhase.Intent,
            Id = request.Id,
            OciVersion = config.OciVersion,
            Bundle = request.Bundle,
            Rootfs = config.Root.Path.StartsWith('/') ? config.Root.Path : Bundle.AbsolutePath(request.Bundle + "/" + config.Root.Path),
            Created = request.Created,
            OwnerUserId = facts.UserId,
            OwnPidNamespace = namespaces.IsNew(NamespaceKinds.Pid),
            StartSocket = request.WaitForStart,
            KeepsKeyring = request.NoNewKeyring,
            AsksAgent = config.Linux?.Seccomp is { } profile && SeccompCompiler.Notifies(profile),
            Cgroups = [.. ContainerCgroups.Survey(plan.HostBefore.AsSpan()), .. ContainerCgroups.Survey(plan.Host.AsSpan())],
            Resctrl = Resctrl.Survey(plan.HostBefore.AsSpan()),
            Unit = unit?.Unit ?? "",
            UnitOfUser = unit?.OfUser ?? false,
            Annotations = config.Annotations is { } annotations ? [.. annotations] : [],
        };
    }
}
