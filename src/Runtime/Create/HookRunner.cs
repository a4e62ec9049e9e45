using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Runs hooks in the runtime's own namespaces. Each is cloned like a container process, only with a shorter list of
/// operations: streams, directory, program.
/// </summary>
internal static class HookRunner
{
    private const int KeptOutput = 4096;

    /// <summary>Runs them in order; the first that fails ends it (HOOK-03, HOOK-04).</summary>
    /// <param name="kind">Which hooks, for messages.</param>
    /// <param name="hooks">What to run.</param>
    /// <param name="state">The state document that each reads.</param>
    /// <param name="bundle">Their directory.</param>
    /// <exception cref="RuntimeError">The hook that failed: which, how, and the end of what it wrote.</exception>
    public static void Run(HookKind kind, IReadOnlyList<HookCall> hooks, byte[] state, string bundle)
    {
        for (var i = 0; i < hooks.Count; i++)
        {
            string? failure;
            try
            {
                failure = Run(hooks[i], state, bundle);
            }
            catch (KernelException refused)
            {
                // What follows from a failed hook follows as well when it could not be tried (LIFE-15).
                throw new RuntimeError($"{HookKinds.Running(PropertyOf(kind, i))}: {hooks[i].Path} cannot be run: {refused.Call}", refused.Errno) { Property = PropertyOf(kind, i) };
            }

            if (failure is not null)
            {
                throw new RuntimeError($"{HookKinds.Running(PropertyOf(kind, i))}: {hooks[i].Path} {failure}") { Property = PropertyOf(kind, i) };
            }
        }
    }

    /// <summary>Runs them all, whatever becomes of each (LIFE-15: poststop hooks that fail are only worth a warning).</summary>
    /// <returns>A sentence for each that failed.</returns>
    public static IReadOnlyList<string> RunAll(HookKind kind, IReadOnlyList<HookCall> hooks, byte[] state, string bundle)
    {
        var failures = new List<string>();
        for (var i = 0; i < hooks.Count; i++)
        {
            string? failure;
            try
            {
                failure = Run(hooks[i], state, bundle);
            }
            catch (KernelException refused)
            {
                failure = $"cannot be run: {refused.Message}";
            }

            if (failure is not null)
            {
                failures.Add($"{PropertyOf(kind, i)}: hook {hooks[i].Path} {failure}");
            }
        }

        return failures;
    }

    private static string PropertyOf(HookKind kind, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"hooks.{HookKinds.NameOf(kind)}[{index}]");

    /// <summary>What went wrong, or null.</summary>
    private static string? Run(HookCall hook, byte[] state, string bundle)
    {
        long begin = Environment.TickCount64, traced = Trace.Current is null ? 0 : Trace.Now();
        using OwnedFd input = HostFiles.InMemory("hook-state", state);
        using OwnedFd output = HostFiles.InMemory("hook-output", []);
        using OwnedFd process = HostProgram.Start(
            input,
            output,
            new ChangeDirectory(bundle, Final: false),
            new Execute([hook.Path], new CStringArray(hook.Arguments), new CStringArray(hook.Environment)),
            out Errno refused);
        if (refused != Errno.None)
        {
            Processes.Wait(process, WaitOptions.Exited, out _).OrThrow("waitid");
            return $"cannot be run: {refused.Describe()}";
        }

        string? ended = Await(process, hook.TimeoutMilliseconds);
        Trace.Current?.Add($"hook {hook.Path}", "", traced);
        return ended is null ? null : string.Create(CultureInfo.InvariantCulture, $"{ended} after {(Environment.TickCount64 - begin) / 1000.0} s{Said(output)}");
    }

    private static string? Await(Fd process, int timeoutMilliseconds)
    {
        string? late = null;
        if (timeoutMilliseconds > 0)
        {
            var poll = new PollDescriptor(process, PollEvents.In);
            if (Processes.PollProcess(new Span<PollDescriptor>(ref poll), timeoutMilliseconds).OrThrow("ppoll") == 0)
            {
                Processes.SendSignal(process, (int)Signal.SIGKILL);
                late = string.Create(CultureInfo.InvariantCulture, $"took longer than {timeoutMilliseconds / 1000.0} s and was killed");
                if (!ProcessEnd.HasCome(process, ProcessEnd.PatienceMilliseconds))
                {
                    return late + ", but does not die: it waits for a device or a file server";
                }
            }
        }

        Processes.Wait(process, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
        return late is not null || status is { ExitCode: 0, Signal: 0 } ? late : Failure.Ended(status);
    }

    /// <summary>The end of what it wrote: that is where the reason stands.</summary>
    private static string Said(Fd output)
    {
        nint length = Files.Seek(output, 0, SeekOrigin.End).OrThrow("lseek");
        Files.Seek(output, Math.Max(0, length - KeptOutput), SeekOrigin.Begin).OrThrow("lseek");
        var buffer = new byte[KeptOutput];
        nint read = Files.Read(output, buffer).OrThrow("read");
        string text = Encoding.UTF8.GetString(buffer, 0, (int)read).Trim().ReplaceLineEndings("; ");
        return text.Length == 0 ? "" : ": " + text;
    }
}

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

        ImmutableArray<HookCall> poststop = ResolvedHooks.Of(hooks, []).Poststop;
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
