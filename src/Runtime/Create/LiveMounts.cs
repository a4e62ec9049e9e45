using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Mounts of a container that runs. A process enters its mount namespace, with the root that this begins at, and attaches what a process of the
/// host opens: by the checks of creation, and nothing on the way leads out of the container, whatever its processes do to their paths meanwhile.
/// What was attached is known by the kernel's number of the mount, and only that is ever unmounted.
/// </summary>
internal static class LiveMounts
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>File systems that show a namespace of the process that mounts them: of one that only visits they would be wrong.</summary>
    private static readonly string[] OfNamespaces = ["proc", "sysfs", "mqueue", "cgroup", "cgroup2"];

    /// <summary>Mounts them all or none. The lock must be held.</summary>
    /// <param name="mounts">As create reads them.</param>
    /// <returns>The record with them.</returns>
    /// <exception cref="RuntimeError">One of them cannot be made, or taken back; the message says which.</exception>
    public static ContainerRecord Add(ContainerRecord record, Config kept, ImmutableArray<Mount> mounts, Log log)
    {
        ResolvedContainer container = Resolve(record, kept, mounts);
        HostFacts facts = HostProbe.Probe(Request(record, kept, mounts));
        var hostMounts = new HostMounts(container, facts) { OfRunning = true };
        var plan = new PlanBuilder();
        Enter(record, container.Namespaces, plan);
        int first = plan.ContainerSteps.Count;
        MountPlanning.Mount(container, facts, new CgroupSteps([], [], [], []), hostMounts, plan);
        List<Step> steps = Telling(plan.ContainerSteps, first);
        var finish = new PlanBuilder();
        MountPlanning.Finish(container, finish);
        steps.InsertRange(steps.Count - 2, finish.ContainerSteps);
        if (!hostMounts.Noted.IsEmpty && !facts.HasSystemAdministration)
        {
            throw new RuntimeError($"mounts add: container \"{record.Id}\": what is shown is opened among the host's mounts, which needs CAP_SYS_ADMIN on the host");
        }

        foreach (string warning in plan.Warnings)
        {
            log.Warning(warning);
        }

        List<ulong> numbers = [];
        try
        {
            Carry(record, steps, hostMounts.Noted, numbers);
        }
        catch (Exception failure)
        {
            var cleaning = new CleaningUp();
            cleaning.Try(() => Unmount(record, container.Namespaces, [.. mounts.Select(mount => mount.Destination).Zip(numbers, (place, number) => new LiveMount(place, number)).Reverse()]));
            cleaning.ThrowAfter(failure, "what was mounted before it stays until the container ends");
            throw;
        }

        return record with { LiveMounts = [.. record.LiveMounts, .. mounts.Select((mount, index) => new LiveMount(mount.Destination, numbers[index]))] };
    }

    /// <summary>Unmounts mounts that were added, in this order. The lock must be held.</summary>
    /// <exception cref="RuntimeError">One of them is covered by another one, or in use in a way that the kernel refuses.</exception>
    public static void Remove(ContainerRecord record, Config kept, ImmutableArray<LiveMount> mounts) =>
        Unmount(record, Resolve(record, kept, []).Namespaces, mounts);

    private static void Unmount(ContainerRecord record, ResolvedNamespaces namespaces, ImmutableArray<LiveMount> mounts)
    {
        if (mounts.IsEmpty)
        {
            return;
        }

        var plan = new PlanBuilder();
        Enter(record, namespaces, plan);
        foreach (LiveMount mount in mounts)
        {
            plan.Container(new RemoveMount(RootfsPath.Parse(mount.Destination), mount.Mount), Origins.Property("mounts", "MNT-01"));
        }

        plan.Container(new Announce(Checkpoint.Ready), Origins.Lifecycle("MNT-01"));
        Carry(record, [.. plan.ContainerSteps], [], []);
    }

    private static CreateRequest Request(ContainerRecord record, Config kept, ImmutableArray<Mount> mounts) => new()
    {
        Id = record.Id,
        Bundle = record.Bundle,
        Config = kept with { Mounts = [.. mounts] },
        WaitForStart = record.StartSocket,
    };

    private static ResolvedContainer Resolve(ContainerRecord record, Config kept, ImmutableArray<Mount> mounts)
    {
        ResolvedContainer container = CreatePlanner.Resolve(Request(record, kept, mounts)) with { RootReadOnly = false };
        if (!container.Namespaces.IsNew(NamespaceKinds.Mount))
        {
            throw new RuntimeError($"container \"{record.Id}\" has no mount namespace of its own: what is mounted in it would be mounted for others, too")
            {
                Property = "linux.namespaces",
            };
        }

        for (int i = 0; i < mounts.Length; i++)
        {
            Refuse(mounts[i], MountOptions.Of(mounts[i]), Origins.Mount(i, "MNT-01"));
        }

        return container;
    }

    /// <summary>What only a new container can have.</summary>
    private static void Refuse(Mount mount, MountOptions options, Origin origin)
    {
        string? why = options.Remount ? "remount changes a mount that exists, and those of the container stay as they were made"
            : !options.Bind && OfNamespaces.Contains(mount.Type) ? $"{mount.Type} shows the namespaces of the process that mounts it, which is none of the container's"
            : options.CopyLink ? "copy-symlink may make a link instead of a mount, which nothing could remove"
            : options.Propagation.Exists(kind => (kind & MountFlags.Shared) != 0) ? "a mount that is added to a running container cannot be shared"
            : null;
        if (why is not null)
        {
            throw origin.Refuse($"mount {mount.Destination}: {why}", hint: "create the container with it");
        }
    }

    /// <summary>From the host into the container's mounts; the process is in none of its other namespaces but the one that its power comes from.</summary>
    private static void Enter(ContainerRecord record, ResolvedNamespaces namespaces, PlanBuilder plan)
    {
        Origin origin = Origins.Linux("namespaces", "NS-03");
        bool user = namespaces.Has(NamespaceKinds.User);
        plan.Container(new CloseDescriptors(FirstOwnDescriptor), Origins.Lifecycle("FD-01"));
        plan.Container(new ClearDumpable(), Origins.Lifecycle("LIFE-02"));
        plan.Container(new JoinNamespace(Slot.ContainerProcess, NamespaceKinds.Mount | (user ? NamespaceKinds.User : 0)), origin);
        if (user)
        {
            plan.Container(new SetRootIds(), origin);
        }

        plan.Container(new OpenRootfs("/", MakeMount: false), Origins.Root("path", "ROOT-02"));
    }

    /// <summary>Each mount tells its number; after the last one everything is ready.</summary>
    private static List<Step> Telling(IReadOnlyList<Step> planned, int first)
    {
        List<Step> steps = [];
        for (int i = 0; i < planned.Count; i++)
        {
            steps.Add(planned[i]);
            if (i >= first)
            {
                steps.Add(new Step(new TellMount(), planned[i].Origin));
            }
        }

        steps.Add(new Step(new Announce(Checkpoint.Ready), Origins.Lifecycle("MNT-01")));
        return steps;
    }

    private static void Carry(ContainerRecord record, List<Step> steps, ImmutableArray<HostMount> served, List<ulong> numbers)
    {
        using OwnedFd container = record.Process.Open() ?? throw new RuntimeError($"container \"{record.Id}\" is not running");
        using OwnedFd processes = ProcessFilesystem.Open();
        using var helper = new MountHelper();
        var slots = new Slots { [Slot.ContainerProcess] = container, [Slot.ProcessFilesystem] = processes };
        using var channel = new HostChannel(slots);
        if (!served.IsEmpty)
        {
            helper.Open(slots);
        }

        ClonedProcess visitor = Clone.Start([.. steps.Select(step => step.Operation)], slots, new CloneContext(0, [], Fd.None));
        using OwnedFd process = visitor.Process;
        channel.CloseFarEnd();
        if (!served.IsEmpty)
        {
            helper.Start(served, record.Process.Pid, slots, inOwnMounts: true);
        }

        Report? report;
        while ((report = channel.Receive()) is { Kind: ReportKind.Checkpoint or ReportKind.Warning } told && !IsLast(told, numbers))
        {
        }

        helper.Stop();
        ProcessEnd.Await(process, visitor.Pid);
        Processes.Wait(process, WaitOptions.Exited, out WaitStatus status);
        if (report is { Kind: ReportKind.Failure } failure)
        {
            throw Failure.Of(steps[Math.Clamp(failure.Step, 0, steps.Count - 1)], failure);
        }

        if (report is null)
        {
            throw Failure.Silent(status.Signal == 0 ? null : status.Signal, memoryLimit: null);
        }
    }

    private static bool IsLast(Report told, List<ulong> numbers)
    {
        if (told is { Kind: ReportKind.Checkpoint, Checkpoint: Checkpoint.Mounted })
        {
            numbers.Add((ulong)told.Pid);
        }

        return told is { Kind: ReportKind.Checkpoint, Checkpoint: Checkpoint.Ready };
    }
}
