using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary><c>seccomp explain</c> and <c>seccomp dump</c>: what a filter does, for a person.</summary>
public sealed class SeccompExplainTests : EndToEndTest
{
    private const string Profile = """
        {"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"],"syscalls":[
          {"names":["execve","read","statx"],"action":"SCMP_ACT_ALLOW"},
          {"names":["mkdir"],"action":"SCMP_ACT_ERRNO","errnoRet":28},
          {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]}]}
        """;

    public SeccompExplainTests() => Requires.Hull("no other runtime explains");

    [Theory]
    [InlineData("SCMP_ARCH_X86_64: read (0) is allowed: linux.seccomp.syscalls[0]\n", "read")]
    [InlineData("SCMP_ARCH_X86: read (3) is allowed: linux.seccomp.syscalls[0]\n", "read")]
    [InlineData("SCMP_ARCH_X86_64: read (0) is allowed: linux.seccomp.syscalls[0]\n", "0")]
    [InlineData("SCMP_ARCH_X86_64: mkdir (83) fails with ENOSPC (no space left on device): linux.seccomp.syscalls[1]\n", "mkdir", "0x7f", "511")]
    [InlineData("SCMP_ARCH_X86_64: write (1) fails with EPERM (operation not permitted): linux.seccomp.defaultAction\n", "write")]
    [InlineData("SCMP_ARCH_X86_64: openat2 (437) fails with ENOSYS (function not implemented): linux.seccomp.syscalls mentions no call that is as new\n", "openat2")]
    [InlineData("SCMP_ARCH_X86_64: clone (56) is allowed: linux.seccomp.syscalls[2]\n", "clone", "17")]
    [InlineData("SCMP_ARCH_X86_64: clone (56) fails with EPERM (operation not permitted): linux.seccomp.defaultAction\n", "clone", "0x10000000")]
    [InlineData(
        "SCMP_ARCH_X86_64: clone (56)\n    if (argument 0 & 0x7e020000) == 0x0, it is allowed: linux.seccomp.syscalls[2]\n"
        + "    otherwise it fails with EPERM (operation not permitted): linux.seccomp.defaultAction\n", "clone")]
    [InlineData("SCMP_ARCH_X86_64: socketcall is no call there\n", "socketcall")]
    public void Explain_names_the_rule_that_decides_and_what_happens(string expected, params string[] call) =>
        Ask(["explain", .. call]).ShouldSucceed().Output.Should().Contain(expected);

    [Fact]
    public void What_explain_says_is_what_happens()
    {
        var said = Ask("explain", "mkdir").Output;
        said.Should().Contain("mkdir (83) fails with ENOSPC");
        NewBundle().With("linux.seccomp", JsonNode.Parse(Profile.Replace("\"defaultAction\":\"SCMP_ACT_ERRNO\"", "\"defaultAction\":\"SCMP_ACT_LOG\"", StringComparison.Ordinal)))
            .Shell("mkdir /dev/shm/new").Run().Error.Should().Contain("No space left on device");
    }

    [Fact]
    public void Dump_prints_every_instruction_with_labels_and_names()
    {
        var lines = Ask("dump").ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].Should().MatchRegex("^[0-9]+ instructions, loaded with AllowSpeculation$");
        lines.Should().HaveCountGreaterThan(10).And.Contain(line => line.Contains("load the architecture"))
            .And.Contain(line => line.EndsWith("# SCMP_ARCH_X86_64", StringComparison.Ordinal)).And.Contain(line => line.EndsWith("# SCMP_ARCH_X86", StringComparison.Ordinal))
            .And.Contain(line => line.Contains("(mkdir)")).And.Contain(line => line.Contains("keep the bits 0x7e020000"))
            .And.Contain(line => line.Contains("answer: fails with ENOSYS"));
        var instructions = lines.Where(line => line.StartsWith(' ')).ToArray();
        lines[0].Should().StartWith($"{instructions.Length} ");
        foreach (var target in lines.SelectMany(line => System.Text.RegularExpressions.Regex.Matches(line, "go to (L[0-9]+)").Select(match => match.Groups[1].Value)))
        {
            lines.Should().Contain(line => line.StartsWith(target + ":", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("invented is no system call that hull knows", "explain", "invented")]
    [InlineData("1x is no number of 64 bits", "explain", "read", "1x")]
    [InlineData("explain wants a system call", "explain")]
    [InlineData("unknown question \"why\"", "why")]
    [InlineData("dump takes no arguments", "dump", "read")]
    [InlineData("explain|dump|resolve is missing")]
    public void A_question_that_makes_no_sense_is_an_error_that_says_so(string message, params string[] question)
    {
        var outcome = Ask(question);
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(message);
    }

    [Fact]
    public void A_bundle_without_a_filter_says_so()
    {
        var bundle = NewBundle();
        bundle.Save();
        bundle.Runtime("seccomp", "dump", "--bundle", bundle.Location).Run().Error.Should().Contain("has no linux.seccomp");
    }

    private Outcome Ask(params string[] question)
    {
        var bundle = NewBundle().With("linux.seccomp", JsonNode.Parse(Profile));
        bundle.Save();
        return bundle.Runtime(["seccomp", .. question, "--bundle", bundle.Location]).Run();
    }
}
