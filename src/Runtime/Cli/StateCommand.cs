using CommandLine;

namespace Hull.Runtime;

[Verb("state", HelpText = "print the state of a container as JSON")]
[Example("web", "what web is doing now")]
[Example("hull state web | jq -r .status", "one word of it")]
internal sealed class StateOptions : ContainerOptions
{
    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => StateCommand.Run(global, this);
}

/// <summary>Prints what a container is doing now (OP-STA-01).</summary>
internal static class StateCommand
{
    internal static int Run(GlobalOptions global, StateOptions options)
    {
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        ContainerRecord record = directory.ReadRecord() ?? throw WithoutRecord(directory);
        StandardStreams.WriteOut(StateDocument.Text(StateDocument.Of(record, StatusReading.StatusOf(directory, record))));
        return ExitStatus.Success;
    }

    /// <summary>Whoever holds the lock makes it now, and has not written its record yet, or removes it, and has removed that already.</summary>
    private static RuntimeError WithoutRecord(ContainerDirectory directory) => directory.IsLockedByAnyProcess()
        ? ContainerStore.DoesNotExist(directory.Id)
        : new RuntimeError($"container \"{directory.Id}\" has no record: its creation was interrupted")
        {
            Hint = $"hull delete {directory.Id} removes what is left",
        };
}
