using System.Collections.Immutable;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A container that is made of images: from a bundle and a checkpoint to running processes.</summary>
internal sealed class RestoredContainer : IDisposable
{
    private readonly Restoration _restoration;

    private RestoredContainer(ContainerDirectory directory, Restoration restoration)
    {
        Directory = directory;
        _restoration = restoration;
    }

    /// <summary>The container's directory, locked.</summary>
    public ContainerDirectory Directory { get; }

    /// <summary>Its record, complete.</summary>
    public ContainerRecord Record => _restoration.Record;

    /// <summary>Verifies the images, plans and executes.</summary>
    public static RestoredContainer Make(NewContainerRequest asked, RestoreRequest request, Log log)
    {
        ContainerId.Check(asked.Id);
        Bundle bundle = Bundle.Read(asked.Bundle, log);
        var criu = CriuProgram.Find();
        int version = criu.Version();
        var images = CheckpointDirectory.Open(request.ImagePath, request.WorkPath);
        try
        {
            Manifest? manifest = CheckpointVerification.Verify(images, request, bundle, version, log);
            ImmutableArray<string> streams = ReadStreams(images, log);
            return Make(asked, request with { CgroupMode = ModeOfCgroups(request, images, log) }, bundle, criu, images, manifest, streams, log);
        }
        finally
        {
            images.Dispose();
        }
    }

    /// <summary>In the foreground: waits for the program's end, passing on signals and serving its terminal.</summary>
    public WaitStatus AwaitEnd() => _restoration.AwaitEnd();

    public void Dispose()
    {
        _restoration.Dispose();
        Directory.Dispose();
    }

    private static RestoredContainer Make(
        NewContainerRequest asked, RestoreRequest request, Bundle bundle, CriuProgram criu, CheckpointDirectory images, Manifest? manifest,
        ImmutableArray<string> streams, Log log)
    {
        StoreRoot root = StoreRoot.Choose(asked.Root);
        CreateRequest create = NewContainer.Request(bundle, asked);
        HostFacts facts = CgroupDriver.Choose(asked.Cgroups, HostProbe.Probe(create), out UnitManager? systemd);
        using var connection = CriuConnection.Open();
        string staging = $"{Bundle.AbsolutePath(root.Path)}/{asked.Id}/mounts";
        RestorePlan plan = RestorePlanner.Plan(create, facts, manifest, staging, criu.Execute(connection.Far), request.CgroupMode);
        foreach (string warning in plan.Plan.Warnings)
        {
            log.Warning(warning);
        }

        ResolvedContainer container = CreatePlanner.Resolve(create);
        var matter = new RestoreMatter(request, container, bundle.Config, plan.Mounts, streams, CheckpointVerification.HasOtherConfig(manifest, bundle));

        // Until the record is complete, only the cgroups tell which processes are the container's: CRIU's children do not die with hull.
        ContainerRecord intent = NewContainer.Intent(create, plan.Plan, facts) with { OwnPidNamespace = false, StartSocket = false };
        using ContainerStore store = ContainerStore.OpenOrMake(root);
        ContainerDirectory directory = store.Reserve(intent, bundle.Document);
        var restoration = new Restoration(plan.Plan, directory, intent, new ContainerUnit { Systemd = systemd }, matter, images, connection, asked.PidFile, log)
        {
            InForeground = asked.Foreground,
        };
        try
        {
            MakeMountPoints(container, facts, directory);
            restoration.Run();
            return new RestoredContainer(directory, restoration);
        }
        catch
        {
            restoration.Dispose();
            directory.Dispose();
            throw;
        }
    }

    private static void MakeMountPoints(ResolvedContainer container, HostFacts facts, ContainerDirectory directory)
    {
        try
        {
            MountPoints.Make(container, facts);
            MountPoints.MakePlaceOfOldRoot(container);
        }
        catch
        {
            directory.Remove();
            throw;
        }
    }

    private static CriuCgroupMode ModeOfCgroups(RestoreRequest request, CheckpointDirectory images, Log log)
    {
        try
        {
            CriuCgroupMode mode = CgroupImage.ModeFor(request.CgroupMode, images.Read(CgroupImage.FileName) ?? [], out IReadOnlyList<string> others);
            if (others.Count > 0)
            {
                log.Warning(
                    $"restore: the images have cgroups of others in {CallerText.Printable(string.Join(' ', others))}: they are not made, nor are those that the container has made in its own");
            }

            return mode;
        }
        catch (InvalidDataException broken)
        {
            throw new RuntimeError($"restore: {CallerText.Printable(images.Path)}/{CgroupImage.FileName} is broken: {broken.Message}")
            {
                Hint = "take the checkpoint again, or copy it again",
            };
        }
    }

    private static ImmutableArray<string> ReadStreams(CheckpointDirectory images, Log log)
    {
        if (images.Read(ContainerDescriptors.FileName) is { } document && ContainerDescriptors.Read(document) is { } streams)
        {
            return streams;
        }

        log.Warning($"restore: {images.Path} has no {ContainerDescriptors.FileName}: pipes of the container cannot be connected again");
        return [];
    }
}
