using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The places in the root file system at which an image's mounts were: CRIU expects them, and a root that an engine has made anew lacks them. They
/// are made as creation makes them, by a process that mounts everything once, in a mount namespace that ends with it: so those inside a bind
/// mount exist as well.
/// </summary>
internal static class MountPoints
{
    /// <summary>Makes those that are missing.</summary>
    /// <exception cref="RuntimeError">One of them cannot be made.</exception>
    public static void Make(ResolvedContainer container, HostFacts facts)
    {
        if (!AreMissing(container))
        {
            return;
        }

        Step[] steps = Plan(container, facts);
        var slots = new Slots();
        using var channel = new HostChannel(slots);
        ClonedProcess helper = Clone.Start(
            [.. steps.Select(step => step.Operation)], slots, new CloneContext(NamespaceKinds.Mount, [], Fd.None));
        using OwnedFd process = helper.Process;
        channel.CloseFarEnd();
        Report? report = channel.Receive();
        Processes.Wait(process, WaitOptions.Exited, out _);
        if (report is { Kind: ReportKind.Failure } failure)
        {
            throw Failure.Of(steps[Math.Clamp(failure.Step, 0, steps.Length - 1)], failure, container.Rootfs);
        }
    }

    /// <summary>CRIU turns the old root over into /tmp; where there is none it makes a directory, which it cannot in a read-only root.</summary>
    public static void MakePlaceOfOldRoot(ResolvedContainer container)
    {
        const uint shared = 0x3FF;
        if (container.RootReadOnly)
        {
            using OwnedFd root = Files.OpenAt(Fd.CurrentDirectory, container.Rootfs, OpenFlags.Path | OpenFlags.Directory).OwnedOrThrow($"open {container.Rootfs}");
            SyscallResult made = Files.MakeDirectory(root, "tmp", shared);

            // EROFS: where the host cannot write either, CRIU tells what is missing.
            if (made.Errno is not (Errno.None or Errno.EEXIST or Errno.EROFS))
            {
                made.OrThrow($"mkdirat {container.Rootfs}/tmp");
            }
        }
    }

    /// <summary>What lies below a file system of the container's own is made by CRIU with that.</summary>
    private static bool AreMissing(ResolvedContainer container)
    {
        using OwnedFd root = Files.OpenAt(Fd.CurrentDirectory, container.Rootfs, OpenFlags.Path | OpenFlags.Directory).OwnedOrThrow($"open {container.Rootfs}");
        string[] own = [.. container.Mounts.Where(mount => !MountOptions.IsBind(mount)).Select(mount => RootfsPath.Parse(mount.Destination).ToString())];
        foreach (Mount mount in container.Mounts)
        {
            RootfsPath place = RootfsPath.Parse(mount.Destination);
            if (Array.Exists(own, above => place.ToString().StartsWith(above + "/", StringComparison.Ordinal)))
            {
                continue;
            }

            SyscallResult found = Files.OpenAt2(root, place.Text, OpenFlags.Path, 0, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks);
            if (found.Failed)
            {
                return true;
            }

            Files.Close(found.Fd);
        }

        return false;
    }

    private static Step[] Plan(ResolvedContainer container, HostFacts facts)
    {
        ResolvedContainer plain = container with { Mounts = [.. container.Mounts.Where(mount => mount.Type is not ("cgroup" or "cgroup2"))] };
        var plan = new PlanBuilder();
        MountPlanning.Mount(plain, facts, new CgroupSteps([], [], [], []), new HostMounts(plain, facts), plan);
        Origin origin = Origins.Root("path", "ROOT-02");
        return
        [
            new Step(new SetPropagation("/", MountFlags.Slave | MountFlags.Recursive), origin),
            new Step(new OpenRootfs(container.Rootfs + "/", MakeMount: true), origin),
            .. plan.ContainerSteps.Where(step => step.Operation is BindMount or MountFilesystem).Select(step => step with { Operation = Plain(step.Operation) }),
        ];
    }

    /// <summary>Only the place matters, not what is seen there.</summary>
    private static Operation Plain(Operation operation) => operation switch
    {
        BindMount bind => bind with
        {
            Flags = bind.Flags & ~(BindMountFlags.HostMounts | BindMountFlags.MustBeProc | BindMountFlags.CopyLink),
            Changes = new MountChanges(0, 0, 0, 0, 0, []),
        },
        MountFilesystem mount => new MountFilesystem(
            mount.Destination, "tmpfs", "tmpfs", [], MountAttributes.None,
            mount.Flags & (FilesystemMountFlags.RealDirectory | FilesystemMountFlags.DestinationNoFollow), ImmutableArray<MountFlags>.Empty),
        _ => operation,
    };
}
