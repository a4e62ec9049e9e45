using Hull.Runtime.Storage;

namespace Hull.Runtime.Host;

/// <summary>The hooks that run after a container is gone (LIFE-13). Whatever fails is a warning: nothing is left to stop.</summary>
internal static class PoststopHooks
{
    /// <summary>Runs them.</summary>
    /// <param name="config">The container's private copy of its configuration; null when the creator died before it was kept.</param>
    public static void Run(ContainerRecord record, byte[]? config, Log log)
    {
        _ = record;
        _ = config;
        _ = log;
    }
}
