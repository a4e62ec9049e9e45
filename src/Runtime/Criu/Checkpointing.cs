using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a checkpoint has cost.</summary>
/// <param name="Duration">Of the whole, in microseconds.</param>
/// <param name="DigestDuration">Of what the manifest's digests have taken of it.</param>
/// <param name="Statistics">CRIU's own; null when it wrote none.</param>
/// <param name="Bytes">Of all image files.</param>
internal sealed record CheckpointResult(long Duration, long DigestDuration, CriuStatistics? Statistics, long Bytes);

/// <summary>
/// Saves a running container: what is about to happen is in its record before anything is frozen, and whatever fails, the container goes on as it
/// was.
/// </summary>
internal sealed class Checkpointing(CheckpointRequest request, ContainerDirectory directory, ContainerRecord record, Log log)
{
    private const string What = "checkpoint: CRIU cannot save this container";
    private const int MillisecondsPerSecond = 1000;

    private readonly Config _config = KeptConfig.ReadConfig(directory, record);
    private ContainerRecord _record = record;

    /// <summary>Takes it. The container's lock must be held.</summary>
    /// <exception cref="RuntimeError">It failed, and the container goes on.</exception>
    public CheckpointResult Run()
    {
        var watch = Stopwatch.StartNew();
        bool wasPaused = Recover();
        var criu = CriuProgram.Find();
        int version = criu.Version();
        Refuse([.. CheckpointTools.NeedsFeatures(request) ? CheckpointTools.Lacking(request, criu.Features()).Where(finding => finding.Blocks) : [], .. ContainerInspection.Of(request, _record, _config)]);
        using var images = CheckpointDirectory.Make(request.ImagePath, request.WorkPath);
        CheckDirectory(images);
        CheckpointRequest resolved = request with { NetworkLock = CheckpointTools.NetworkLock(request.NetworkLock) };
        CriuOptions options;
        using (CgroupYard? yard = MakeYard())
        {
            options = DumpPlanner.Plan(resolved, _config, LookAt(_record, yard), images.Images.Number, images.Work.Number);
            log.Debug(options.Describe());
            Dump(criu, options, images, wasPaused);
        }

        long digests = watch.ElapsedTicks;
        long bytes = request.PreDump ? 0 : Complete(images, options, version);
        digests = watch.ElapsedTicks - digests;
        CriuStatistics? statistics = images.Statistics("stats-dump");
        if (!request.PreDump && !request.LeaveRunning)
        {
            ContainerEnd.Remove(directory, _record, log);
        }

        return new CheckpointResult(Microseconds(watch.ElapsedTicks), Microseconds(digests), statistics, bytes);
    }

    /// <summary>
    /// A checkpoint that was killed leaves the container frozen: nothing else would let it go on.
    /// </summary>
    /// <returns>Its caller has paused it.</returns>
    private bool Recover()
    {
        if (_record.Checkpoint != CheckpointPhase.None)
        {
            log.Warning($"an earlier checkpoint of container \"{_record.Id}\" was interrupted");
            Freezer.Thaw(_record.Cgroups);
            Remember(CheckpointPhase.None);
        }

        return Freezer.IsFrozen(_record.Cgroups);
    }

    private void Refuse(IReadOnlyList<CheckpointFinding> findings)
    {
        foreach (CheckpointFinding finding in findings.Where(finding => !finding.Blocks))
        {
            log.Warning($"checkpoint: {finding.Text}");
        }

        CheckpointFinding[] blocking = [.. findings.Where(finding => finding.Blocks)];
        if (blocking.Length > 0)
        {
            throw new RuntimeError($"checkpoint: container \"{_record.Id}\" cannot be saved: {string.Join("; ", blocking.Select(finding => finding.Text))}")
            {
                Hint = blocking.Select(finding => finding.Hint).FirstOrDefault(hint => hint is not null),
            };
        }
    }

    private void CheckDirectory(CheckpointDirectory images)
    {
        if (images.HoldsImages && images.Read(Manifest.FileName) is { } document && IdOf(document) is { } other && other != _record.Id)
        {
            throw new RuntimeError($"--image-path {CallerText.Printable(images.Path)} holds a checkpoint of container {CallerText.Quote(other)}")
            {
                Hint = "name another directory, or remove that checkpoint",
            };
        }

        if (request.ParentPath is { } parent && (Files.Status(images.Images, parent, AtFlags.None, out FileStatus status).Failed || status.Type != FileType.Directory))
        {
            throw new RuntimeError($"invalid --parent-path: {CallerText.Quote(parent)} is no directory, counted from {CallerText.Printable(images.Path)}");
        }
    }

    private static string? IdOf(byte[] document)
    {
        try
        {
            return Manifest.Read(document).Id;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private void Dump(CriuProgram criu, CriuOptions options, CheckpointDirectory images, bool wasPaused)
    {
        using OwnedFd process = _record.Process.Open() ?? throw new RuntimeError($"container \"{_record.Id}\" is not running");
        if (!request.PreDump)
        {
            IEnumerable<int> others = CgroupProcesses.In(_record.Cgroups.RemoveAll(cgroup => !cgroup.IsOurs));
            images.Write(ContainerDescriptors.FileName, ContainerDescriptors.Write(ContainerDescriptors.Of(_record.Process.Pid, others)));
        }

        Remember(CheckpointPhase.Begun);
        bool ends = !request.LeaveRunning && !request.PreDump;
        try
        {
            Converse(criu, options, images, ends);
            if (ends && !ProcessEnd.HasCome(process, ProcessEnd.PatienceMilliseconds))
            {
                throw new RuntimeError($"checkpoint: the images are complete, but process {_record.Process.Pid} does not end") { Hint = $"hull delete --force {_record.Id}" };
            }
        }
        catch
        {
            Continue(wasPaused);
            throw;
        }

        if (!ends)
        {
            Continue(wasPaused);
        }
    }

    private void Converse(CriuProgram criu, CriuOptions options, CheckpointDirectory images, bool ends)
    {
        using var process = CriuProcess.Start(criu);
        int patience = request.Timeout == 0 ? -1 : (int)Math.Min(int.MaxValue, request.Timeout * (long)MillisecondsPerSecond);
        CriuResponse answer;
        try
        {
            byte[] question = CriuRequest.Of(request.PreDump ? CriuMessageType.PreDump : CriuMessageType.Dump, options);
            answer = process.Connection.Ask(question, (notification, descriptor) => Notice(notification, descriptor, ends), patience);
        }
        catch (CriuGoneException gone)
        {
            process.End();
            throw CriuFailure.Of(What, gone, images, DumpPlanner.LogFile);
        }

        process.End();
        if (!answer.Success)
        {
            throw CriuFailure.Of(What, answer, images, DumpPlanner.LogFile);
        }
    }

    private bool Notice(CriuResponse notification, OwnedFd? descriptor, bool ends)
    {
        descriptor?.Dispose();
        switch (notification.Script)
        {
            case "post-dump" when ends:
                // Before the answer: from then on the processes end, and that must not look like a death.
                Remember(CheckpointPhase.Saved);
                break;
            case "status-ready" when request.StatusDescriptor >= 0:
                var status = new Fd(request.StatusDescriptor);
                Files.WriteWaiting(status, [0]).OrThrow($"write to --status-fd {request.StatusDescriptor}");
                Files.Close(status);
                break;
        }

        return true;
    }

    /// <summary>The container goes on as it was: CRIU thaws it, except when it is killed itself.</summary>
    private void Continue(bool wasPaused)
    {
        if (!wasPaused)
        {
            Freezer.Thaw(_record.Cgroups);
        }

        Remember(CheckpointPhase.None);
    }

    private void Remember(CheckpointPhase phase)
    {
        _record = _record with { Checkpoint = phase };
        directory.WriteRecord(_record);
    }

    /// <summary>What makes images a checkpoint that can be verified.</summary>
    /// <returns>How many bytes they have.</returns>
    private long Complete(CheckpointDirectory images, CriuOptions options, int version)
    {
        try
        {
            Manifest manifest = ManifestMaker.Make(_record.Id, directory.ReadConfig() ?? [], version, options, images.Images, digests: !request.AutoDedup) with
            {
                Limits = RememberedLimits.Of(_config.Linux?.Resources),
            };
            images.Write(Manifest.FileName, manifest.Write());
            GiveAway(images);
            return manifest.Files.Sum(file => file.Size);
        }
        catch (KernelException failure)
        {
            // The processes are gone, and the images are complete: without a manifest they are only less safe.
            log.Warning($"checkpoint: the images in {images.Path} have no manifest: {failure.Message}");
            return 0;
        }
    }

    private void GiveAway(CheckpointDirectory images)
    {
        LinuxConfig linux = _config.Linux ?? new LinuxConfig();
        if (IdMapping.HostIdOf(linux.UidMappings ?? [], 0) is { } user && ResolvedNamespaces.Of(linux.Namespaces ?? []).Has(NamespaceKinds.User))
        {
            images.GiveTo(user);
        }
    }

    /// <summary>Null where the container has no cgroups of its own, or its caller wants nothing saved of them.</summary>
    private CgroupYard? MakeYard()
    {
        string places = Encoding.UTF8.GetString(HostFiles.ReadAll(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{_record.Process.Pid}/cgroup")));
        ImmutableArray<YardHierarchy> layout = CgroupYard.Layout(HostProbe.ProbeCgroups(), _record.Cgroups, places);
        return request.CgroupMode == CriuCgroupMode.Ignore || layout.All(hierarchy => hierarchy.Directory is null) ? null : CgroupYard.Make(directory, layout);
    }

    private DumpFacts LookAt(ContainerRecord container, CgroupYard? yard)
    {
        int pid = container.Process.Pid;
        byte[] mounts = HostFiles.ReadAll(Fd.CurrentDirectory, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/mountinfo"));
        return new DumpFacts
        {
            Pid = pid,
            Rootfs = container.Rootfs,
            Mounts = ContainerMount.Parse(mounts),
            Destinations = Destinations(pid),
            Freezer = Freezer.DirectoryOf(container.Cgroups),
            CgroupYard = yard?.Path,
            CgroupRoots = yard?.Roots ?? [],
            NetworkNamespace = NumberOf(pid, "net"),
            PidNamespace = NumberOf(pid, "pid"),
        };
    }

    /// <summary>Where each destination leads to in the container: links of the image count from its root.</summary>
    private ImmutableDictionary<string, string> Destinations(int pid)
    {
        var destinations = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        using var paths = new ContainerPaths(pid);
        foreach (Mount mount in _config.Mounts ?? [])
        {
            if (paths.PlaceOf(mount.Destination) is { } place)
            {
                destinations[mount.Destination] = place;
            }
        }

        return destinations.ToImmutable();
    }

    private static ulong NumberOf(int pid, string name)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{name}");
        Files.Status(Fd.CurrentDirectory, path, AtFlags.None, out FileStatus status).OrThrow($"statx {path}");
        return status.Inode;
    }

    private static long Microseconds(long ticks) => (long)(ticks * 1_000_000.0 / Stopwatch.Frequency);
}
