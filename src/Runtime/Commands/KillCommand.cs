using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class KillCommand
{
    internal static int Run(GlobalOptions global, KillOptions options) => throw new RuntimeError("this command is not built yet");
}
