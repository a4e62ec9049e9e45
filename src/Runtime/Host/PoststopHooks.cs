using Hull.Oci;
using Hull.Runtime.Planning;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Host;

/// <summary>The hooks that run after a container is gone (LIFE-13). Whatever fails is a warning: nothing is left to stop.</summary>
internal static class PoststopHooks
{
    /// <summary>Runs them.</summary>
    /// <param name="config">The container's private copy of its configuration; null when the creator died before it was kept.</param>
    public static void Run(ContainerRecord record, byte[]? config, Log log)
    {
        // Most containers have none: that is seen without parsing anything.
        if (config is null || config.AsSpan().IndexOf("\"poststop\""u8) < 0)
        {
            return;
        }

        if (ConfigDocument.Parse(config).Value?.Hooks is not { } hooks)
        {
            return;
        }

        System.Collections.Immutable.ImmutableArray<HookCall> poststop = SettledHooks.Of(hooks, []).Poststop;
        foreach (string warning in HookRunner.RunAll(HookKind.Poststop, poststop, HookState.Of(record, ContainerStatus.Stopped, 0), record.Bundle))
        {
            log.Warning(warning);
        }
    }
}
