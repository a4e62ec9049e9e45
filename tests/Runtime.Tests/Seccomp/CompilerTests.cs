using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>What single profiles mean.</summary>
public sealed class CompilerTests
{
    internal static readonly SpecPath Path = SpecPath.Root.Property("linux").Property("seccomp");

    private const uint Kill = 0;
    private const uint KillProcess = 0x80000000;
    private const uint Trap = 0x00030000;
    private const uint Error = 0x00050000;
    private const uint Trace = 0x7ff00000;
    private const uint Log = 0x7ffc0000;
    private const uint Allow = 0x7fff0000;
    private const uint Eperm = Error | 1;
    private const uint Enosys = Error | 38;

    [Theory]
    [InlineData("SCMP_ACT_KILL", null, Kill)]
    [InlineData("SCMP_ACT_KILL_THREAD", null, Kill)]
    [InlineData("SCMP_ACT_KILL_PROCESS", null, KillProcess)]
    [InlineData("SCMP_ACT_TRAP", null, Trap)]
    [InlineData("SCMP_ACT_ERRNO", null, Eperm)]
    [InlineData("SCMP_ACT_ERRNO", 0, Error)]
    [InlineData("SCMP_ACT_ERRNO", 4095, Error | 4095)]
    [InlineData("SCMP_ACT_TRACE", null, Trace | 1)]
    [InlineData("SCMP_ACT_TRACE", 65535, Trace | 65535)]
    [InlineData("SCMP_ACT_LOG", null, Log)]
    public void Every_action_is_what_the_kernel_calls_it(string action, int? number, uint verdict)
    {
        var errnoRet = number is null ? "" : $",\"errnoRet\":{number}";
        Verdict($$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["getcwd"],"action":"{{action}}"{{errnoRet}}}]}""", "getcwd").Should().Be(verdict);
        Verdict($$"""{"defaultAction":"{{action}}"{{errnoRet.Replace("errnoRet", "defaultErrnoRet", StringComparison.Ordinal)}}}""", "getcwd").Should().Be(verdict);
    }

    [Fact]
    public void An_explanation_of_a_number_of_x32_says_that_x32_is_not_listed()
    {
        var profile = DockerProfile.Parse("""{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["write"],"action":"SCMP_ACT_ALLOW"}]}""");

        var outcomes = new Explanation(profile, SeccompArchitecture.X64, Path).Of(SeccompArchitecture.X64, 0x40000001, []);

        outcomes.Should().ContainSingle().Which.Action.Should().Be(Kill);
        outcomes[0].Decided.ToString().Should().Be("linux.seccomp.architectures");
    }

    [Fact]
    public void A_notified_call_asks_the_listener() =>
        Verdict("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["getcwd"],"action":"SCMP_ACT_NOTIFY"}]}""", "getcwd").Should().Be(0x7fc00000);

    [Theory]
    [InlineData("", SeccompFilterFlags.NewListener | SeccompFilterFlags.AllowSpeculation)]
    [InlineData("[]", SeccompFilterFlags.NewListener)]
    [InlineData("[\"SECCOMP_FILTER_FLAG_TSYNC\"]", SeccompFilterFlags.NewListener)]
    [InlineData("[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]", SeccompFilterFlags.NewListener | SeccompFilterFlags.WaitKillable)]
    public void A_rule_that_notifies_needs_a_listener(string flags, SeccompFilterFlags expected) => Compile(
        $$"""{"defaultAction":"SCMP_ACT_ALLOW"{{(flags.Length == 0 ? "" : ",\"flags\":" + flags)}},"syscalls":[{"names":["invented"],"action":"SCMP_ACT_NOTIFY"}]}""")
        .Flags.Should().Be(expected);

    [Theory]
    [InlineData("SCMP_CMP_EQ", 0x500000007, 0, 0x500000007, true)]
    [InlineData("SCMP_CMP_EQ", 0x500000007, 0, 0x7, false)]
    [InlineData("SCMP_CMP_NE", 0x500000007, 0, 0x7, true)]
    [InlineData("SCMP_CMP_NE", 0x500000007, 0, 0x500000007, false)]
    [InlineData("SCMP_CMP_LT", 0x500000007, 0, 0x500000006, true)]
    [InlineData("SCMP_CMP_LT", 0x500000007, 0, 0x4ffffffff, true)]
    [InlineData("SCMP_CMP_LT", 0x500000007, 0, 0x500000007, false)]
    [InlineData("SCMP_CMP_LE", 0x500000007, 0, 0x500000007, true)]
    [InlineData("SCMP_CMP_LE", 0x500000007, 0, 0x600000000, false)]
    [InlineData("SCMP_CMP_GE", 0x500000007, 0, 0x500000007, true)]
    [InlineData("SCMP_CMP_GE", 0x500000007, 0, 0x4ffffffff, false)]
    [InlineData("SCMP_CMP_GT", 0x500000007, 0, 0x600000000, true)]
    [InlineData("SCMP_CMP_GT", 0x500000007, 0, 0x500000007, false)]
    [InlineData("SCMP_CMP_MASKED_EQ", 0xf0000000f, 0x500000007, 0x12500000aa7, true)]
    [InlineData("SCMP_CMP_MASKED_EQ", 0xf0000000f, 0x500000007, 0x12600000aa7, false)]
    [InlineData("SCMP_CMP_MASKED_EQ", 0xf, 0x17, 0x7, true)]
    [InlineData("SCMP_CMP_MASKED_EQ", 0, 0x17, 0x99, true)]
    public void Every_comparison_sees_all_64_bits(string op, ulong value, ulong second, ulong argument, bool holds) =>
        Verdict(Rules($$"""{"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":1,"value":{{value}},"valueTwo":{{second}},"op":"{{op}}"}]}"""), "ioctl", 0, argument)
            .Should().Be(holds ? Log : Allow);

    [Fact]
    public void All_conditions_of_a_rule_must_hold()
    {
        var profile = Rules("""
            {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"},{"index":2,"value":3,"op":"SCMP_CMP_EQ"}]}
            """);
        Verdict(profile, "ioctl", 1, 0, 3).Should().Be(Log);
        Verdict(profile, "ioctl", 1, 0, 4).Should().Be(Allow);
        Verdict(profile, "ioctl", 2, 0, 3).Should().Be(Allow);
    }

    [Fact]
    public void Several_conditions_on_one_argument_are_alternatives()
    {
        var profile = Rules("""
            {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"},{"index":0,"value":3,"op":"SCMP_CMP_EQ"}]}
            """);
        Verdict(profile, "ioctl", 1).Should().Be(Log);
        Verdict(profile, "ioctl", 3).Should().Be(Log);
        Verdict(profile, "ioctl", 2).Should().Be(Allow);
    }

    [Fact]
    public void A_rule_without_conditions_wins_over_all_that_have_some_wherever_it_stands() => Verdict(Rules("""
            {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_TRAP"},
            {"names":["ioctl"],"action":"SCMP_ACT_KILL"}
            """), "ioctl", 1).Should().Be(Trap);

    [Fact]
    public void A_rule_that_says_what_the_default_says_is_none() => Verdict(Rules("""
            {"names":["ioctl"],"action":"SCMP_ACT_ALLOW"},
            {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}
            """), "ioctl", 1).Should().Be(Log);

    [Theory]
    [InlineData(5, Trap)]
    [InlineData(3, Error | 3)]
    [InlineData(8, Error | 10)]
    [InlineData(20, Log)]
    [InlineData(50, KillProcess)]
    [InlineData(15, Allow)]
    public void Equality_is_asked_before_bounds_and_the_tighter_bound_before_the_wider(ulong argument, uint verdict) => Verdict(Rules("""
            {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":16,"op":"SCMP_CMP_GT"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_KILL_PROCESS","args":[{"index":0,"value":40,"op":"SCMP_CMP_GT"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_ERRNO","errnoRet":10,"args":[{"index":0,"value":10,"op":"SCMP_CMP_LT"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_ERRNO","errnoRet":3,"args":[{"index":0,"value":4,"op":"SCMP_CMP_LT"}]},
            {"names":["ioctl"],"action":"SCMP_ACT_TRAP","args":[{"index":0,"value":5,"op":"SCMP_CMP_EQ"}]}
            """), "ioctl", argument).Should().Be(verdict);

    [Fact]
    public void An_unknown_name_is_passed_over() => Verdict(Rules("""
            {"names":["invented_call","ioctl"],"action":"SCMP_ACT_LOG"}
            """), "ioctl").Should().Be(Log);

    [Fact]
    public void A_32_bit_architecture_compares_the_lower_halves()
    {
        var profile = Rules("""{"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":1,"value":4294967301,"op":"SCMP_CMP_EQ"}]}""", "SCMP_ARCH_X86");
        var x86 = new CallData(54, 0x40000003, [0, 5, 0, 0, 0, 0]);
        Run(profile, x86).Should().Be(Log);
        Verdict(profile, "ioctl", 0, 5).Should().Be(Allow);
    }

    [Fact]
    public void An_architecture_that_is_not_listed_is_killed_but_the_native_one_is_always_listed()
    {
        var profile = Rules("", "SCMP_ARCH_X86");
        Run(profile, new CallData(1, 0xC000003E, new ulong[6])).Should().Be(Allow);
        Run(profile, new CallData(1, 0x40000003, new ulong[6])).Should().Be(Allow);
        Run(profile, new CallData(1, 0xC00000B7, new ulong[6])).Should().Be(Kill);
        Run(profile, new CallData(0x40000001, 0xC000003E, new ulong[6])).Should().Be(Kill, "x32 is not listed");
        Run(profile, new CallData(uint.MaxValue, 0xC000003E, new ulong[6])).Should().Be(Allow, "a tracer writes -1 to skip a call");
    }

    [Fact]
    public void A_rule_for_socket_holds_through_socketcall_as_well()
    {
        var profile = Rules("""{"names":["socket"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":16,"op":"SCMP_CMP_EQ"}]}""", "SCMP_ARCH_X86");
        Run(profile, new CallData(102, 0x40000003, [1, 0, 0, 0, 0, 0])).Should().Be(Log);
        Run(profile, new CallData(102, 0x40000003, [2, 0, 0, 0, 0, 0])).Should().Be(Allow);
        Run(profile, new CallData(359, 0x40000003, [16, 0, 0, 0, 0, 0])).Should().Be(Log);
        Run(profile, new CallData(359, 0x40000003, [2, 0, 0, 0, 0, 0])).Should().Be(Allow);
    }

    [Theory]
    [InlineData("SCMP_ACT_ERRNO", Enosys)]
    [InlineData("SCMP_ACT_KILL", Enosys)]
    [InlineData("SCMP_ACT_TRAP", Enosys)]
    [InlineData("SCMP_ACT_TRACE", Trace | 1)]
    [InlineData("SCMP_ACT_LOG", Log)]
    public void A_call_newer_than_all_that_the_profile_mentions_does_not_exist(string defaultAction, uint verdict)
    {
        var profile = $$"""{"defaultAction":"{{defaultAction}}","syscalls":[{"names":["read","clone3","invented"],"action":"SCMP_ACT_ALLOW"}]}""";
        Verdict(profile, "openat2").Should().Be(verdict);
        Verdict(profile, "clone3").Should().Be(Allow);
        Run(profile, new CallData(0x3FFFFFFF, 0xC000003E, new ulong[6])).Should().Be(verdict);
        Run(profile, new CallData(uint.MaxValue, 0xC000003E, new ulong[6])).Should().NotBe(Enosys, "-1 is no call");
        Verdict(profile, "write").Should().NotBe(Enosys);
    }

    [Fact]
    public void What_is_newest_is_asked_for_each_architecture_by_itself()
    {
        const string Profile = """
            {"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86","SCMP_ARCH_X32"],"syscalls":[{"names":["read","setgid32"],"action":"SCMP_ACT_ALLOW"}]}
            """;
        Run(Profile, new CallData(1, 0xC000003E, new ulong[6])).Should().Be(Enosys, "setgid32 is no call of x86-64");
        Run(Profile, new CallData(213, 0x40000003, new ulong[6])).Should().Be(Eperm);
        Run(Profile, new CallData(215, 0x40000003, new ulong[6])).Should().Be(Enosys);
        Run(Profile, new CallData(0x40000001, 0xC000003E, new ulong[6])).Should().Be(Enosys);
    }

    [Fact]
    public void The_private_calls_of_ARM_do_not_make_everything_else_old()
    {
        var profile = DockerProfile.Parse("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","set_tls"],"action":"SCMP_ACT_ALLOW"}]}""");
        var program = SeccompCompiler.Compile(profile, SeccompArchitecture.Arm, Path);
        uint Of(uint number) => FilterInterpreter.Run(program.Instructions.AsSpan(), new CallData(number, 0x40000028, new ulong[6]), false);
        Of(0xF0005).Should().Be(Allow);
        Of(0xF0001).Should().Be(Eperm);
        Of(0xF0006).Should().Be(Enosys);
        Of(403).Should().Be(Enosys);
    }

    [Theory]
    [InlineData(null, SeccompFilterFlags.AllowSpeculation)]
    [InlineData("", SeccompFilterFlags.None)]
    [InlineData("\"SECCOMP_FILTER_FLAG_TSYNC\"", SeccompFilterFlags.None)]
    [InlineData("\"SECCOMP_FILTER_FLAG_LOG\"", SeccompFilterFlags.Log)]
    [InlineData("\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\",\"SECCOMP_FILTER_FLAG_LOG\"", SeccompFilterFlags.Log | SeccompFilterFlags.AllowSpeculation)]
    public void Flags_are_those_of_the_profile_and_without_any_the_mitigation_is_left_out(string? flags, SeccompFilterFlags expected) =>
        Compile($$"""{"defaultAction":"SCMP_ACT_ALLOW"{{(flags is null ? "" : $",\"flags\":[{flags}]")}}}""").Flags.Should().Be(expected);

    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_NOTIFY"}""", "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default")]
    [InlineData(
        """{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}""",
        "linux.seccomp.flags[1]: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs a rule with SCMP_ACT_NOTIFY")]
    [InlineData(
        """
        {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
          {"names":["ioctl"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]},
          {"names":["read","ioctl"],"action":"SCMP_ACT_KILL","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}]}
        """,
        "linux.seccomp.syscalls[1]: ioctl has another action under the same conditions in linux.seccomp.syscalls[0]")]
    public void An_error_names_the_property(string profile, string message)
    {
        var compile = () => Compile(profile);
        compile.Should().Throw<RuntimeError>().WithMessage(message);
    }

    [Fact]
    public void A_profile_that_needs_more_than_4096_instructions_is_refused_with_their_number()
    {
        var compile = () => Compile(Rules(string.Join(',', Enumerable.Range(0, 1500).Select(EqualityRule))));
        compile.Should().Throw<RuntimeError>().WithMessage("linux.seccomp.syscalls: the rules need 7* instructions, but the kernel takes 4096");
    }

    [Fact]
    public void Rules_beyond_any_program_are_refused_before_they_cost_time()
    {
        var compile = () => Compile(Rules(string.Join(',', Enumerable.Range(0, 2100).Select(EqualityRule))));
        compile.Should().Throw<RuntimeError>().WithMessage("linux.seccomp.syscalls[2049]: ioctl has more than 2048 rules*");
    }

    [Fact]
    public void Jumps_longer_than_255_instructions_arrive()
    {
        var program = Compile(Rules(string.Join(',', Enumerable.Range(0, 700).Select(EqualityRule)))).Instructions;
        FilterInterpreter.Check(program.AsSpan());
        program.Length.Should().BeGreaterThan(3000);
        for (var value = 0; value < 700; value++)
        {
            Run(program.AsSpan(), new CallData(16, 0xC000003E, [(ulong)value, 0, 0, 0, 0, 0])).Should().Be(Error | (uint)(value % 100));
        }

        Run(program.AsSpan(), new CallData(16, 0xC000003E, [700, 0, 0, 0, 0, 0])).Should().Be(Allow);
        Run(program.AsSpan(), new CallData(17, 0xC000003E, [1, 0, 0, 0, 0, 0])).Should().Be(Allow);
    }

    [Fact]
    public void Neighbouring_calls_with_one_verdict_cost_one_comparison() =>
        Compile(Rules("""{"names":["read","write","open","close"],"action":"SCMP_ACT_LOG"}""")).Instructions.Length.Should().BeLessThan(12);

    private static string EqualityRule(int value) =>
        $$"""{"names":["ioctl"],"action":"SCMP_ACT_ERRNO","errnoRet":{{value % 100}},"args":[{"index":0,"value":{{value}},"op":"SCMP_CMP_EQ"}]}""";

    /// <summary>A profile that allows what its rules do not name.</summary>
    private static string Rules(string rules, params string[] architectures) =>
        $$"""{"defaultAction":"SCMP_ACT_ALLOW","architectures":[{{string.Join(',', architectures.Select(name => $"\"{name}\""))}}],"syscalls":[{{rules}}]}""";

    private static SeccompProgram Compile(string profile) => SeccompCompiler.Compile(DockerProfile.Parse(profile), SeccompArchitecture.X64, Path);

    private static uint Run(string profile, CallData call)
    {
        var program = Compile(profile).Instructions.AsSpan();
        FilterInterpreter.Check(program);
        return Run(program, call);
    }

    private static uint Run(ReadOnlySpan<FilterInstruction> program, CallData call) => FilterInterpreter.Run(program, call, bigEndian: false);

    /// <summary>What happens to a call of x86-64.</summary>
    private static uint Verdict(string profile, string name, params ulong[] arguments)
    {
        var place = Hull.Runtime.SyscallNames.IndexOf(name);
        var number = Architectures.Numbers(SeccompArchitecture.X64)[place];
        return Run(profile, new CallData(number, 0xC000003E, [.. arguments, .. new ulong[6 - arguments.Length]]));
    }
}
