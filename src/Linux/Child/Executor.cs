using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// Carries out operations in a container process: one after the other, until one of them becomes the program or one fails.
/// A failure is reported on the channel and ends the process; nothing is ever repaired here, the host undoes it.
/// Everything in this class obeys README.md beside it: it runs in a fork of a managed process.
/// </summary>
internal sealed partial class Executor
{
    private readonly Operation[] _operations;
    private readonly Slots _slots;
    private int _step;
    private Stage _stage;
    private long _value;
    private int _executable;
    private int _firstDescriptor = 3;
    private bool _directoryEntered;
    private bool _nullDeviceAttached;
    private bool _emptyDirectoryAttached;
    private bool _filtered;
    private readonly bool _tellsMounts;
    private readonly StepTimes? _times;
    private ulong _attachedMount;

    /// <summary>Made by the host before the process exists; nothing is allocated afterwards.</summary>
    internal Executor(Operation[] operations, Slots slots)
    {
        _operations = operations;
        _slots = slots;
        _times = slots.Times;
        _kept = new int[CountOfKept(operations)];

        // A plan of live mounts ends so; what is attached in others nobody asks for, and it would be a call more for each.
        _tellsMounts = operations is [.., TellMount, Hull.Linux.Announce];
    }

    /// <summary>How many mounts are kept at most: each is kept under its index in the configuration.</summary>
    private static int CountOfKept(Operation[] operations)
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
        // The host's end must close with the host: only then does the channel end when the host dies.
        Files.Close(_slots[Slot.HostChannel]);
        Files.SetUmask(0);
        _times?.Note(0);
        for (; _step < _operations.Length; _step++)
        {
            _stage = Stage.Whole;
            _value = 0;
            _placeMade = false;
            _throughLink = false;
            SyscallResult result = Perform(_operations[_step]);
            if (_repeat)
            {
                _repeat = false;
                _stage = Stage.Whole;
                result = Perform(_operations[_step]);
            }

            if (result.Failed)
            {
                ReportFailure(_step, result.Errno);
                break;
            }

            // The filter may kill for another call than those that follow it.
            if (_times is not null && !_filtered)
            {
                _times.Note(_step + 1);
            }
        }

        Processes.Exit(1);
    }

    /// <summary>
    /// Each operation is carried out by the overload for its record. The generated switch compares types and makes no virtual call
    /// (rule 11); a record without an overload fails the build.
    /// </summary>
    [Dispatch]
    private partial SyscallResult Perform(Operation operation);

    /// <summary>The result of a part of the operation. If it failed, the report names that part.</summary>
    private SyscallResult Part(Stage stage, SyscallResult result)
    {
        if (result.Failed)
        {
            _stage = stage;
        }

        return result;
    }
}
