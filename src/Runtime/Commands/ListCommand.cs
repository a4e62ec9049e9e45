using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class ListCommand
{
    internal static int Run(GlobalOptions global, ListOptions options) => throw new RuntimeError("this command is not built yet");
}
