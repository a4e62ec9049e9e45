using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// Carries out operations in a container process: one after the other, until one of them becomes the program or one fails.
/// A failure is reported on the lane and ends the process; nothing is ever repaired here, the host undoes it.
/// Everything in this class obeys README.md beside it: it runs in a fork of a managed process.
/// </summary>
internal sealed partial class Executor
{
    private readonly Operation[] _operations;
    private readonly Slots _slots;
    private Stage _stage;
    private long _value;
    private int _executable;
    private int _firstDescriptor = 3;
    private bool _directoryEntered;
    private bool _nullDeviceAttached;
    private bool _emptyDirectoryAttached;
    private bool _filtered;

    /// <summary>Prepared by the host before the process exists; nothing is allocated afterwards.</summary>
    internal Executor(Operation[] operations, Slots slots)
    {
        _operations = operations;
        _slots = slots;
        _kept = new int[Kept(operations)];
    }

    /// <summary>How many numbers there may be: mounts are kept under their places in the configuration.</summary>
    private static int Kept(Operation[] operations)
    {
        var last = -1;
        foreach (Operation operation in operations)
        {
            last = operation is MountFilesystem mount && mount.Keep > last ? mount.Keep : last;
        }

        return last + 1;
    }

    /// <summary>The life of a container process. Never returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Run()
    {
        // The host's end must close with the host: only then does the lane end when the host dies.
        Files.Close(_slots[Slot.HostChannel]);
        Files.SetUmask(0);
        for (var step = 0; step < _operations.Length; step++)
        {
            _stage = Stage.Whole;
            _value = 0;
            SyscallResult result = CarryOut(_operations[step]);
            if (result.Failed)
            {
                ReportFailure(step, result.Errno);
                break;
            }
        }

        Processes.Exit(1);
    }

    private SyscallResult CarryOut(Operation operation) => operation switch
    {
        MountFilesystem mount => Mount(mount),
        BindMount bind => Bind(bind),
        MaskPath mask => Mask(mask),
        MakePathReadOnly path => MakeReadOnly(path),
        MakeDevice device => Make(device),
        MakeSymbolicLink link => Make(link),
        Announce announce => Announce(announce.Checkpoint, 0),
        Await wait => Await(wait.Checkpoint),
        Remount change => Change(change),
        MakeMountReadOnly mount => MakeReadOnly(mount),
        OpenHostMount lend => OpenForContainer(lend),
        SetPropagation propagation => Mounts.ChangePropagation(propagation.Path, propagation.Propagation),
        OpenRootfs rootfs => Open(rootfs),
        OpenNullDevice => HoldNullDevice(),
        EnterRootfs enter => Enter(enter),
        DetachMount hide => Hide(hide),
        OpenConsole console => Open(console),
        MakeRootReadOnly => SetRootReadOnly(),
        BindDevice device => Bind(device),
        ReopenNullDevice reopen => Reopen(reopen),
        MakeDirectory directory => Make(directory),
        _ => CarryOutOnProcess(operation),
    };

    private SyscallResult CarryOutOnProcess(Operation operation) => operation switch
    {
        SetResourceLimit limit => Set(limit),
        EnterCgroup cgroup => Enter(cgroup),
        JoinNamespace join => Namespaces.Enter(_slots[join.Namespace], join.Kind),
        MakeNamespaces make => Namespaces.Unshare(make.Kinds),
        SetTimeOffsets offsets => Set(offsets),
        ForkIntoPidNamespace fork => Continue(fork),
        SetRootIds => BecomeRoot(),
        StartSession => Processes.NewSession(),
        JoinSessionKeyring keyring => Join(keyring),
        BringUpLoopback => Network.BringUpLoopback(),
        SetHostName name => HostName.SetHostName(name.Name),
        SetDomainName name => HostName.SetDomainName(name.Name),
        ClearDumpable => Processes.SetDumpable(false),
        SetAffinity affinity => Set(affinity),
        SetUmask umask => Files.SetUmask(umask.Mask),
        ChangeDirectory directory => Change(directory),
        LimitCapabilities limit => Limit(limit),
        SetUser user => Set(user),
        SetCapabilities capabilities => Set(capabilities),
        SetSysctl parameter => Set(parameter),
        SetSecurityLabel label => Set(label),
        SetPersonality personality => Processes.SetPersonality(personality.Domain),
        SetMemoryPolicy policy => Scheduling.SetMemoryPolicy(policy.Mode, policy.Flags, policy.Nodes.AsSpan()),
        FindHome home => Find(home),
        SetNoNewPrivileges => Credentials.SetNoNewPrivileges(),
        LoadSeccompFilter load => Load(load),
        RunHook hook => Run(hook),
        FindExecutable find => Find(find),
        WaitForStart => WaitAtStartSocket(),
        CloseDescriptors close => Close(close),
        RedirectStandardStreams connect => Connect(connect),
        Execute execute => ExecuteProgram(execute),
        _ => SyscallResult.Failure(Errno.ENOSYS),
    };

    /// <summary>Names the part of the operation that comes next, for the report if it fails.</summary>
    private SyscallResult Part(Stage stage, SyscallResult result)
    {
        if (result.Failed)
        {
            _stage = stage;
        }

        return result;
    }
}
