using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>What holds for every plan, whatever the configuration and the host.</summary>
public sealed class PlanLawTests
{
    [Fact]
    public void Both_lanes_reach_their_ends() => Holds(ChannelLaws.BothEnd);

    [Fact]
    public void A_container_is_recorded_when_it_is_ready() => Holds(ChannelLaws.RecordedWhenReady);

    [Fact]
    public void Only_create_waits_for_start_and_only_run_for_its_program() => Holds(ChannelLaws.WaitsAsAsked);

    [Fact]
    public void Nothing_privileged_is_done_after_privileges_are_lost() => Holds(PrivilegeLaws.NothingPrivilegedAfterTheLoss);

    [Fact]
    public void Privileges_are_lost_in_their_order() => Holds(PrivilegeLaws.LostInOrder);

    [Fact]
    public void Capability_sets_never_grow() => Holds(PrivilegeLaws.SetsOnlyShrink);

    [Fact]
    public void Limits_are_raised_while_they_can_be() => Holds(PrivilegeLaws.LimitsAreRaisedInTime);

    [Fact]
    public void A_process_cannot_be_traced_where_others_live() => Holds(PrivilegeLaws.UntracedWhereOthersLive);

    [Fact]
    public void The_program_is_run_once_and_last() => Holds(OrderLaws.ProgramIsLast);

    [Fact]
    public void The_callers_descriptors_are_closed_first() => Holds(OrderLaws.ForeignDescriptorsAreClosedFirst);

    [Fact]
    public void No_path_of_the_host_is_used_inside_the_root() => Holds(OrderLaws.NoHostPathInsideTheRoot);

    [Fact]
    public void The_root_is_opened_before_anything_in_it_is_used() => Holds(OrderLaws.RootIsOpenedFirst);

    [Fact]
    public void Mounts_keep_their_order() => Holds(OrderLaws.MountsKeepTheirOrder);

    [Fact]
    public void Hooks_keep_their_order_and_their_places() => Holds(OrderLaws.HooksKeepTheirOrder);

    [Fact]
    public void Start_has_nothing_to_do_but_to_start() => Holds(OrderLaws.StartOnlyStarts);

    [Fact]
    public void Nothing_is_filtered_but_the_program() => Holds(OrderLaws.OnlyTheProgramIsFiltered);

    [Fact]
    public void Every_step_has_an_origin() => Holds(CompletenessLaws.EveryStepHasAnOrigin);

    [Fact]
    public void Every_element_that_makes_something_has_a_step() => Holds(CompletenessLaws.EveryElementHasAStep);

    [Fact]
    public void Every_hidden_path_is_hidden_once() => Holds(CompletenessLaws.EveryHiddenPathIsHiddenOnce);

    [Fact]
    public void Every_namespace_is_entered_once() => Holds(CompletenessLaws.EveryNamespaceIsEnteredOnce);

    [Fact]
    public void A_new_process_goes_where_only_children_can() => Holds(CompletenessLaws.ChildrenGoWhereOnlyChildrenCan);

    [Fact]
    public void A_pid_that_is_told_is_one_of_the_hosts() => Holds(CompletenessLaws.PidsAreTheHosts);

    [Fact]
    public void Slots_are_filled_before_they_are_used() => Holds(CompletenessLaws.SlotsAreFilledBeforeUse);

    [Fact]
    public void What_is_lent_is_what_is_borrowed() => Holds(CompletenessLaws.LentThingsAreBorrowedInOrder);

    [Fact]
    public void The_same_input_makes_the_same_plan() =>
        Holds(example => PlanDocument.Write(Example.Make(example.Seed)!.Plan!) == PlanDocument.Write(example.Plan!) ? [] : ["another plan the second time"]);

    [Fact]
    public void A_refusal_names_the_property()
    {
        Example[] refused = [.. Example.All.Where(example => example.Refusal is not null)];

        refused.Should().HaveCountGreaterThan(50);
        refused.Where(example => string.IsNullOrEmpty(example.Refusal!.Property)).Select(example => $"seed {example.Seed}: {example.Refusal!.Message}").Should().BeEmpty();
    }

    public static TheoryData<string> Chapters => [.. Exercised.Keys];

    [Theory]
    [MemberData(nameof(Chapters))]
    public void The_laws_are_tried_on_every_chapter(string chapter)
    {
        Example.Planned.Count(example => Exercised[chapter](example)).Should().BeGreaterThan(50);
    }

    [Fact]
    public void The_laws_are_tried_on_thousands_of_plans()
    {
        Example.Planned.Count().Should().BeGreaterThan(2000);
    }

    private static readonly Dictionary<string, Func<Example, bool>> Exercised = new()
    {
        ["bind mounts"] = example => Has<Hull.Linux.BindMount>(example),
        ["new file systems"] = example => Has<Hull.Linux.MountFilesystem>(example),
        ["lent mounts"] = example => example.Plan!.Host.Any(step => step.Action is ServeMounts),
        ["mapped owners"] = example => example.Config.Mounts?.Any(mount => mount.UidMappings is not null) == true,
        ["propagation of mounts"] = example => example.Config.Mounts?.Any(mount => mount.Options?.Contains("rslave") == true) == true,
        ["cgroup mounts"] = example => example.Plan!.Container.Any(step => step.Origin.Rule == "MNT-14"),
        ["delayed read-only mounts"] = example => example.Plan!.Container.Any(step => step.Origin.Rule == "MNT-15"),
        ["new user namespaces"] = example => IsNew(example, NamespaceType.User),
        ["joined user namespaces"] = example => IsJoined(example, NamespaceType.User),
        ["joined pid namespaces"] = example => IsJoined(example, NamespaceType.Pid),
        ["joined mount namespaces"] = example => IsJoined(example, NamespaceType.Mount),
        ["no mount namespace"] = example => !IsNew(example, NamespaceType.Mount) && !IsJoined(example, NamespaceType.Mount),
        ["two processes"] = example => Has<Hull.Linux.ForkIntoPidNamespace>(example),
        ["clocks"] = example => Has<Hull.Linux.SetTimeOffsets>(example),
        ["new cgroup namespaces"] = example => IsNew(example, NamespaceType.Cgroup),
        ["made devices"] = example => Has<Hull.Linux.MakeDevice>(example),
        ["bound devices"] = example => Has<Hull.Linux.BindDevice>(example),
        ["masks"] = example => Has<Hull.Linux.MaskPath>(example),
        ["read-only paths"] = example => Has<Hull.Linux.MakePathReadOnly>(example),
        ["hooks of the host"] = example => example.Plan!.Host.Any(step => step.Action is RunHooks),
        ["filters"] = example => Has<Hull.Linux.LoadSeccompFilter>(example),
        ["hooks inside"] = example => Has<Hull.Linux.RunHook>(example),
        ["limits"] = example => Has<Hull.Linux.SetResourceLimit>(example),
        ["capabilities"] = example => example.Plan!.Container.Any(step => step.Operation is Hull.Linux.SetCapabilities { Ambient.Bits: > 0 }),
        ["warnings"] = example => !example.Plan!.Warnings.IsEmpty,
        ["limits of cgroups"] = example => example.Plan!.Host.Any(step => step.Action is WriteCgroupFile),
        ["no cgroups"] = example => !example.Plan!.Host.Any(step => step.Action is MakeCgroup),
        ["propagation of the root"] = example => example.Config.Linux?.RootfsPropagation is not null,
        ["a moved root"] = example => Has<Hull.Linux.DetachMount>(example),
        ["callers without privileges"] = example => !example.Facts.HasSystemAdministration,
        ["names"] = example => Has<Hull.Linux.SetHostName>(example),
    };

    private static bool Has<T>(Example example) => example.Plan!.Container.Any(step => step.Operation is T);

    private static bool IsNew(Example example, NamespaceType type) => example.Config.Linux?.Namespaces?.Any(one => one.Type == type && one.Path is null) == true;

    private static bool IsJoined(Example example, NamespaceType type) =>
        example.Config.Linux?.Namespaces?.Any(one => one.Type == type && one.Path is not null) == true;

    private static void Holds(Func<Example, IEnumerable<string>> law) =>
        Example.Planned.SelectMany(example => law(example).Select(breach => $"seed {example.Seed}: {breach}")).Take(5).Should().BeEmpty();
}
