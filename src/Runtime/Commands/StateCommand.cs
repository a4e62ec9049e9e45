using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class StateCommand
{
    internal static int Run(GlobalOptions global, StateOptions options) => throw new RuntimeError("this command is not built yet");
}
