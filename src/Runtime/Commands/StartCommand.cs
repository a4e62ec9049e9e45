using Hull.Linux;
using Hull.Linux.Child;
using Hull.Oci;
using Hull.Runtime.Host;
using Hull.Runtime.Options;
using Hull.Runtime.Planning;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Commands;

/// <summary>
/// <c>hull start</c>: lets the program of a created container run, and tells the truth about it: it returns when execve has
/// happened and the poststart hooks are done, and fails when either fails (OP-STR-02, HOOK-08, HOOK-09).
/// </summary>
internal static class StartCommand
{
    internal static int Run(GlobalOptions global, StartOptions options, Log log)
    {
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        directory.LockExisting();
        ContainerRecord record = directory.ReadRecord() ?? throw ContainerStore.DoesNotExist(options.ContainerId);
        ContainerStatus status = StatusReading.StatusOf(directory, record);
        if (status != ContainerStatus.Created)
        {
            throw new RuntimeError($"cannot start a container that is not created: container {record.Id} is {status.Word()}");
        }

        OwnedFd connection = StartGate.Knock(directory)
            ?? throw new RuntimeError($"cannot start container {record.Id}: its process has ended");
        using var lane = new Lane(connection);
        lane.TellGo();
        ContainerConfig config = ContainerConfig.Read(directory);
        try
        {
            if (lane.Receive() is { } report)
            {
                throw Failure.Of(config.StepOf(record, report), report);
            }

            HookRunner.Run(HookKind.Poststart, config.Hooks.Poststart, HookState.Of(record, "running", record.Process.Pid), record.Bundle);
        }
        catch (RuntimeError)
        {
            Destruction.Destroy(directory, record, log);
            throw;
        }

        return ExitStatus.Success;
    }
}
