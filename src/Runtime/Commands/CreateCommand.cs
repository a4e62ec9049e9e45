using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class CreateCommand
{
    internal static int Run(GlobalOptions global, CreateOptions options) => throw new RuntimeError("this command is not built yet");
}
