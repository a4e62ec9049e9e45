using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Device rules as a program that the kernel asks about every use of a device in a v2 cgroup (CGD-03). The law it carries out: everything
/// is allowed at first, as in a new v1 cgroup, so that a deny of all is what begins a list of what is allowed; for each single access
/// (read, write, make a node) the last rule about that device and that access decides; a use is allowed when every access in it is. The v1
/// controller differs where rules overlap only in part: it ignores a deny of something within a wildcard, and a use that two rules allow
/// together; here the later rule holds, as the specification's order suggests.
/// </summary>
/// <param name="Rules">The rules that decide something, in order.</param>
/// <param name="Instructions">The program.</param>
internal sealed record DeviceFilter(ImmutableArray<ResolvedDeviceRule> Rules, ImmutableArray<BpfInstruction> Instructions)
{
    // What the kernel can put into a device number. linux/kdev_t.h
    private const uint HighestMajor = (1 << 12) - 1;
    private const uint HighestMinor = (1 << 20) - 1;

    private const byte Verdict = 0;
    private const byte Context = 1;
    private const byte Type = 2;
    private const byte Undecided = 3;
    private const byte Major = 4;
    private const byte Minor = 5;

    /// <summary>It would allow whatever it is asked: there is no need for it.</summary>
    public bool AllowsEverything => Rules.IsEmpty;

    /// <summary>Compiles rules, given in their order.</summary>
    public static DeviceFilter Compile(ImmutableArray<ResolvedDeviceRule> rules)
    {
        ImmutableArray<ResolvedDeviceRule> deciding = Deciding(rules);
        return new DeviceFilter(deciding, Translate(deciding));
    }

    /// <summary>
    /// Leaves out rules that can never decide: those for numbers that no device has, those that later ones overrule entirely, and those
    /// at the beginning that allow what is allowed anyway. What is left of a partly overruled one is the accesses it still decides.
    /// </summary>
    private static ImmutableArray<ResolvedDeviceRule> Deciding(ImmutableArray<ResolvedDeviceRule> rules)
    {
        var backwards = new List<ResolvedDeviceRule>(rules.Length);
        for (int i = rules.Length - 1; i >= 0; i--)
        {
            ResolvedDeviceRule rule = rules[i];
            BpfDeviceAccess access = rule.Major > HighestMajor || rule.Minor > HighestMinor ? 0 : rule.Access;
            foreach (ResolvedDeviceRule later in backwards)
            {
                access &= later.Covers(rule) ? ~later.Access : ~BpfDeviceAccess.None;
            }

            if (access != 0)
            {
                backwards.Add(rule with { Access = access });
            }
        }

        backwards.Reverse();
        int firstDeny = backwards.FindIndex(rule => !rule.Allow);
        return firstDeny < 0 ? [] : [.. backwards[firstDeny..]];
    }

    /// <summary>
    /// From the last rule to the first: an allowed access is struck off those undecided, and when none is left the answer is yes; a
    /// denied one among them makes it no. An access that a newer kernel has and no rule knows is allowed only while everything is.
    /// </summary>
    private static ImmutableArray<BpfInstruction> Translate(ImmutableArray<ResolvedDeviceRule> rules)
    {
        var program = new Assembly();
        program.Add(new(BpfOpcode.LoadWord, Type, Context, offset: 0));
        program.Add(new(BpfOpcode.LoadWord, Major, Context, offset: 4));
        program.Add(new(BpfOpcode.LoadWord, Minor, Context, offset: 8));
        program.Add(new(BpfOpcode.Copy, Undecided, Type));
        program.Add(new(BpfOpcode.And, Type, immediate: 0xFFFF));
        program.Add(new(BpfOpcode.ShiftRight, Undecided, immediate: 16));
        program.JumpToAllow(BpfOpcode.JumpIfEqual, Undecided, 0);

        // A rule about everything is the first that decides anything: it holds for a device that no other rule is about.
        bool closed = rules is [{ Type: BpfDeviceType.None }, ..];
        for (int i = rules.Length - 1; i >= (closed ? 1 : 0); i--)
        {
            Add(program, rules[i]);
        }

        return program.Finish(allowsRest: !closed);
    }

    private static void Add(Assembly program, ResolvedDeviceRule rule)
    {
        var conditions = new List<(byte Register, int Value)>(3);
        if (rule.Type != BpfDeviceType.None)
        {
            conditions.Add((Type, (int)rule.Type));
        }

        if (rule.Major is { } major)
        {
            conditions.Add((Major, (int)major));
        }

        if (rule.Minor is { } minor)
        {
            conditions.Add((Minor, (int)minor));
        }

        int decision = rule.Allow ? 2 : 1;
        for (int i = 0; i < conditions.Count; i++)
        {
            // Not about this device: on to the next rule.
            int over = conditions.Count - i - 1 + decision;
            program.Add(new(BpfOpcode.JumpIfDifferent, conditions[i].Register, offset: (short)over, immediate: conditions[i].Value));
        }

        if (rule.Allow)
        {
            program.Add(new(BpfOpcode.And, Undecided, immediate: ~(int)rule.Access));
            program.JumpToAllow(BpfOpcode.JumpIfEqual, Undecided, 0);
        }
        else
        {
            program.JumpToDeny(BpfOpcode.JumpIfAnyBit, Undecided, (int)rule.Access);
        }
    }

    /// <summary>Instructions, with jumps to the two ends that are not known before.</summary>
    private sealed class Assembly
    {
        private readonly List<BpfInstruction> _instructions = [];
        private readonly List<(int Index, bool Allow)> _jumps = [];

        public void Add(BpfInstruction instruction) => _instructions.Add(instruction);

        public void JumpToAllow(BpfOpcode code, byte register, int value) => Jump(code, register, value, allow: true);

        public void JumpToDeny(BpfOpcode code, byte register, int value) => Jump(code, register, value, allow: false);

        /// <param name="allowsRest">A use of a device that no rule has decided is allowed.</param>
        public ImmutableArray<BpfInstruction> Finish(bool allowsRest)
        {
            // The kernel refuses programs with instructions that are never reached.
            int first = End(verdict: allowsRest ? 1 : 0);
            int second = _jumps.Exists(jump => jump.Allow != allowsRest) ? End(verdict: allowsRest ? 0 : 1) : first;
            (int allow, int deny) = allowsRest ? (first, second) : (second, first);
            if (_instructions.Count > short.MaxValue)
            {
                throw Refusal.Of(ResourceSteps.Devices, "CGD-03", "more rules than the kernel takes: use wildcards");
            }

            foreach ((int index, bool isAllow) in _jumps)
            {
                BpfInstruction jump = _instructions[index];
                var offset = (short)((isAllow ? allow : deny) - index - 1);
                _instructions[index] = new BpfInstruction(jump.Code, jump.Destination, jump.Source, offset, jump.Immediate);
            }

            return [.. _instructions];
        }

        private void Jump(BpfOpcode code, byte register, int value, bool allow)
        {
            _jumps.Add((_instructions.Count, allow));
            Add(new(code, register, immediate: value));
        }

        private int End(int verdict)
        {
            Add(new(BpfOpcode.Set, Verdict, immediate: verdict));
            Add(new(BpfOpcode.Exit));
            return _instructions.Count - 2;
        }
    }
}
