using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class SpecCommand
{
    internal static int Run(GlobalOptions global, SpecOptions options) => throw new RuntimeError("this command is not built yet");
}
