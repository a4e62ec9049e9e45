
namespace Hull.Linux;

/// <summary>The container's terminal. No name is trusted: each descriptor is asked what it is before it is used (CVE-2025-52565).</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(OpenConsole console)
    {
        SyscallResult master = OpenMaster(console.Terminals);
        if (master.Failed)
        {
            return master;
        }

        SyscallResult slave = OpenSlave(master.Fd, console);
        if (slave.Failed)
        {
            return slave;
        }

        SyscallResult result = console.Place is null ? default : Show(slave.Fd, console.Place);
        result = result.Failed ? result : Part(Stage.TakeTerminal, TakeTerminal(slave.Fd));
        result = result.Failed ? result : Part(Stage.HandOver, HandOver(master.Fd));
        Files.Close(slave.Fd);
        Files.Close(master.Fd);
        return result;
    }

    /// <summary>
    /// First the directory, which must be a devpts: nothing but terminals can be in it, so opening one of its nodes has no other effect.
    /// </summary>
    private SyscallResult OpenMaster(RootfsPath terminals)
    {
        SyscallResult directory = Part(Stage.OpenTerminal, OpenInside(terminals.Text, OpenFlags.Path | OpenFlags.Directory));
        if (directory.Failed)
        {
            return directory;
        }

        SyscallResult asked = Files.FilesystemStatus(directory.Fd, out FilesystemStatus filesystem);
        SyscallResult master = asked.Failed ? Part(Stage.OpenTerminal, asked)
            : filesystem.Type != FilesystemType.PseudoTerminals ? Part(Stage.TerminalNotVerified, SyscallResult.Failure(Errno.ENODEV))
            : Part(Stage.OpenTerminal, Files.OpenAt2(
                directory.Fd,
                Multiplexer,
                OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal,
                0,
                ResolveFlags.Beneath | ResolveFlags.NoCrossDevice | ResolveFlags.NoSymbolicLinks));
        Files.Close(directory.Fd);
        if (master.Failed)
        {
            return master;
        }

        asked = Files.Status(master.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
        bool isMaster = found.Type == FileType.CharacterDevice && found.Device == new DeviceNumber(5, 2);
        return asked.Failed ? Part(Stage.OpenTerminal, asked)
            : isMaster ? master
            : Part(Stage.TerminalNotVerified, SyscallResult.Failure(Errno.ENODEV));
    }

    private SyscallResult OpenSlave(Fd master, OpenConsole console)
    {
        SyscallResult result = Part(Stage.PrepareTerminal, Terminals.UnlockSlave(master));
        SyscallResult slave = result.Failed
            ? result
            : Part(Stage.PrepareTerminal, Terminals.PeerOf(master, OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal));
        if (slave.Failed)
        {
            return slave;
        }

        result = Files.Status(slave.Fd, Empty, AtFlags.EmptyPath, out FileStatus found);
        if (result.Failed || found.Type != FileType.CharacterDevice || found.Device.Major is < FirstSlaveMajor or > LastSlaveMajor)
        {
            return Part(Stage.TerminalNotVerified, SyscallResult.Failure(Errno.ENODEV));
        }

        if (console.Rows != 0 || console.Columns != 0)
        {
            result = Part(Stage.PrepareTerminal, Terminals.SetWindowSize(slave.Fd, new WindowSize(console.Rows, console.Columns)));
        }

        if (!result.Failed && console.UserId != 0)
        {
            // The group stays: it is the one that the devpts mount gives to every terminal.
            result = Part(Stage.ChangeOwner, Files.ChangeOwner(slave.Fd, Empty, console.UserId, uint.MaxValue, AtFlags.EmptyPath));
        }

        return result.Failed ? result : slave;
    }

    // UNIX98_PTY_SLAVE_MAJOR and the seven majors after it.
    private const uint FirstSlaveMajor = 136;
    private const uint LastSlaveMajor = 143;

    /// <summary>Lays the terminal itself, not what a path says it is, over its place in /dev (DDEV-07).</summary>
    private SyscallResult Show(Fd slave, RootfsPath place)
    {
        SyscallResult target = OpenOrMakeFileWithoutLink(place);
        if (target.Failed)
        {
            return target;
        }

        if (LacksTrees)
        {
            // The staging tmpfs is gone by now, and nothing of this mount is changed.
            SyscallResult bound = Part(Stage.AttachMount, MountClassic(slave, default, target.Fd, default, MountFlags.Bind, default));
            Files.Close(target.Fd);
            return bound;
        }

        SyscallResult tree = Part(Stage.OpenSource, OpenTree(
            slave, Empty, OpenTreeFlags.Clone | OpenTreeFlags.EmptyPath));
        SyscallResult attached = tree;
        if (!tree.Failed)
        {
            attached = AttachTo(target.Fd, tree.Fd);
            Files.Close(tree.Fd);
        }

        Files.Close(target.Fd);
        return attached;
    }

    /// <summary>A link that an image has left at the place of the file is an error, wherever it leads.</summary>
    private SyscallResult OpenOrMakeFileWithoutLink(RootfsPath path)
    {
        SyscallResult parent = OpenParent(path);
        if (parent.Failed)
        {
            return parent;
        }

        CString name = path.Levels[^1].Name;
        SyscallResult made = MakeFile(parent.Fd, name);
        SyscallResult opened = made.Failed && made.Errno != Errno.EEXIST
            ? Part(Stage.MakeDestination, made)
            : Part(Stage.OpenDestination, OpenName(parent.Fd, name, directory: false));
        Files.Close(parent.Fd);
        return opened;
    }

    /// <summary>The streams are the terminal from here on, for hooks inside as for the program.</summary>
    private static SyscallResult TakeTerminal(Fd slave)
    {
        SyscallResult result = Terminals.SetControllingTerminal(slave);
        for (var stream = 0; stream <= 2 && !result.Failed; stream++)
        {
            result = Descriptors.Duplicate(slave, stream, 0);
        }

        return result;
    }

    private SyscallResult HandOver(Fd master)
    {
        Report report = default;
        report.Kind = ReportKind.Checkpoint;
        report.Value = (long)Checkpoint.ConsoleReady;
        return Send(_slots[Slot.Channel], ref report, master);
    }
}
