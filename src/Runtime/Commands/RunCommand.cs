using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class RunCommand
{
    internal static int Run(GlobalOptions global, RunOptions options) => throw new RuntimeError("this command is not built yet");
}
