using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class StartCommand
{
    internal static int Run(GlobalOptions global, StartOptions options) => throw new RuntimeError("this command is not built yet");
}
