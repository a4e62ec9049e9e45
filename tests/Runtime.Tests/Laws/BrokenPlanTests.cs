using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>The laws themselves: a plan that breaks one is noticed by it, and the worst plans cannot even be made.</summary>
public sealed class BrokenPlanTests
{
    private static readonly Origin Somewhere = Origins.Lifecycle("LIFE-02");

    [Fact]
    public void A_plan_that_does_not_end_in_its_program_cannot_be_made()
    {
        Plan good = Good.Plan!;

        Action made = () => _ = Rebuilt(good, good.Container.RemoveAt(good.Container.Length - 1), good.Host);
        Action empty = () => _ = Rebuilt(good, [], []);

        made.Should().Throw<ArgumentException>().WithMessage("*last step must be to run the program*");
        empty.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_plan_whose_container_process_speaks_to_nobody_cannot_be_made()
    {
        Plan good = Good.Plan!;
        ImmutableArray<HostStep> deaf = good.Host.RemoveAll(step => step.Action is AwaitContainer { Checkpoint: Checkpoint.Ready });

        Action made = () => _ = Rebuilt(good, good.Container, deaf);

        made.Should().Throw<ArgumentException>().WithMessage("*is not one of*");
    }

    [Fact]
    public void A_plan_whose_host_waits_for_nobody_cannot_be_made()
    {
        Plan good = Good.Plan!;
        ImmutableArray<HostStep> waiting = good.Host.Add(new HostStep(new AwaitContainer(Checkpoint.MountsMade), Somewhere));

        Action made = () => _ = Rebuilt(good, good.Container, waiting);

        made.Should().Throw<ArgumentException>().WithMessage("*MountsMade*is not one of*");
    }

    [Fact]
    public void A_plan_whose_lanes_meet_in_another_order_cannot_be_made()
    {
        Plan good = Good.Plan!;
        ImmutableArray<HostStep> swapped = [.. good.Host.OrderBy(step => step.Action is TellContainer { Checkpoint: Checkpoint.Recorded } ? 0 : 1)];

        Action made = () => _ = Rebuilt(good, good.Container, swapped);

        made.Should().Throw<ArgumentException>().WithMessage("*is not one of*");
    }

    [Fact]
    public void A_lane_that_waits_for_ever_is_noticed()
    {
        // The host waits for the program before it says what the program waits for: each message has its receiver, but neither side gets there.
        Plan good = Good.Plan!;
        Example stuck = Good with { Plan = Rebuilt(good, good.Container, good.Host.Insert(0, new HostStep(new AwaitProgram(), Somewhere))) };

        ChannelLaws.BothEnd(Good).Should().BeEmpty();
        ChannelLaws.BothEnd(stuck).Should().NotBeEmpty();
    }

    public static TheoryData<string> Names => [.. Breaches.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_breach_is_noticed_by_its_law(string breach)
    {
        (Func<Example, IEnumerable<string>> law, Func<Example, Example> spoil) = Breaches[breach];

        law(Good).Should().BeEmpty("the plan is good before it is spoiled");
        law(spoil(Good)).Should().NotBeEmpty();
    }

    private static readonly Dictionary<string, (Func<Example, IEnumerable<string>> Law, Func<Example, Example> Spoil)> Breaches = new()
    {
        ["recorded twice"] = (ChannelLaws.RecordedWhenReady, good => Besides(good, steps => steps.Add(new HostStep(new RecordContainer(), Somewhere)))),
        ["recorded at once"] = (ChannelLaws.RecordedWhenReady, good => Besides(
            good, steps => steps.RemoveAll(step => step.Action is RecordContainer).Insert(0, new HostStep(new RecordContainer(), Somewhere)))),
        ["run that waits for start"] = (ChannelLaws.WaitsAsAsked, good => good with { Request = good.Request with { WaitForStart = false } }),
        ["mount after the user"] = (PrivilegeLaws.NothingPrivilegedAfterTheLoss, good => After<SetUser>(good, new MaskPath(RootfsPath.Parse("/x")))),
        ["namespace after the bounding set"] = (PrivilegeLaws.NothingPrivilegedAfterTheLoss, good => After<LimitCapabilities>(good, new MakeNamespaces(NamespaceKinds.Uts))),
        ["user twice"] = (PrivilegeLaws.LostInOrder, good => After<SetCapabilities>(good, new SetUser(0, 0, [], false))),
        ["more effective than permitted"] = (PrivilegeLaws.SetsOnlyShrink, good => Instead<SetCapabilities>(
            good, _ => new SetCapabilities(CapabilitySet.UpTo(3), default, default, default))),
        ["more ambient than inheritable"] = (PrivilegeLaws.SetsOnlyShrink, good => Instead<SetCapabilities>(
            good, _ => new SetCapabilities(default, CapabilitySet.UpTo(3), default, CapabilitySet.UpTo(3)))),
        ["more permitted than there is"] = (PrivilegeLaws.SetsOnlyShrink, good => Instead<SetCapabilities>(
            good, _ => new SetCapabilities(default, CapabilitySet.UpTo(63), default, default))),
        ["limit raised too late"] = (PrivilegeLaws.LimitsAreRaisedInTime, good => After<SetUser>(
            good, new SetResourceLimit(ResourceLimit.OpenFiles, 1, ulong.MaxValue))),
        ["traced in a joined user namespace"] = (PrivilegeLaws.UntracedWhereOthersLive, good => Insides(
            good, steps => steps.Insert(1, new Step(new JoinNamespace(Slot.UserNamespace, NamespaceKinds.User), Somewhere)))),
        ["never untraced"] = (PrivilegeLaws.UntracedWhereOthersLive, good => Without<ClearDumpable>(good)),
        ["program in the middle"] = (OrderLaws.ProgramIsLast, good => After<OpenRootfs>(good, good.Plan!.Container[^1].Operation)),
        ["descriptors left open"] = (OrderLaws.ForeignDescriptorsAreClosedFirst, good => Without<CloseDescriptors>(good)),
        ["host path inside"] = (OrderLaws.NoHostPathInsideTheRoot, good => After<EnterRootfs>(good, new BindMount(RootfsPath.Parse("/x"), "/x", 0, new MountChanges(0, 0, 0, 0, 0, [])))),
        ["root entered twice"] = (OrderLaws.NoHostPathInsideTheRoot, good => After<EnterRootfs>(good, new EnterRootfs(RootChange.Pivot))),
        ["propagation of another mount"] = (OrderLaws.NoHostPathInsideTheRoot, good => After<EnterRootfs>(good, new SetPropagation("/srv", MountFlags.Slave))),
        ["root used before it is open"] = (OrderLaws.RootIsOpenedFirst, good => After<CloseDescriptors>(good, new MakeDirectory(RootfsPath.Parse("/x")))),
        ["mounts turned round"] = (OrderLaws.MountsKeepTheirOrder, good => Insides(good, steps =>
            [.. steps.Where(step => step.Operation is MountFilesystem or BindMount).Reverse(), .. steps.Where(step => step.Operation is not (MountFilesystem or BindMount))])),
        ["hook at another time"] = (OrderLaws.HooksKeepTheirOrder, good => After<EnterRootfs>(good, AHook)),
        ["hook too many at start"] = (OrderLaws.HooksKeepTheirOrder, good => After<WaitForStart>(good, AHook)),
        ["hooks of the host left out"] = (OrderLaws.HooksKeepTheirOrder, good => Besides(good, steps => steps.RemoveAll(step => step.Action is RunHooks))),
        ["work left to start"] = (OrderLaws.StartOnlyStarts, good => After<WaitForStart>(good, new SetUmask(0))),
        ["filter before start"] = (OrderLaws.OnlyTheProgramIsFiltered, good => After<OpenRootfs>(
            good, new LoadSeccompFilter(new FilterProgram([]), SeccompFilterFlags.None, Announced: false))),
        ["step without a rule"] = (CompletenessLaws.EveryStepHasAnOrigin, good => Insides(good, steps => steps.SetItem(0, steps[0] with { Origin = Origins.Lifecycle("") }))),
        ["step of an unknown property"] = (CompletenessLaws.EveryStepHasAnOrigin, good => Insides(
            good, steps => steps.SetItem(0, steps[0] with { Origin = Origins.Property("colour", "LIFE-02") }))),
        ["mount left out"] = (CompletenessLaws.EveryElementHasAStep, good => Without<MountFilesystem>(good)),
        ["hook inside left out"] = (CompletenessLaws.EveryElementHasAStep, good => Without<RunHook>(good)),
        ["mask left out"] = (CompletenessLaws.EveryHiddenPathIsHiddenOnce, good => Without<MaskPath>(good)),
        ["read-only path left out"] = (CompletenessLaws.EveryHiddenPathIsHiddenOnce, good => Without<MakePathReadOnly>(good)),
        ["namespace made that nobody wants"] = (CompletenessLaws.EveryNamespaceIsEnteredOnce, good => After<OpenRootfs>(good, new MakeNamespaces(NamespaceKinds.Time))),
        ["namespace joined that nobody wants"] = (CompletenessLaws.EveryNamespaceIsEnteredOnce, good => After<OpenRootfs>(
            good, new JoinNamespace(Slot.TimeNamespace, NamespaceKinds.Time))),
        ["pid namespace for children that never come"] = (CompletenessLaws.ChildrenGoWhereOnlyChildrenCan, good => After<OpenRootfs>(
            good, new JoinNamespace(Slot.PidNamespace, NamespaceKinds.Pid))),
        ["pid of another namespace"] = (CompletenessLaws.PidsAreTheHosts, good => good with
        {
            Plan = new Plan(
                good.Plan!.HostBefore,
                good.Plan.Clone with { Borrowed = [new BorrowedNamespace(Slot.PidNamespace, NamespaceKinds.Pid)] },
                good.Plan.Container.Insert(1, new Step(new ForkIntoPidNamespace(0), Somewhere)),
                good.Plan.Host.Insert(0, new HostStep(new AwaitContainer(Checkpoint.Forked), Somewhere)),
                []),
        }),
        ["empty slot"] = (CompletenessLaws.SlotsAreFilledBeforeUse, good => Without<OpenNullDevice>(good)),
        ["nobody lends"] = (CompletenessLaws.LentThingsAreBorrowedInOrder, good => After<OpenRootfs>(
            good, new BindMount(RootfsPath.Parse("/x"), "/x", BindMountFlags.HostMounts, new MountChanges(0, 0, 0, 0, 0, [])))),
        ["lent that nobody wants"] = (CompletenessLaws.LentThingsAreBorrowedInOrder, good => Besides(
            good, steps => steps.Insert(0, new HostStep(new ServeMounts([new HostMount("/x", false, false, false, null)]), Somewhere)))),
        ["no gate"] = (CompletenessLaws.SlotsAreFilledBeforeUse, good => good with
        {
            Plan = new Plan([], good.Plan!.Clone, good.Plan.Container, good.Plan.Host, []),
        }),
    };

    private static RunHook AHook => new("/hook", new CStringArray(["/hook"]), new CStringArray([]), Slot.StartContainerState, false, 0);

    /// <summary>A container with something of every chapter.</summary>
    private static Example Good { get; } = Make();

    private static Example Make()
    {
        Hook hook = new() { Path = "/hook" };
        var request = new CreateRequest
        {
            Id = "good",
            Bundle = "/bundle",
            WaitForStart = true,
            Config = new Config
            {
                OciVersion = "1.3.0",
                Root = new Root { Path = "rootfs" },
                Mounts = [new Mount { Destination = "/proc", Type = "proc" }, new Mount { Destination = "/srv", Source = "/srv", Options = ["bind"] }],
                Process = new Process { Cwd = "/", Args = ["/bin/true"], Rlimits = [new Rlimit { Type = RlimitType.Nofile, Soft = 1, Hard = 2 }] },
                Hooks = new Hooks { CreateRuntime = [hook], CreateContainer = [hook], StartContainer = [hook] },
                Linux = new LinuxConfig
                {
                    Namespaces = [new Namespace { Type = NamespaceType.Mount }, new Namespace { Type = NamespaceType.Pid }],
                    MaskedPaths = ["/proc/kcore"],
                    ReadonlyPaths = ["/proc/sys"],
                },
            },
        };
        HostFacts facts = Cgroups.CgroupFixtures.V2;
        return new Example(0, request, facts, CreatePlanner.Plan(request, facts), null);
    }

    private static Example After<T>(Example good, Operation added) => Insides(
        good, steps => steps.Insert(steps.ToList().FindIndex(step => step.Operation is T) + 1, new Step(added, Somewhere)));

    private static Example Instead<T>(Example good, Func<T, Operation> other) => Insides(
        good, steps => [.. steps.Select(step => step.Operation is T found ? step with { Operation = other(found) } : step)]);

    private static Example Without<T>(Example good) => Insides(good, steps => steps.RemoveAll(step => step.Operation is T));

    private static Example Insides(Example good, Func<ImmutableArray<Step>, ImmutableArray<Step>> change) =>
        good with { Plan = Rebuilt(good.Plan!, change(good.Plan!.Container), good.Plan.Host) };

    private static Example Besides(Example good, Func<ImmutableArray<HostStep>, ImmutableArray<HostStep>> change) =>
        good with { Plan = Rebuilt(good.Plan!, good.Plan!.Container, change(good.Plan.Host)) };

    private static Plan Rebuilt(Plan plan, ImmutableArray<Step> inside, ImmutableArray<HostStep> beside) =>
        new(plan.HostBefore, plan.Clone, inside, beside, plan.Warnings);
}
