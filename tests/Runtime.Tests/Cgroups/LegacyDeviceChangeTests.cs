using System.Collections.Immutable;
using Hull.Linux;
using Hull.Runtime.Planning;
using Hull.Runtime.Planning.Cgroups;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Judged by a model of the v1 controller (security/device_cgroup.c), told here once more and more simply.</summary>
public sealed class LegacyDeviceChangeTests
{
    private static readonly SettledDeviceRule DenyAll = new(false, BpfDeviceType.None, null, null, SettledDeviceRule.EveryAccess);

    [Fact]
    public void The_same_rules_need_no_write()
    {
        ImmutableArray<SettledDeviceRule> rules = DeviceRules.Settle([CgroupPlanningTests.Deny], terminal: true);

        Change(rules, rules).Should().BeEmpty();
    }

    [Fact]
    public void One_more_device_is_one_write()
    {
        ImmutableArray<SettledDeviceRule> rules = [DenyAll, SettledDeviceRule.AllowCharacter(1, 3)];

        Change(rules, rules.Add(SettledDeviceRule.AllowCharacter(10, 229))).Should().Equal(("devices.allow", "c 10:229 rwm"));
        Change(rules.Add(SettledDeviceRule.AllowCharacter(10, 229)), rules).Should().Equal(("devices.deny", "c 10:229 rwm"));
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
            ImmutableArray<SettledDeviceRule> before = [DenyAll, .. Some(chance)], after = [DenyAll, .. Some(chance)];
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

    private static IEnumerable<SettledDeviceRule> Some(Random chance) => Enumerable.Range(0, chance.Next(6)).Select(_ => new SettledDeviceRule(
        chance.Next(3) > 0, chance.Next(2) == 0 ? BpfDeviceType.Character : BpfDeviceType.Block, chance.Next(2) == 0 ? null : 1u, chance.Next(2) == 0 ? null : (uint)chance.Next(2),
        (BpfDeviceAccess)chance.Next(1, 8)));

    private static List<(string File, string Value)> Change(ImmutableArray<SettledDeviceRule> before, ImmutableArray<SettledDeviceRule> after)
    {
        var steps = new ResourceSteps();
        LegacyDeviceChange.Add(steps, "/d", before, after);
        return [.. steps.Steps.Select(step => (WriteCgroupFile)step.Action).Select(write => (write.File, write.Value))];
    }

    /// <summary>What a default of deny allows: one entry for each rule's place and letter.</summary>
    private static HashSet<string> Model(ImmutableArray<SettledDeviceRule> rules)
    {
        var state = new HashSet<string>();
        foreach (SettledDeviceRule rule in rules.Skip(1))
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
