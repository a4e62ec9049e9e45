using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

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

    /// <summary>Where it says that it is ready, when somebody wants to know and it can say so already.</summary>
    public NotifySocket? Notify { get; }

    /// <summary>Its configuration.</summary>
    public Config Config { get; }

    /// <summary>Its record, complete.</summary>
    public ContainerRecord Record => _creation.Record;

    /// <summary>Its process.</summary>
    public OwnedFd Process => _creation.Process;

    /// <summary>The host's side of its terminal, when the program has one and it is ours to serve.</summary>
    public OwnedFd? Console => _creation.Console;

    /// <summary>Parses, validates, probes, plans and executes.</summary>
    /// <param name="waitForStart">The program waits for <c>start</c>.</param>
    /// <param name="foreground">We stay until the program's end.</param>
    public static NewContainer Make(GlobalOptions global, NewContainerOptions options, bool waitForStart, bool foreground, Log log)
    {
        StepClock clock = StepClock.Start(log, "create");
        ContainerId.Check(options.ContainerId);
        var preserved = PreservedDescriptors.Of(options.PreserveFds);
        Bundle bundle = Bundle.Read(options.Bundle, log);
        clock.Tell("read and check the bundle");
        StoreRoot root = StoreRoot.Choose(global.Root);
        CreateRequest request = Request(bundle, options, waitForStart, foreground) with
        {
            PreservedDescriptors = preserved.Count,
            Sockets = preserved.Sockets,
            NotifyDirectory = NotifySocket.IsWanted ? NotifySocket.DirectoryOf(root, options.ContainerId) : null,
        };
        HostFacts facts = CgroupDriver.Choose(global, HostProbe.Probe(withKernelFilesystems: options.NoPivot), out UnitManager? systemd);
        clock.Tell("look at the host");
        Plan plan = CreatePlanner.Plan(request, facts);
        clock.Tell("plan");
        foreach (string warning in plan.Warnings)
        {
            log.Warning(warning);
        }

        ContainerRecord intent = Intent(request, plan, facts);
        using ContainerStore store = ContainerStore.OpenOrMake(root);
        ContainerDirectory directory = store.Reserve(intent, bundle.Document);
        NotifySocket? notify = Prepare(directory, request, intent, facts);
        clock.Tell("take the container's id");
        ResolvedHooks hooks = ResolvedHooks.Of(bundle.Config.Hooks ?? new Hooks(), []);
        var creation = new Creation(plan, directory, intent, hooks, options.PidFile, new ContainerUnit { Systemd = systemd }, log)
        {
            InForeground = foreground,
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
    private static NotifySocket? Prepare(ContainerDirectory directory, CreateRequest request, ContainerRecord intent, HostFacts facts)
    {
        try
        {
            CgroupFitness.CheckBefore(intent.Cgroups, facts.Cgroups);
            return request.NotifyDirectory is null ? null : NotifySocket.Make(directory, listen: !request.WaitForStart);
        }
        catch
        {
            directory.Remove();
            directory.Dispose();
            throw;
        }
    }

    private static CreateRequest Request(Bundle bundle, NewContainerOptions options, bool waitForStart, bool foreground) => new()
    {
        Id = options.ContainerId,
        Bundle = bundle.Path,
        Config = bundle.Config,
        WaitForStart = waitForStart,
        Foreground = foreground,
        ConsoleSocket = options.ConsoleSocket,
        PidfdSocket = options.PidfdSocket,
        NoPivot = options.NoPivot,
        NoNewKeyring = options.NoNewKeyring,
    };

    public void Dispose()
    {
        Notify?.Dispose();
        _creation.Dispose();
        Directory.Dispose();
    }

    /// <summary>Ends it, as if it had never been made, when what comes after its making fails (LIFE-15).</summary>
    public void Destroy(Log log)
    {
        _creation.RemovePidFile();
        ContainerEnd.Destroy(Directory, Record, log);
    }

    private static ContainerRecord Intent(CreateRequest request, Plan plan, HostFacts facts)
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
            Created = ContainerRecord.TimeText(DateTime.UtcNow),
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
