using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class PlanCommand
{
    internal static int Run(GlobalOptions global, PlanOptions options) => throw new RuntimeError("this command is not built yet");
}
