using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>
/// Our programs beside libseccomp's, over every number and all interesting arguments. Switched off here: ENOSYS for calls newer than the
/// profile, which libseccomp lacks (<see cref="NewCallTests"/>). libseccomp 2.5.4 has faults where rules for one call overlap: it compares
/// an argument with what it has loaded of another, and lets the order of rules decide in one half of an argument and the value in the
/// other. So the shapes that it gets right are compared with it, and all shapes with <see cref="ReferenceVerdict"/>.
/// </summary>
public sealed class OracleTests
{
    /// <summary>
    /// How many profiles for each machine and shape, always the same ones: thousands in all. HULL_SECCOMP_ORACLE=all tries twenty times as
    /// many, which takes many minutes.
    /// </summary>
    private static readonly int s_profiles = Environment.GetEnvironmentVariable("HULL_SECCOMP_ORACLE") == "all" ? 2400 : 120;

    /// <summary>What machines there are: the native architecture, and what is listed beside it.</summary>
    private static readonly SeccompArchitecture[][] s_machines =
    [
        [SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32],
        [SeccompArchitecture.X64], [SeccompArchitecture.X64, SeccompArchitecture.X86], [SeccompArchitecture.X64, SeccompArchitecture.X32],
        [SeccompArchitecture.X86], [SeccompArchitecture.X32],
        [SeccompArchitecture.Arm64, SeccompArchitecture.Arm], [SeccompArchitecture.Arm],
        [SeccompArchitecture.Mips64, SeccompArchitecture.Mips, SeccompArchitecture.Mips64N32],
        [SeccompArchitecture.Mipsel64, SeccompArchitecture.Mipsel, SeccompArchitecture.Mipsel64N32],
        [SeccompArchitecture.PowerPc64, SeccompArchitecture.PowerPc], [SeccompArchitecture.PowerPc64LittleEndian],
        [SeccompArchitecture.S390X, SeccompArchitecture.S390], [SeccompArchitecture.PaRisc64, SeccompArchitecture.PaRisc],
        [SeccompArchitecture.RiscV64],
        [SeccompArchitecture.Mips], [SeccompArchitecture.Mipsel], [SeccompArchitecture.PowerPc], [SeccompArchitecture.S390], [SeccompArchitecture.PaRisc],
        [SeccompArchitecture.LoongArch64], [SeccompArchitecture.M68K], [SeccompArchitecture.SuperH], [SeccompArchitecture.SuperHBigEndian],
    ];

    public static TheoryData<string> AllMachines => [.. s_machines.Select(machine => string.Join(' ', machine))];

    /// <summary>Those whose architectures libseccomp knows; it is asked, so that a later version compares more.</summary>
    public static TheoryData<string> Machines => [.. Compared.Select(machine => string.Join(' ', machine))];

    private static SeccompArchitecture[][] Compared =>
        [.. s_machines.Where(machine => !Libseccomp.IsThere || Array.TrueForAll(machine, Libseccomp.Accepts))];

    public OracleTests() => Libseccomp.Require();

    /// <summary>2.5.4 does not know LoongArch, M68K and SuperH: there the plain reading of the profile alone is the test.</summary>
    [Fact]
    public void Every_architecture_that_libseccomp_knows_is_compared()
    {
        var all = Enum.GetValues<SeccompArchitecture>();
        s_machines.SelectMany(machine => machine).Should().Contain(all, "the reading of the profile is the test on all of them");
        Compared.SelectMany(machine => machine).Distinct().Should().BeEquivalentTo(all.Where(Libseccomp.Accepts));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Rules_that_do_not_meet_say_what_libseccomp_makes_of_them(string machine) =>
        Compare(machine, Overlap.Never, Enum.GetValues<SeccompOperator>());

    [Theory]
    [MemberData(nameof(Machines))]
    public void Rules_that_meet_in_one_action_say_what_libseccomp_makes_of_them(string machine) =>
        Compare(machine, Overlap.SameAction, [SeccompOperator.Equal, SeccompOperator.NotEqual, SeccompOperator.MaskedEqual]);

    [Theory]
    [MemberData(nameof(Machines))]
    public void Rules_that_meet_in_different_values_say_what_libseccomp_makes_of_them(string machine) =>
        Compare(machine, Overlap.EqualityOnly, [SeccompOperator.Equal]);

    [Theory]
    [MemberData(nameof(AllMachines))]
    public void Whatever_rules_meet_the_program_says_what_the_profile_says(string machine)
    {
        var architectures = Parse(machine);
        var generator = new ProfileGenerator(SeedOf(machine, Overlap.Any)) { Names = _ => true, Overlap = Overlap.Any };
        for (var i = 0; i < s_profiles / 2; i++)
        {
            var profile = generator.Next(architectures);
            if (TryCompile(profile, architectures[0]) is not { } program)
            {
                continue;
            }

            var reference = new ReferenceVerdict(profile, architectures[0]);
            foreach (var call in InterestingCalls.Of(profile, architectures[0], i))
            {
                var ours = FilterInterpreter.Run(program, call, Architectures.IsBigEndian(architectures[0]));
                if (ours != reference.Of(call))
                {
                    Assert.Fail($"profile {i}: {call}: the program says 0x{ours:x}, the profile 0x{reference.Of(call):x}");
                }
            }
        }
    }

    [Theory]
    [InlineData("X64 X86 X32")]
    [InlineData("Arm64 Arm")]
    [InlineData("S390X S390")]
    [InlineData("Mipsel64 Mipsel Mipsel64N32")]
    public void Dockers_default_profile_says_what_libseccomp_makes_of_it(string machine)
    {
        var architectures = Parse(machine);
        var profile = DockerProfile.Read() with { Architectures = architectures };
        profile = profile with
        {
            Syscalls = [.. profile.Syscalls!.Select(rule => rule with { Names = [.. rule.Names.Where(name => Agree(name, architectures))] })],
        };

        Compare(profile, architectures, seed: 0, allNumbers: true).Should().BeTrue();
    }

    /// <summary>What the engines wrote into the configurations of their containers; see also the copies in real containers (SeccompTests).</summary>
    [Theory]
    [InlineData("docker")]
    [InlineData("containerd")]
    [InlineData("podman")]
    public void The_profiles_that_engines_generated_say_what_libseccomp_makes_of_them(string engine)
    {
        SharedData.File("engine-configs", engine + "-01.json");
        var folder = Path.GetDirectoryName(SharedData.File("engine-configs", engine + "-01.json"))!;
        var seen = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(folder, engine + "-*.json").Order())
        {
            var seccomp = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!["linux"]?["seccomp"]?.ToJsonString();
            if (seccomp is null || !seen.Add(seccomp))
            {
                continue;
            }

            var profile = DockerProfile.Parse(seccomp);
            foreach (var machine in new[] { "X64 X86 X32", "Arm64 Arm", "S390X S390", "PowerPc64LittleEndian", "RiscV64" })
            {
                var architectures = Parse(machine);
                var known = profile with
                {
                    Architectures = architectures,
                    Syscalls = [.. profile.Syscalls!.Select(rule => rule with { Names = [.. rule.Names.Where(name => Agree(name, architectures))] })],
                };
                Compare(known, architectures, seed: 0, allNumbers: true).Should().BeTrue();
            }
        }

        seen.Should().NotBeEmpty();
    }

    /// <summary>The shapes that the public suites try, in words of our own.</summary>
    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":100}]}""")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_KILL"}]}""")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_NOTIFY"}]}""")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":100,"syscalls":[{"names":["execve","exit_group","read"],"action":"SCMP_ACT_ALLOW"}]}""")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["getcwd"],"action":"SCMP_ACT_ERRNO"},{"names":["getcwd"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("""
        {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["unshare","setns"],"action":"SCMP_ACT_ERRNO","errnoRet":1,
          "args":[{"index":0,"value":33554432,"valueTwo":33554432,"op":"SCMP_CMP_MASKED_EQ"}]}]}
        """)]
    [InlineData("""
        {"defaultAction":"SCMP_ACT_KILL","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"},{"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,
          "args":[{"index":0,"value":16,"op":"SCMP_CMP_EQ"},{"index":2,"value":9,"op":"SCMP_CMP_EQ"}]},
          {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":2,"value":9,"op":"SCMP_CMP_NE"}]}]}
        """)]
    [InlineData("""
        {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["personality"],"action":"SCMP_ACT_ERRNO",
          "args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"},{"index":0,"value":8,"op":"SCMP_CMP_EQ"},{"index":0,"value":4294967295,"op":"SCMP_CMP_EQ"}]}]}
        """)]
    public void Profiles_of_the_public_suites_shapes_say_what_libseccomp_makes_of_them(string seccomp)
    {
        foreach (var machine in Compared)
        {
            Compare(DockerProfile.Parse(seccomp) with { Architectures = machine }, machine, seed: 0, allNumbers: true).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("X64 X86 X32")]
    [InlineData("Arm64 Arm")]
    public void An_explanation_says_what_the_program_says(string machine)
    {
        var architectures = Parse(machine);
        var generator = new ProfileGenerator(4) { Names = _ => true, Overlap = Overlap.Any };
        for (var i = 0; i < s_profiles / 4; i++)
        {
            var profile = generator.Next(architectures);
            Explanation explanation;
            FilterInstruction[] program;
            try
            {
                explanation = new Explanation(profile, architectures[0], CompilerTests.Path);
                program = [.. SeccompCompiler.Compile(profile, architectures[0], CompilerTests.Path).Instructions];
            }
            catch (RuntimeError contradiction) when (contradiction.Action.Contains("under the same conditions", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var call in InterestingCalls.Of(profile, architectures[0], i))
            {
                var x32 = call.Number >= Architectures.X32Bit;
                var architecture = Array.Find(architectures, candidate => Architectures.AuditNumber(candidate) == call.Architecture
                    && (candidate == SeccompArchitecture.X32 ? x32 : !x32 || candidate != SeccompArchitecture.X64));
                if (call.Architecture == Architectures.AuditNumber(architecture))
                {
                    var outcomes = explanation.Of(architecture, call.Number, call.Arguments);
                    outcomes.Should().ContainSingle();
                    outcomes[0].Action.Should().Be(FilterInterpreter.Run(program, call, bigEndian: false), $"profile {i}: {call}");
                }
            }
        }
    }

    private static void Compare(string machine, Overlap overlap, SeccompOperator[] operators)
    {
        var architectures = Parse(machine);
        var names = Enumerable.Range(0, SyscallNames.Count).Select(SyscallNames.At).Where(name => Agree(name, architectures)).ToHashSet();
        names.Should().Contain(["read", "ioctl", "personality"]);
        var generator = new ProfileGenerator(SeedOf(machine, overlap)) { Names = names.Contains, Overlap = overlap, Operators = operators };
        var compared = Enumerable.Range(0, s_profiles).Count(i => Compare(generator.Next(architectures), architectures, i));
        compared.Should().BeGreaterThan(s_profiles / 2, "libseccomp refuses some that contradict themselves, not more");
    }

    /// <returns>False when libseccomp refuses the profile.</returns>
    private static bool Compare(Oci.Seccomp profile, SeccompArchitecture[] architectures, int seed, bool allNumbers = false)
    {
        var native = architectures[0];
        if (Libseccomp.Compile(profile, native) is not { } theirs || TryCompile(profile, native) is not { } ours)
        {
            return false;
        }

        foreach (var call in InterestingCalls.Of(profile, native, seed, allNumbers))
        {
            var bigEndian = Architectures.IsBigEndian(native);
            var (mine, its) = (FilterInterpreter.Run(ours, call, bigEndian), FilterInterpreter.Run(theirs, call, bigEndian));
            if (mine != its)
            {
                Assert.Fail($"profile {seed}: {call}: ours says 0x{mine:x}, libseccomp's 0x{its:x}; default {profile.DefaultAction}, rules\n"
                    + string.Join('\n', profile.Syscalls!.Select(rule => $"{rule.Action} {string.Join(' ', rule.Names)} {string.Join(" and ", rule.Args ?? [])}")));
            }
        }

        return true;
    }

    /// <summary>Null when the profile contradicts itself.</summary>
    private static FilterInstruction[]? TryCompile(Oci.Seccomp profile, SeccompArchitecture native)
    {
        try
        {
            var program = SeccompCompiler.Compile(profile, native, CompilerTests.Path, newCallsDoNotExist: false);
            FilterInterpreter.Check(program.Instructions.AsSpan());
            return [.. program.Instructions];
        }
        catch (RuntimeError contradiction) when (contradiction.Action.Contains("under the same conditions", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>Both tables have the same number, so that a difference is one of programs; what is newer than libseccomp is left out.</summary>
    private static bool Agree(string name, SeccompArchitecture[] architectures) =>
        Libseccomp.Knows(name) && Array.TrueForAll(architectures, architecture =>
        {
            var place = SyscallNames.IndexOf(name);
            var entry = place < 0 ? SyscallNumbers.Absent : Architectures.Numbers(architecture)[place];
            uint? ours = entry == SyscallNumbers.Absent ? null
                : SyscallNumbers.Decode(entry) + (architecture == SeccompArchitecture.X32 ? Architectures.X32Bit : 0);
            return Libseccomp.NumberOf(architecture, name) == ours || Libseccomp.Multiplexes(architecture, name);
        });

    /// <summary>Other profiles for each machine and shape.</summary>
    private static int SeedOf(string machine, Overlap overlap) =>
        (Array.FindIndex(s_machines, known => string.Join(' ', known) == machine) * 10) + (int)overlap;

    private static SeccompArchitecture[] Parse(string machine) => [.. machine.Split(' ').Select(Enum.Parse<SeccompArchitecture>)];
}
