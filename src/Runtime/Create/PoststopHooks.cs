using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The hooks that run after a container is gone (LIFE-13). Whatever fails is a warning: nothing is left to stop.</summary>
internal static class PoststopHooks
{
    /// <summary>Runs them, as the container's private copy of its configuration names them.</summary>
    public static void Run(ContainerRecord record, ContainerDirectory directory, Log log)
    {
        byte[]? config = Read(directory, log);

        // Most containers have none: that is seen without parsing anything.
        if (config is null || config.AsSpan().IndexOf("\"poststop\""u8) < 0)
        {
            return;
        }

        ParseResult<Config> parsed = ConfigDocument.Parse(config);
        if (parsed.Value is null)
        {
            log.Warning($"container \"{record.Id}\": its poststop hooks do not run: {directory.Path}/config.json is broken");
        }

        if (parsed.Value?.Hooks is not { } hooks)
        {
            return;
        }

        System.Collections.Immutable.ImmutableArray<HookCall> poststop = ResolvedHooks.Of(hooks, []).Poststop;
        foreach (string warning in HookRunner.RunAll(HookKind.Poststop, poststop, HookState.Of(record, ContainerStatus.Stopped, 0), record.Bundle))
        {
            log.Warning(warning);
        }
    }

    // A file that will never be readable must not keep the container for ever. Where descriptors or memory are short, a second
    // attempt may well succeed, and hooks are not to be lost for that.
    private static byte[]? Read(ContainerDirectory directory, Log log)
    {
        try
        {
            return directory.ReadConfig();
        }
        catch (KernelException failure) when (failure.Errno is not (Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM))
        {
            log.Warning($"container \"{directory.Id}\": its poststop hooks, if any, do not run: {directory.Path}/config.json: {failure.Message}");
            return null;
        }
    }
}
