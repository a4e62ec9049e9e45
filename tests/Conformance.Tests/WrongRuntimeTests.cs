using Hull.Conformance.Suite;
using Hull.Harness;

namespace Hull.Conformance.Tests;

/// <summary>A case that cannot fail proves nothing: in every chapter a runtime that breaks a rule is caught.</summary>
public sealed class WrongRuntimeTests
{
    /// <summary>Chapter, a case of it, what is done wrong, and how.</summary>
    public static TheoryData<string, string, string, string> Wrongs => new()
    {
        { "Bundle", "Annotations appear in state", "reading", "s/com.example.full/com.example.other/" },
        { "Root", "The root is read only exactly if configured (True)", "reading", "s/\"readonly\": true/\"readonly\": false/" },
        { "Mount", "Mounts are made in the order listed", "reading", "s#\"/mnt/a\"#\"/mnt/z\"#" },
        { "MountOption", "The option sets its flag on the mount (nosuid)", "reading", "s/\"nosuid\"/\"suid\"/" },
        { "Process", "The program starts in its working directory", "reading", "s#\"cwd\": \"/tmp\"#\"cwd\": \"/\"#" },
        { "Identity", "The host name is the configured one", "reading", "/\"hostname\"/d" },
        { "Terminal", "The size is the configured one", "reading", "s/\"width\": 77/\"width\": 78/" },
        { "Namespace", "A namespace without path is new (ipc", "reading", "s/\"type\": \"ipc\"/\"type\": \"cgroup\"/" },
        { "Device", "A device is made as configured (b", "reading", "s/\"fileMode\": 432/\"fileMode\": 438/" },
        { "Propagation", "A masked file is empty", "reading", "s/\"maskedPaths\"/\"otherPaths\"/" },
        { "Hook", "Poststop hooks run after the container is gone", "reading", "s/\"poststop\"/\"other\"/" },
        { "Lifecycle", "A container whose program has ended is stopped", "printing state", "s/\"pid\": 0/\"pid\": 1/" },
        { "End", "Kill of a stopped container is an error", "ending kill", "0" },
        { "Cgroup", "An absolute path is that path in every hierarchy", "reading", "s#\\(\"cgroupsPath\": \"[^\"]*\\)\"#\\1-wrong\"#" },
        { "Controller", "The last rule that matches decides", "reading", "s/\"access\": \"w\"/\"access\": \"m\"/" },
        { "Resource", "The limit of processes is set (1000", "reading", "s/\"limit\": 1000/\"limit\": 999/" },
        { "Seccomp", "Errno makes the call fail with eperm", "reading", "s/SCMP_ACT_ERRNO/SCMP_ACT_LOG/" },
        { "Kernel", "The personality is linux32", "reading", "s/\"LINUX32\"/\"LINUX\"/" },
        { "Exec", "Exec ends with the programs status (exit 42", "ending exec", "0" },
        { "NetworkDevice", "An interface takes its configured name", "reading", "s/inside0/other0/" },
        { "Idmap", "The owners of files are mapped (idmap)", "reading", "s/5000/5010/" },
        { "Features", "Every flag of seccomp that is supported is known", "printing features", "s/\"knownFlags\"/\"otherFlags\"/" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_runtime_that_breaks_a_rule_is_caught(string chapter, string sentence, string how, string edit)
    {
        Requires.Root();
        var one = Case.All.First(one => one.Chapter == chapter && one.Sentence.StartsWith(sentence, StringComparison.Ordinal));
        using var wrong = Make(how, edit);

        var honest = RunOne(HullBinary.Path, one);
        Skip(honest);
        honest.Verdict.Should().Be(Verdict.Passed, "the same case passes without the mistake: {0}", honest.Text);
        RunOne(wrong.Path, one).Verdict.Should().Be(Verdict.Failed);
    }

    [Fact]
    public void Every_chapter_has_a_case_that_was_seen_to_fail()
    {
        Wrongs.Select(wrong => (string)wrong[0]).Distinct().Should().BeEquivalentTo(Case.All.Select(one => one.Chapter).Distinct());
    }

    [Fact]
    public void What_a_runtime_leaves_behind_is_reported_and_removed()
    {
        Requires.Root();
        using var wrong = WrongRuntime.Ignoring("delete");
        var one = Case.All.First(one => one.Sentence.StartsWith("A running container is running", StringComparison.Ordinal));

        var result = RunOne(wrong.Path, one);

        result.Left.Should().Contain(left => left.StartsWith("cgroup ", StringComparison.Ordinal));
        Cgroups.Below(Cgroups.Prefix).Should().BeEmpty();
    }

    [Fact]
    public void A_case_of_a_rule_that_is_newer_than_the_runtime_does_not_count_against_it()
    {
        Requires.Root();
        var one = Case.All.First(one => one.Sentence.StartsWith("An unknown capability is no error", StringComparison.Ordinal));
        using var wrong = WrongRuntime.Ending("run", 1);
        var runtime = RuntimeUnderTest.At(wrong.Path);

        new Runner(runtime, 1, _ => { }).Run([one]).Single().Verdict.Should().Be(Verdict.Failed);
        new Runner(runtime with { Specification = new Version(1, 0, 2) }, 1, _ => { }).Run([one]).Single().Verdict.Should().Be(Verdict.Newer);
    }

    private static WrongRuntime Make(string how, string edit)
    {
        var words = how.Split(' ');
        return words[0] switch
        {
            "reading" => WrongRuntime.Reading(edit),
            "printing" => WrongRuntime.Printing(words[1], edit),
            _ => WrongRuntime.Ending(words[1], int.Parse(edit, System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    private static void Skip(Result result) => Skipping.Skip.Unless(result.Verdict != Verdict.Skipped, result.Text);

    private static Result RunOne(string runtime, Case one) => new Runner(RuntimeUnderTest.At(runtime), 1, _ => { }).Run([one]).Single();
}
