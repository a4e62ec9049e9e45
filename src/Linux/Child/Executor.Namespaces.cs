
namespace Hull.Linux;

/// <summary>Namespaces, and the processes they need.</summary>
internal sealed partial class Executor
{
    private SyscallResult Perform(JoinNamespace join)
    {
        if ((join.Kind & NamespaceKinds.Mount) != 0)
        {
            // What /proc is says that namespace afterwards.
            if (NewerCalls.AnyIsMissing)
            {
                OpenProcessFilesystem();
            }

            _mountsJoined = join.Namespace != Slot.HostMountNamespace;
            _staging = Fd.None;
        }

        return join.Namespace == Slot.ContainerProcess
            ? Namespaces.EnterThoseOf(_slots[join.Namespace], join.Kind)
            : Namespaces.Enter(_slots[join.Namespace], join.Kind);
    }

    private static SyscallResult Perform(MakeNamespaces make) => Namespaces.Unshare(make.Kinds);

    private static SyscallResult Perform(StartSession _) => Processes.NewSession();

    private static SyscallResult Perform(BringUpLoopback _) => Network.BringUpLoopback();

    private static SyscallResult Perform(SetHostName name) => HostName.SetHostName(name.Name);

    private static SyscallResult Perform(SetDomainName name) => HostName.SetDomainName(name.Name);

    private SyscallResult Perform(SetTimeOffsets offsets) => WriteFile(TimeOffsetsFile, offsets.Offsets);

    /// <summary>"0" is the process that writes it.</summary>
    private SyscallResult Perform(EnterCgroup cgroup) => WriteFile(cgroup.Tasks, Zero);

    private static SyscallResult WriteFile(CString path, CString text)
    {
        SyscallResult file = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.WriteOnly);
        if (file.Failed)
        {
            return file;
        }

        SyscallResult written = Files.Write(file.Fd, text.Bytes);
        Files.Close(file.Fd);
        return written;
    }

    /// <summary>
    /// The old process sends the host the pid of the new one before the new one sends anything: the new one goes on when the old one has
    /// ended, and with it the pipe that both hold.
    /// </summary>
    private unsafe SyscallResult Perform(ForkIntoPidNamespace fork)
    {
        SyscallResult piped = Descriptors.Pipe(out Fd read, out Fd write, 0);
        if (piped.Failed)
        {
            return piped;
        }

        CloneArguments arguments = default;
        arguments.Flags = (ulong)fork.Kinds | (ulong)CloneFlags.Sibling;
        SyscallResult cloned = Processes.Clone3(&arguments);
        if (cloned.Failed)
        {
            return cloned;
        }

        if (cloned.Value > 0)
        {
            SyscallResult announced = Announce(Checkpoint.Forked, cloned.Value);
            Processes.Exit(announced.Failed ? 1 : 0);
        }

        Files.Close(write);
        byte nothing = 0;
        SyscallResult ended = Files.Read(read, new Span<byte>(ref nothing));
        Files.Close(read);
        return ended;
    }

    private static SyscallResult Perform(SetRootIds _)
    {
        SyscallResult result = Credentials.SetGroupIds(0, 0, 0);
        return result.Failed ? result : Credentials.SetUserIds(0, 0, 0);
    }

    private static SyscallResult Perform(JoinSessionKeyring keyring) => Keys.LeaveSessionKeyring(keyring.Name);
}
