using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;
using static Hull.Linux.BpfDeviceAccess;

namespace Hull.Runtime.Tests.Cgroups;

public sealed class DeviceFilterTests
{
    private const int Lists = 4000;

    private static readonly ResolvedDeviceRule s_denyAll = new(false, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess);

    [Fact]
    public void For_each_access_the_last_rule_about_it_decides()
    {
        var chance = new Random(20261);
        for (int list = 0; list < Lists; list++)
        {
            ImmutableArray<ResolvedDeviceRule> rules = [.. Enumerable.Range(0, chance.Next(12)).Select(_ => Rule(chance, wildcards: true))];
            DeviceFilter filter = DeviceFilter.Compile(rules);
            foreach (DeviceUse use in Uses(everyCombination: true))
            {
                Assert.True(DeviceProgram.Allows(filter.Instructions, use) == LastDecides(rules, use), Told(rules, use));
            }
        }
    }

    [Fact]
    public void Where_rules_overlap_entirely_or_not_at_all_it_is_what_the_v1_controller_does()
    {
        var chance = new Random(20262);
        for (int list = 0; list < Lists; list++)
        {
            ImmutableArray<ResolvedDeviceRule> rules = [.. Enumerable.Range(0, chance.Next(12)).Select(_ => Rule(chance, wildcards: false))];
            Compare(rules, everyCombination: true);
        }
    }

    [Fact]
    public void What_engines_send_with_the_default_devices_is_what_the_v1_controller_does()
    {
        var chance = new Random(20263);
        for (int list = 0; list < Lists; list++)
        {
            // A deny of everything, then only allowances, which may overlap as they like.
            DeviceRule[] rules = [.. Enumerable.Range(0, chance.Next(8)).Select(_ => Allowance(chance))];
            Compare(DeviceRules.Resolve([CgroupPlanningTests.Deny, .. rules], terminal: chance.Next(2) == 0), everyCombination: false);
        }
    }

    [Fact]
    public void Every_instruction_can_be_reached()
    {
        var chance = new Random(20264);
        for (int list = 0; list < Lists; list++)
        {
            ImmutableArray<ResolvedDeviceRule> rules = [.. Enumerable.Range(0, chance.Next(12)).Select(_ => Rule(chance, wildcards: true))];
            ImmutableArray<BpfInstruction> program = DeviceFilter.Compile(rules).Instructions;
            DeviceProgram.Reachable(program).Should().Be(program.Length);
        }
    }

    [Fact]
    public void Rules_that_decide_nothing_are_left_out()
    {
        Kept("c 1:3 rwm", "deny", "c 1:3 rwm").Should().Equal("a *:* rwm", "c 1:3 rwm");
        Kept("deny", "c 1:3 rw", "c 1:* r", "c *:* m").Should().Equal("a *:* rwm", "c 1:3 w", "c 1:* r", "c *:* m");
        Kept("deny", "c 4096:1 rwm", "b 8:1048576 r", "b 4095:1048575 r").Should().Equal("a *:* rwm", "b 4095:1048575 r");
        Kept("c 1:3 rwm", "b *:* r").Should().BeEmpty("everything is allowed anyway");
        Kept("deny", "allow").Should().BeEmpty();
    }

    [Fact]
    public void An_access_that_only_a_newer_kernel_knows_is_denied_with_everything_else()
    {
        const BpfDeviceAccess Newer = (BpfDeviceAccess)8;
        ImmutableArray<BpfInstruction> program = DeviceFilter.Compile(DeviceRules.Resolve([CgroupPlanningTests.Deny], terminal: false)).Instructions;

        DeviceProgram.Allows(program, new DeviceUse(BpfDeviceType.Character, 1, 3, Read | Newer)).Should().BeFalse();
        DeviceProgram.Allows(program, new DeviceUse(BpfDeviceType.Character, 1, 3, Read)).Should().BeTrue();
    }

    [Fact]
    public void A_use_that_asks_for_nothing_is_refused_nothing() =>
        DeviceProgram.Allows(DeviceFilter.Compile([s_denyAll]).Instructions, new DeviceUse(BpfDeviceType.Block, 8, 0, None)).Should().BeTrue();

    [Fact]
    public void More_rules_than_jumps_can_pass_are_refused()
    {
        ImmutableArray<ResolvedDeviceRule> rules = [s_denyAll, .. Enumerable.Range(0, 8000).Select(minor => ResolvedDeviceRule.AllowCharacter(7, (uint)minor))];

        FluentActions.Invoking(() => DeviceFilter.Compile(rules)).Should().Throw<RuntimeError>().WithMessage("linux.resources.devices: *CGD-03*");
    }

    private static void Compare(ImmutableArray<ResolvedDeviceRule> rules, bool everyCombination)
    {
        var controller = new V1DeviceController();
        foreach (ResolvedDeviceRule rule in rules)
        {
            controller.Write(rule);
        }

        DeviceFilter filter = DeviceFilter.Compile(rules);
        foreach (DeviceUse use in Uses(everyCombination))
        {
            Assert.True(DeviceProgram.Allows(filter.Instructions, use) == controller.Allows(use), Told(rules, use));
        }
    }

    private static bool LastDecides(ImmutableArray<ResolvedDeviceRule> rules, DeviceUse use)
    {
        foreach (BpfDeviceAccess access in new[] { Read, Write, MakeNode }.Where(access => use.Access.HasFlag(access)))
        {
            var about = rules.Where(rule => rule.Type is BpfDeviceType.None || rule.Type == use.Type)
                .Where(rule => (rule.Major ?? use.Major) == use.Major && (rule.Minor ?? use.Minor) == use.Minor && rule.Access.HasFlag(access));
            if (about.Any() && !about.Last().Allow)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Few numbers, so that rules meet; the kernel itself asks for reading and writing together, or for a node.</summary>
    private static IEnumerable<DeviceUse> Uses(bool everyCombination) =>
        from type in new[] { BpfDeviceType.Block, BpfDeviceType.Character }
        from major in new uint[] { 1, 5, 4095 }
        from minor in new uint[] { 0, 3, 1048575 }
        from access in everyCombination ? Enumerable.Range(1, 7).Select(bits => (BpfDeviceAccess)bits) : [Read, Write, Read | Write, MakeNode]
        select new DeviceUse(type, major, minor, access);

    internal static ResolvedDeviceRule Rule(Random chance, bool wildcards)
    {
        bool allow = chance.Next(2) == 0;
        if (chance.Next(8) == 0)
        {
            return s_denyAll with { Allow = allow };
        }

        return new ResolvedDeviceRule(
            allow, chance.Next(2) == 0 ? BpfDeviceType.Block : BpfDeviceType.Character,
            Number(chance, wildcards, [1, 5, 4095, uint.MaxValue]), Number(chance, wildcards, [0, 3, 1048575, uint.MaxValue]), (BpfDeviceAccess)chance.Next(1, 8));
    }

    private static uint? Number(Random chance, bool wildcards, uint[] numbers) => wildcards && chance.Next(3) == 0 ? null : numbers[chance.Next(numbers.Length)];

    // Readable and writable together: what two rules allow only jointly is where v1 differs.
    private static DeviceRule Allowance(Random chance) => new()
    {
        Allow = true,
        Type = chance.Next(2) == 0 ? DeviceRuleType.Block : DeviceRuleType.Character,
        Major = chance.Next(3) == 0 ? null : chance.Next(2) == 0 ? 1 : 5,
        Minor = chance.Next(3) == 0 ? -1 : chance.Next(2) == 0 ? 0 : 3,
        Access = chance.Next(3) switch { 0 => "rwm", 1 => "rw", _ => "m" },
    };

    private static IEnumerable<string> Kept(params string[] rules) =>
        DeviceFilter.Compile([.. rules.Select(Parse)]).Rules.Select(rule => rule.ToString());

    private static ResolvedDeviceRule Parse(string text)
    {
        if (text is "deny" or "allow")
        {
            return s_denyAll with { Allow = text == "allow" };
        }

        string[] words = text.Split(' ', ':');
        var rule = new DeviceRule
        {
            Allow = true,
            Type = words[0] == "c" ? DeviceRuleType.Character : DeviceRuleType.Block,
            Major = words[1] == "*" ? null : long.Parse(words[1]),
            Minor = words[2] == "*" ? null : long.Parse(words[2]),
            Access = words[3],
        };
        return ResolvedDeviceRule.Of(rule, SpecPath.Root);
    }

    private static string Told(ImmutableArray<ResolvedDeviceRule> rules, DeviceUse use) =>
        $"{use} after {string.Join(", ", rules.Select(rule => (rule.Allow ? "allow " : "deny ") + rule))}";
}
