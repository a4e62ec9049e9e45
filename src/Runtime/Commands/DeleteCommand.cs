using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class DeleteCommand
{
    internal static int Run(GlobalOptions global, DeleteOptions options) => throw new RuntimeError("this command is not built yet");
}
