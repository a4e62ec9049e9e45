using Hull.Runtime.Options;

namespace Hull.Runtime.Commands;

internal static class FeaturesCommand
{
    internal static int Run(GlobalOptions global, FeaturesOptions options) => throw new RuntimeError("this command is not built yet");
}
