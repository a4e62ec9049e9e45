
namespace Hull.Linux;

/// <summary>Namespaces, and the processes they need.</summary>
internal sealed partial class Executor
{
    private SyscallResult Set(SetTimeOffsets offsets) => WriteFile(TimeOffsetsFile, offsets.Offsets);

    /// <summary>"0" is the process that writes it.</summary>
    private SyscallResult Enter(EnterCgroup cgroup) => WriteFile(cgroup.Tasks, Zero);

    private static SyscallResult WriteFile(CString path, CString text)
    {
        SyscallResult file = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.WriteOnly | OpenFlags.CloseOnExec);
        if (file.Failed)
        {
            return file;
        }

        SyscallResult written = Files.Write(file.Fd, text.Bytes);
        Files.Close(file.Fd);
        return written;
    }

    /// <summary>
    /// The old process tells the host the pid of the new one before the new one says anything: it goes on when the pipe
    /// that the old one holds has closed.
    /// </summary>
    private unsafe SyscallResult Continue(ForkIntoPidNamespace fork)
    {
        SyscallResult piped = Descriptors.Pipe(out Fd read, out Fd write, OpenFlags.CloseOnExec);
        if (piped.Failed)
        {
            return piped;
        }

        CloneArguments arguments = default;
        arguments.Flags = (ulong)fork.Kinds | (ulong)CloneFlags.Sibling;
        SyscallResult born = Processes.Clone3(&arguments);
        if (born.Failed)
        {
            return born;
        }

        if (born.Value > 0)
        {
            SyscallResult announced = Announce(Checkpoint.Forked, born.Value);
            Processes.Exit(announced.Failed ? 1 : 0);
        }

        Files.Close(write);
        byte nothing = 0;
        SyscallResult ended = Files.Read(read, new Span<byte>(ref nothing));
        Files.Close(read);
        return ended;
    }

    private static SyscallResult BecomeRoot()
    {
        SyscallResult result = Credentials.SetGroupIds(0, 0, 0);
        return result.Failed ? result : Credentials.SetUserIds(0, 0, 0);
    }

    private static SyscallResult Join(JoinSessionKeyring keyring)
    {
        SyscallResult joined = Keys.JoinSessionKeyring(keyring.Name);

        // A kernel without keys has no keyring of the host's to leak either.
        return joined.Errno == Errno.ENOSYS ? default : joined;
    }
}
