using System.Text.RegularExpressions;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>What comes before what. Each law yields what breaks it.</summary>
internal static partial class OrderLaws
{
    internal static IEnumerable<string> ProgramIsLast(Example example)
    {
        Operation[] operations = Operations(example);
        if (operations.Count(operation => operation is Execute) != 1 || operations[^1] is not Execute)
        {
            yield return "the program is not run once, at the end";
        }
    }

    internal static IEnumerable<string> ForeignDescriptorsAreClosedFirst(Example example)
    {
        if (Operations(example)[0] is not CloseDescriptors close || close.First != 3 + example.Request.PreservedDescriptors)
        {
            yield return "the first step does not close the caller's descriptors";
        }
    }

    /// <summary>Once the root is the container's, a path of the host means something in the container.</summary>
    internal static IEnumerable<string> NoHostPathInsideTheRoot(Example example)
    {
        Operation[] operations = Operations(example);
        int enters = Array.FindIndex(operations, operation => operation is EnterRootfs);
        if (enters < 0 || operations.Count(operation => operation is EnterRootfs) != 1)
        {
            yield return "the root is not entered exactly once";
            yield break;
        }

        for (int i = enters + 1; i < operations.Length; i++)
        {
            bool host = operations[i] is BindMount or OpenRootfs or BindDevice or DetachMount or OpenNullDevice
                or SetSysctl or SetSecurityLabel
                || (operations[i] is SetPropagation propagation && propagation.Path != "/");
            if (host)
            {
                yield return $"step {i}, {operations[i].Describe()}, names a path of the host inside the container";
            }
        }
    }

    /// <summary>Every path inside the container is below the root that is open by then.</summary>
    internal static IEnumerable<string> RootIsOpenedFirst(Example example)
    {
        Operation[] operations = Operations(example);
        int opens = Array.FindIndex(operations, operation => operation is OpenRootfs);
        for (var i = 0; i < operations.Length; i++)
        {
            bool uses = operations[i] is MountFilesystem or BindMount or Remount or MakeMountReadOnly or MaskPath or MakePathReadOnly
                or MakeDevice or BindDevice or MakeSymbolicLink or MakeDirectory or EnterRootfs or EnterReadOnlyRoot or MakeRootReadOnly;
            if (uses && i < opens)
            {
                yield return $"step {i}, {operations[i].Describe()}, comes before the root is opened";
            }
        }
    }

    internal static IEnumerable<string> MountsKeepTheirOrder(Example example)
    {
        int last = -1;
        foreach (Step step in example.Plan!.Container)
        {
            Match match = MountIndex().Match(step.Origin.ToString());
            if (match.Success && step.Operation is MountFilesystem or BindMount)
            {
                int index = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
                if (index < last)
                {
                    yield return $"mounts[{index}] comes after mounts[{last}]";
                }

                last = index;
            }
        }
    }

    /// <summary>Each kind in the configuration's order, and the kinds at their places in the lifecycle (HOOK-03).</summary>
    internal static IEnumerable<string> HooksKeepTheirOrder(Example example)
    {
        Hooks hooks = example.Config.Hooks ?? new Hooks();
        string[] host = [.. example.Plan!.Host.Select(step => step.Action).OfType<RunHooks>().SelectMany(run => run.Hooks).Select(hook => hook.Path)];
        if (!host.SequenceEqual(Paths(hooks.Prestart, hooks.CreateRuntime)))
        {
            yield return $"the host runs {string.Join(" ", host)}";
        }

        Operation[] operations = Operations(example);
        int enters = Array.FindIndex(operations, operation => operation is EnterRootfs);
        int recorded = Array.FindIndex(operations, operation => operation is Await { Checkpoint: Checkpoint.Recorded });
        string[] outside = [.. operations[..enters].OfType<RunHook>().Select(hook => hook.Path.ToString())];
        string[] between = [.. operations[enters..recorded].OfType<RunHook>().Select(hook => hook.Path.ToString())];
        string[] atStart = [.. operations[recorded..].OfType<RunHook>().Select(hook => hook.Path.ToString())];
        if (!outside.SequenceEqual(Paths(hooks.CreateContainer)) || between.Length > 0 || !atStart.SequenceEqual(Paths(hooks.StartContainer)))
        {
            yield return $"the container process runs {string.Join(" ", outside)} | {string.Join(" ", between)} | {string.Join(" ", atStart)}";
        }
    }

    /// <summary>A profile may forbid whatever comes after it: only execve may (SEC-10).</summary>
    internal static IEnumerable<string> OnlyTheProgramIsFiltered(Example example)
    {
        Operation[] operations = Operations(example);
        int[] loads = [.. Enumerable.Range(0, operations.Length).Where(i => operations[i] is LoadSeccompFilter)];
        if (example.Config.Linux?.Seccomp is null ? loads.Length > 0 : !loads.SequenceEqual([operations.Length - 2]))
        {
            yield return $"the filter is loaded at {string.Join(", ", loads)} of {operations.Length} steps";
        }
    }

    /// <summary>create leaves nothing to start but waiting, hooks, the last limit, the filter and the program.</summary>
    internal static IEnumerable<string> StartOnlyStarts(Example example)
    {
        Operation[] operations = Operations(example);
        int recorded = Array.FindIndex(operations, operation => operation is Await { Checkpoint: Checkpoint.Recorded });
        foreach (Operation operation in operations[(recorded + 1)..])
        {
            if (operation is not (WaitForStart or RunHook or SetResourceLimit { Resource: Hull.Linux.ResourceLimit.OpenFiles } or LoadSeccompFilter or Execute))
            {
                yield return $"{operation.Describe()} is left to start";
            }
        }
    }

    private static Operation[] Operations(Example example) => [.. example.Plan!.Container.Select(step => step.Operation)];

    private static IEnumerable<string> Paths(params IReadOnlyList<Hook>?[] kinds) => kinds.SelectMany(hooks => hooks ?? []).Select(hook => hook.Path);

    [GeneratedRegex(@"^mounts\[(\d+)\]")]
    private static partial Regex MountIndex();
}
