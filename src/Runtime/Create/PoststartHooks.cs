using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The hooks that run once the program runs (LIFE-09); one that fails ends the container (HOOK-09).</summary>
internal static class PoststartHooks
{
    /// <summary>Runs them.</summary>
    /// <param name="config">The container's private copy of its configuration.</param>
    /// <exception cref="RuntimeError">The hook that failed.</exception>
    public static void Run(ContainerRecord record, byte[]? config)
    {
        // Most containers have none: that is seen without parsing anything, which would cost start most of its time.
        if (config is not null && config.AsSpan().IndexOf("\"poststart\""u8) >= 0 && ConfigDocument.Parse(config).Value?.Hooks is { } hooks)
        {
            Run(record, ResolvedHooks.Of(hooks, []));
        }
    }

    /// <summary>Runs them.</summary>
    /// <exception cref="RuntimeError">The hook that failed.</exception>
    public static void Run(ContainerRecord record, ResolvedHooks hooks)
    {
        if (!hooks.Poststart.IsEmpty)
        {
            HookRunner.Run(HookKind.Poststart, hooks.Poststart, HookState.Of(record, ContainerStatus.Running, record.Process.Pid), record.Bundle);
        }
    }
}
