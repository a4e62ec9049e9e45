using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a restore works with.</summary>
/// <param name="Container">The configuration, resolved.</param>
/// <param name="Config">The configuration as it stands in the bundle.</param>
/// <param name="Mounts">The mounts from outside.</param>
/// <param name="Streams">What the standard streams of the container were.</param>
/// <param name="OtherConfig">The configuration is not known to be that of the checkpoint.</param>
internal sealed record RestoreMatter(
    RestoreRequest Request, ResolvedContainer Container, Config Config, ImmutableArray<KeyValuePair<string, string>> Mounts, ImmutableArray<string> Streams,
    bool OtherConfig);

/// <summary>
/// Carries out the plan of a restore. A failure anywhere leaves the host as if it had never been tried, the images included. Nothing of it
/// outlives its end but the processes: the record that they are found by is complete before they go on.
/// </summary>
internal sealed class Restoration : PlannedProcess
{
    private const string What = "restore: CRIU cannot restore this container", LogFile = "restore.log";

    private readonly RestoreMatter _matter;
    private readonly CheckpointDirectory _images;
    private readonly CriuConnection _criu;
    private CheckpointDirectory? _seen;

    /// <param name="plan">What to do.</param>
    /// <param name="directory">The container's directory, reserved and locked.</param>
    /// <param name="intent">Its record.</param>
    /// <param name="unit">Starts its systemd unit, if it gets one.</param>
    public Restoration(
        Plan plan, ContainerDirectory directory, ContainerRecord intent, ContainerUnit unit, RestoreMatter matter, CheckpointDirectory images, CriuConnection criu, string? pidFile, Log log)
        : base(plan, directory, intent, unit)
    {
        _matter = matter;
        _images = images;
        _criu = criu;
        PidFilePath = pidFile;
        Log = log;
        Command = "restore";
        HintOfLeftovers = $"hull delete --force {intent.Id} tries again";
        Slots[Slot.CriuSocket] = criu.Far;
    }

    protected override void BeforeClone()
    {
        foreach (Slot slot in (Slot[])[Slot.NetworkNamespace, Slot.PidNamespace])
        {
            if (Slots[slot].IsOpen)
            {
                InheritableDescriptors.Make(Slots[slot]);
            }
        }
    }

    protected override void Restore(RestorePart part)
    {
        try
        {
            switch (part)
            {
                case RestorePart.Namespaces: MakeNamespaces(); break;
                case RestorePart.Processes: Continue("pre-resume"); break;
                case RestorePart.Check: Check(); break;
                case RestorePart.Resume: Resume(); break;
            }
        }
        catch (CriuGoneException gone)
        {
            throw CriuFailure.Of(What, gone, _images, LogFile);
        }
    }

    protected override void Complete(ImmutableArray<RecordedCgroup> cgroups)
    {
        Record = Record with
        {
            Phase = RecordPhase.Complete,
            Process = ProcessIdentity.Of(Pid),
            Cgroups = cgroups,
            OwnPidNamespace = _matter.Container.Namespaces.IsNew(NamespaceKinds.Pid),
            RestoredClocks = HasOwnClocks(),
        };
        Directory.Complete(Record);
    }

    protected override void Undo(CleaningUp cleaning)
    {
        _seen?.Dispose();

        // CRIU ends what it has made when it fails; when it was killed itself, the cgroups tell what there is.
        cleaning.Try(() => CgroupSignals.Kill(Record.Cgroups.RemoveAll(cgroup => !cgroup.IsOurs)));
        base.Undo(cleaning);
        cleaning.Try(cleaning.IsComplete ? Directory.Remove : () => Directory.WriteRecord(RecordOfLeftovers()));
    }

    private void MakeNamespaces()
    {
        _criu.CloseFarEnd();
        _criu.Program = MakerProcess;
        _seen = _images.AsSeenBy(MakerPid);
        CriuOptions options = Options(_seen);
        Log.Debug(options.Describe());
        _criu.Begin(CriuRequest.Of(CriuMessageType.Restore, options));
        CriuResponse reached = Reach("setup-namespaces");
        GoOnWith(reached.NotifiedPid);
        if (_matter.Container.Namespaces.IsNew(NamespaceKinds.Network))
        {
            LoopbackInterface.BringUp(reached.NotifiedPid);
        }
    }

    private void Continue(string script)
    {
        _criu.Resume();
        Reach(script);
    }

    private void Check()
    {
        List<string> excess = [.. RestoredRights.Excess(_matter.Config, ProcessFields.StatusOf(Pid)), .. _matter.OtherConfig ? ExcessOfView() : []];
        if (excess.Count > 0)
        {
            throw new RuntimeError($"restore: the restored process has more rights than config.json gives: {string.Join("; ", excess)}")
            {
                Hint = "restore with the config.json of the checkpoint",
            };
        }
    }

    private IReadOnlyList<string> ExcessOfView()
    {
        using var paths = new ContainerPaths(Pid);
        byte[] mounts = HostFiles.ReadAll(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/mountinfo"));
        return RestoredView.Excess(_matter.Config, ContainerMount.Parse(mounts), paths.PlaceOf);
    }

    private void Resume()
    {
        _criu.Resume();
        CriuResponse answer = _criu.Until(null, Notice);
        if (!answer.Success)
        {
            throw CriuFailure.Of(What, answer, _images, LogFile);
        }

        _seen?.Dispose();
        AwaitMaker();
    }

    private CriuResponse Reach(string script)
    {
        CriuResponse response = _criu.Until(script, Notice);
        return response.Type == CriuMessageType.Notify ? response : throw CriuFailure.Of(What, response, _images, LogFile);
    }

    private bool Notice(CriuResponse notification, OwnedFd? descriptor)
    {
        if (notification.Script == "orphan-pts-master" && descriptor is not null)
        {
            TakeConsole(descriptor);
        }
        else
        {
            descriptor?.Dispose();
        }

        return true;
    }

    private CriuOptions Options(CheckpointDirectory seen)
    {
        RestoreRequest request = _matter.Request;
        return new CriuOptions
        {
            Images = seen.Images.Number,
            Work = seen.Work.Number,
            Root = _matter.Container.Rootfs,
            LogFile = LogFile,
            EvasiveDevices = true,
            RestoreAsSibling = true,
            ExternalUnixSockets = request.ExternalUnixSockets,
            TcpEstablished = request.TcpEstablished,
            TcpClose = request.TcpClose,
            ShellJob = request.ShellJob,
            FileLocks = request.FileLocks,
            AutoDedup = request.AutoDedup,
            LazyPages = request.LazyPages,
            CgroupMode = request.CgroupMode,
            CgroupRoots = CgroupRoots(MakerPid),
            ExternalMounts = _matter.Mounts,
            Inherited = [.. ContainerDescriptors.Inherited(_matter.Streams), .. InheritedNamespaces()],
            JoinedNamespaces = RestorePlanner.Joined(_matter.Container.Namespaces),
            EmptyNamespaces = CriuFlags.NewNetwork,
            NetworkLock = CheckpointTools.NetworkLock(request.NetworkLock),
            ConfigFile = CriuFlags.Settings(_matter.Config.Annotations ?? []),
            LsmProfile = request.LsmProfile,
            LsmMountContext = request.LsmMountContext,
        };
    }

    private IEnumerable<InheritedDescriptor> InheritedNamespaces()
    {
        if (Slots[Slot.NetworkNamespace].IsOpen)
        {
            yield return new InheritedDescriptor(DumpPlanner.ExternalNetwork, Slots[Slot.NetworkNamespace].Number);
        }

        if (Slots[Slot.PidNamespace].IsOpen)
        {
            yield return new InheritedDescriptor(DumpPlanner.ExternalPid, Slots[Slot.PidNamespace].Number);
        }
    }

    /// <summary>CRIU is in the container's cgroups already: where it is, the image's groups go.</summary>
    private static ImmutableArray<CriuCgroupRoot> CgroupRoots(int criu)
    {
        var roots = ImmutableArray.CreateBuilder<CriuCgroupRoot>();
        string text = Encoding.UTF8.GetString(HostFiles.ReadAll(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{criu}/cgroup")));

        // 4:cpu,cpuacct:/hull/web
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(':', 3);
            roots.Add(new CriuCgroupRoot(fields[1], fields[2]));
        }

        return roots.ToImmutable();
    }

    /// <summary>CRIU puts restored processes into a time namespace of their own, so that their clocks go on where they stood.</summary>
    private bool HasOwnClocks()
    {
        SyscallResult theirs = Files.Status(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/ns/time"), AtFlags.None, out FileStatus process);
        SyscallResult ours = Files.Status(Fd.CurrentDirectory, "/proc/self/ns/time", AtFlags.None, out FileStatus host);
        return !theirs.Failed && !ours.Failed && process.Inode != host.Inode;
    }
}
