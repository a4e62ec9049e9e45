using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>What holds for every program that joins a container, whatever the container, the program and the host.</summary>
public sealed class ExecLawTests
{
    private static readonly Lazy<Example[]> Joined = new(() => [.. Example.Planned.Select(Join).OfType<Example>()]);

    [Fact]
    public void The_laws_are_tried_on_thousands_of_plans()
    {
        Joined.Value.Length.Should().BeGreaterThan(2000);
        Joined.Value.Count(example => example.Plan!.Container.Any(step => step.Operation is OpenConsole)).Should().BeGreaterThan(50);
        Joined.Value.Count(example => example.Plan!.Container.Any(step => step.Operation is ForkIntoPidNamespace)).Should().BeGreaterThan(50);
        Joined.Value.Count(example => example.Plan!.Container.Any(step => step.Operation is LoadSeccompFilter)).Should().BeGreaterThan(50);
    }

    [Fact]
    public void Both_lanes_reach_their_ends() => Holds(ChannelLaws.BothEnd);

    [Fact]
    public void Nothing_privileged_is_done_after_privileges_are_lost() => Holds(PrivilegeLaws.NothingPrivilegedAfterTheLoss);

    [Fact]
    public void Privileges_are_lost_in_their_order() => Holds(PrivilegeLaws.LostInOrder);

    [Fact]
    public void Capability_sets_never_grow() => Holds(PrivilegeLaws.SetsOnlyShrink);

    [Fact]
    public void Limits_are_raised_while_they_can_be() => Holds(PrivilegeLaws.LimitsAreRaisedInTime);

    [Fact]
    public void The_program_is_run_once_and_last() => Holds(OrderLaws.ProgramIsLast);

    [Fact]
    public void The_callers_descriptors_are_closed_first() => Holds(OrderLaws.ForeignDescriptorsAreClosedFirst);

    [Fact]
    public void Home_is_looked_up_and_a_terminal_opened_where_the_root_is_open() => Holds(example =>
        First(example, one => one is OpenRootfs) is var opens && First(example, one => one is OpenConsole or FindHome) is var uses
            && (uses < 0 || (opens >= 0 && opens < uses))
            ? []
            : ["a path inside is looked up from nowhere"]);

    [Fact]
    public void Every_step_has_an_origin() => Holds(CompletenessLaws.EveryStepHasAnOrigin);

    [Fact]
    public void A_pid_that_is_told_is_one_of_the_hosts() => Holds(CompletenessLaws.PidsAreTheHosts);

    /// <summary>Others live in these namespaces, and see the process from its first moment (CVE-2016-9962).</summary>
    [Fact]
    public void Nobody_may_look_into_the_process_when_it_joins() => Holds(example =>
        First(example, one => one is ClearDumpable) is var forbids && First(example, one => one is JoinNamespace) is var joins && (joins < 0 || forbids < joins)
            ? []
            : ["namespaces are joined by a process that can be traced"]);

    /// <summary>A path of the host means something else where the container's paths begin.</summary>
    [Fact]
    public void Cgroups_are_entered_while_the_hosts_paths_are_in_sight() => Holds(example =>
        First(example, one => one is JoinNamespace) is var joins && Array.FindLastIndex(Operations(example), one => one is EnterCgroup) is var enters
            && (joins < 0 || enters < joins)
            ? []
            : ["a cgroup is entered from inside the container"]);

    [Fact]
    public void Every_namespace_of_the_container_is_entered_once() => Holds(example =>
    {
        NamespaceKinds all = ResolvedNamespaces.Of(example.Config.Linux?.Namespaces ?? []).All;
        NamespaceKinds[] entered =
        [
            .. example.Plan!.Clone.Borrowed.Select(one => one.Kind), .. Operations(example).OfType<JoinNamespace>().Select(join => join.Kind),
        ];
        return entered.Aggregate(default(NamespaceKinds), (sum, one) => sum | one) == all && entered.Sum(one => (long)one) == (long)all && example.Plan.Clone.New == 0
            ? []
            : [$"{NamespaceNames.Describe(entered.Aggregate(default(NamespaceKinds), (sum, one) => sum | one))} instead of {NamespaceNames.Describe(all)}"];
    });

    [Fact]
    public void The_host_makes_nothing_but_the_process() => Holds(example =>
        example.Plan!.HostBefore.Concat(example.Plan.Host)
            .Where(step => step.Action is MakeCgroup or WriteCgroupFile or RecordContainer or OpenStartSocket or RunHooks or WriteIdMappings)
            .Select(step => step.Action.Describe()));

    private static int First(Example example, Predicate<Operation> which) => Array.FindIndex(Operations(example), which);

    private static Operation[] Operations(Example example) => [.. example.Plan!.Container.Select(step => step.Operation)];

    /// <summary>The container's own program once more, in the container of an example.</summary>
    private static Example? Join(Example example)
    {
        CreateRequest made = example.Request;
        var request = new ExecRequest
        {
            Id = made.Id,
            Config = made.Config,
            FirstProcess = 4711,
            Rootfs = "/bundle/rootfs",
            Process = made.Config.Process! with { ExecCpuAffinity = example.Seed % 3 == 0 ? new ExecCpuAffinity { Initial = "0", Final = "1" } : null },
            Cgroups = example.Seed % 2 == 0 ? new ExecCgroups([], "/sys/fs/cgroup/c") : new ExecCgroups(["/sys/fs/cgroup/memory/c"], ""),
            Attachment = new Attachment(made.Foreground, made.ConsoleSocket, example.Seed % 5 == 0 ? "/pidfd.sock" : null, made.PreservedDescriptors),
        };
        try
        {
            return example with { Plan = ExecPlanner.Plan(request, example.Facts) };
        }
        catch (RuntimeError)
        {
            return null;
        }
    }

    private static void Holds(Func<Example, IEnumerable<string>> law) =>
        Joined.Value.SelectMany(example => law(example).Select(breach => $"seed {example.Seed}: {breach}")).Take(5).Should().BeEmpty();
}
