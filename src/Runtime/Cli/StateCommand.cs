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
        ContainerRecord record = directory.ReadRecord() ?? throw new RuntimeError($"container \"{options.ContainerId}\" has no record: its creation was interrupted")
        {
            Hint = $"hull delete {options.ContainerId} removes what is left",
        };
        StandardStreams.WriteOut(StateDocument.Text(StateDocument.Of(record, StatusReading.StatusOf(directory, record))));
        return ExitStatus.Success;
    }
}
