using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Hooks: those of the host run beside the container process, the others inside it.</summary>
internal static class HookPlanning
{
    /// <summary>Prepares what the hooks inside will read: the descriptors must exist before the container process does.</summary>
    public static void Open(ResolvedContainer container, PlanBuilder plan)
    {
        if (!container.Hooks.CreateContainer.IsEmpty)
        {
            plan.HostBefore(new PrepareHookState(Slot.CreateContainerState), Of(HookKind.CreateContainer, "HOOK-03"));
        }

        if (!container.Hooks.StartContainer.IsEmpty)
        {
            plan.HostBefore(new PrepareHookState(Slot.StartContainerState), Of(HookKind.StartContainer, "HOOK-03"));
        }
    }

    /// <summary>prestart, createRuntime and createContainer: everything is mounted, and the host's paths can still be reached.</summary>
    public static void BeforeRootChange(ResolvedContainer container, PlanBuilder plan)
    {
        ResolvedHooks hooks = container.Hooks;
        WriteState(container, Slot.StartContainerState, hooks.StartContainer, HookKind.StartContainer, ContainerStatus.Created, plan);
        if (hooks.Prestart.IsEmpty && hooks.CreateRuntime.IsEmpty && hooks.CreateContainer.IsEmpty)
        {
            return;
        }

        HookKind first = !hooks.Prestart.IsEmpty ? HookKind.Prestart
            : !hooks.CreateRuntime.IsEmpty ? HookKind.CreateRuntime
            : HookKind.CreateContainer;
        Origin origin = Of(first, "HOOK-03");
        plan.HostWaitsFor(Checkpoint.MountsMade, origin);
        OnHost(HookKind.Prestart, hooks.Prestart, plan);
        OnHost(HookKind.CreateRuntime, hooks.CreateRuntime, plan);
        WriteState(container, Slot.CreateContainerState, hooks.CreateContainer, HookKind.CreateContainer, ContainerStatus.Creating, plan);
        plan.ContainerWaitsFor(Checkpoint.HostHooksDone, origin);
        InContainer(HookKind.CreateContainer, hooks.CreateContainer, Slot.CreateContainerState, inRootfs: true, filter: null, plan);
    }

    /// <summary>
    /// startContainer: the last thing before the program. These hooks are programs of the container's, often ones that came with its image,
    /// and with its privileges: as in runc, the same filter judges them.
    /// </summary>
    public static void BeforeProgram(ResolvedContainer container, PlanBuilder plan) =>
        InContainer(HookKind.StartContainer, container.Hooks.StartContainer, Slot.StartContainerState, inRootfs: false, container.Program.Filter, plan);

    /// <summary>Where in the configuration the hooks of a kind are.</summary>
    public static Origin Of(HookKind kind, string rule) => new(SpecPath.Root.Property("hooks").Property(HookKinds.NameOf(kind)), rule);

    private static void OnHost(HookKind kind, ImmutableArray<HookCall> hooks, PlanBuilder plan)
    {
        if (!hooks.IsEmpty)
        {
            plan.Host(new RunHooks(kind, hooks, ContainerStatus.Creating), Of(kind, "HOOK-03"));
        }
    }

    private static void InContainer(
        HookKind kind, ImmutableArray<HookCall> hooks, Slot state, bool inRootfs, LoadSeccompFilter? filter, PlanBuilder plan)
    {
        for (var i = 0; i < hooks.Length; i++)
        {
            HookCall hook = hooks[i];
            plan.Container(
                new RunHook(
                    hook.Path, new CStringArray(hook.Arguments), new CStringArray(hook.Environment, hook.Home), state, inRootfs, hook.TimeoutMilliseconds, filter),
                new Origin(SpecPath.Root.Property("hooks").Property(HookKinds.NameOf(kind)).Index(i), "HOOK-03"));
        }
    }

    /// <summary>Hooks inside see the pid that the container sees: 1 in a pid namespace of its own (HOOK-11).</summary>
    private static void WriteState(
        ResolvedContainer container, Slot slot, ImmutableArray<HookCall> hooks, HookKind kind, ContainerStatus status, PlanBuilder plan)
    {
        if (!hooks.IsEmpty)
        {
            int pid = container.Namespaces.IsNew(NamespaceKinds.Pid) ? 1 : 0;
            plan.Host(new WriteHookState(slot, status, pid), Of(kind, "HOOK-10"));
        }
    }
}
