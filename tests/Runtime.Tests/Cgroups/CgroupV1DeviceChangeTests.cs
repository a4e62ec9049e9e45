using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Judged by a model of the v1 controller (security/device_cgroup.c), told here once more and more simply.</summary>
public sealed class CgroupV1DeviceChangeTests
{
    private static readonly ResolvedDeviceRule DenyAll = new(false, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess);

    [Fact]
    public void The_same_rules_need_no_write()
    {
        ImmutableArray<ResolvedDeviceRule> rules = DeviceRules.Resolve([CgroupPlanningTests.Deny], terminal: true);

        Change(rules, rules).Should().BeEmpty();
    }

    [Fact]
    public void One_more_device_is_one_write()
    {
        ImmutableArray<ResolvedDeviceRule> rules = [DenyAll, ResolvedDeviceRule.AllowCharacter(1, 3)];

        Change(rules, rules.Add(ResolvedDeviceRule.AllowCharacter(10, 229))).Should().Equal(("devices.allow", "c 10:229 rwm"));
        Change(rules.Add(ResolvedDeviceRule.AllowCharacter(10, 229)), rules).Should().Equal(("devices.deny", "c 10:229 rwm"));
    }

    [Fact]
    public void Everything_can_be_given_but_not_taken_away()
    {
        Change([DenyAll], [DenyAll with { Allow = true }]).Should().Equal(("devices.allow", "a *:* rwm"));
        FluentActions.Invoking(() => Change([], [DenyAll])).Should().Throw<RuntimeError>().WithMessage("*CGD-03*");
    }

    [Fact]
    public void Whatever_the_lists_the_result_is_the_new_one_and_at_no_time_is_refused_what_both_allow()
    {
        var chance = new Random(41);
        for (int round = 0; round < 500; round++)
        {
            ImmutableArray<ResolvedDeviceRule> before = [DenyAll, .. Some(chance)], after = [DenyAll, .. Some(chance)];
            HashSet<string> always = [.. Model(before).Intersect(Model(after))];
            var state = new HashSet<string>(Model(before));

            foreach ((string file, string rule) in Change(before, after))
            {
                Apply(state, file == "devices.allow", rule);
                always.Should().BeSubsetOf(state);
            }

            state.Should().BeEquivalentTo(Model(after));
        }
    }

    private static IEnumerable<ResolvedDeviceRule> Some(Random chance) => Enumerable.Range(0, chance.Next(6)).Select(_ => new ResolvedDeviceRule(
        chance.Next(3) > 0, chance.Next(2) == 0 ? BpfDeviceType.Character : BpfDeviceType.Block, chance.Next(2) == 0 ? null : 1u, chance.Next(2) == 0 ? null : (uint)chance.Next(2),
        (BpfDeviceAccess)chance.Next(1, 8)));

    private static List<(string File, string Value)> Change(ImmutableArray<ResolvedDeviceRule> before, ImmutableArray<ResolvedDeviceRule> after)
    {
        var steps = new ResourceSteps();
        CgroupV1DeviceChange.Add(steps, "/d", before, after);
        return [.. steps.Steps.Select(step => (WriteCgroupFile)step.Action).Select(write => (write.File, write.Value))];
    }

    /// <summary>What a default of deny allows: one entry for each rule's place and letter.</summary>
    private static HashSet<string> Model(ImmutableArray<ResolvedDeviceRule> rules)
    {
        var state = new HashSet<string>();
        foreach (ResolvedDeviceRule rule in rules.Skip(1))
        {
            Apply(state, rule.Allow, rule.ToString());
        }

        return state;
    }

    private static void Apply(HashSet<string> state, bool allow, string rule)
    {
        string place = rule[..rule.LastIndexOf(' ')];
        foreach (char letter in rule[(rule.LastIndexOf(' ') + 1)..])
        {
            _ = allow ? state.Add($"{place} {letter}") : state.Remove($"{place} {letter}");
        }
    }
}
