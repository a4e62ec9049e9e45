using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>process: what is run, where and with what around it.</summary>
internal static class ProcessCases
{
    [Rule("PROC-01")]
    public static void Create_needs_no_process_and_start_does(Bundle bundle)
    {
        bundle.Without("process").CreateCommand().Run().ShouldSucceed();
        bundle.Start().Status.Should().NotBe(0);
    }

    [Rule("PROC-02")]
    [With("relative")]
    [With("./tmp")]
    [With("")]
    public static void A_working_directory_that_is_not_absolute_is_refused(Bundle bundle, string directory)
    {
        bundle.With("process.cwd", directory).Args("true").ShouldBeRefused();
    }

    [Rule("PROC-02")]
    public static void A_missing_working_directory_is_refused(Bundle bundle)
    {
        bundle.Without("process.cwd").Args("true").ShouldBeRefused();
    }

    [Rule("PROC-02")]
    public static void The_program_starts_in_its_working_directory(Bundle bundle)
    {
        bundle.With("process.cwd", "/tmp").Observe().Text("cwd").Should().Be("/tmp");
    }

    [Rule("PROC-03")]
    public static void A_working_directory_that_is_not_there_is_made(Bundle bundle)
    {
        bundle.With("process.cwd", "/made/for/it").Writable().Observe().Text("cwd").Should().Be("/made/for/it");
    }

    [Rule("PROC-03")]
    public static void The_working_directory_is_inside_the_root_even_through_a_descriptor(Bundle bundle)
    {
        // CVE-2024-21626: a leaked descriptor of a directory of the host.
        foreach (var descriptor in Enumerable.Range(3, 8))
        {
            var outcome = bundle.With("process.cwd", $"/proc/self/fd/{descriptor}").Shell("pwd; ls ../../../etc/debian_version").Run();
            outcome.Output.Should().NotContain("debian_version");
        }
    }

    [Rule("PROC-03", "USR-01")]
    public static void A_working_directory_that_only_the_user_may_enter_works(Bundle bundle)
    {
        var place = Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "own")).FullName;
        File.SetUnixFileMode(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        bundle.OnHost($"chown 1000:1000 {place}");
        bundle.With("process.cwd", "/own").With("process.user", Json("""{ "uid": 1000, "gid": 1000 }""")).Observe().Text("cwd").Should().Be("/own");
    }

    [Rule("PROC-04")]
    public static void The_environment_is_the_configured_one(Bundle bundle)
    {
        bundle.With("process.env", Array("PATH=/bin", "HOME=/home", "EMPTY=", "EQUALS=a=b", "SPACES= a b "));
        bundle.Observe().Environment.Should().Equal(new Dictionary<string, string?>
        {
            ["PATH"] = "/bin", ["HOME"] = "/home", ["EMPTY"] = "", ["EQUALS"] = "a=b", ["SPACES"] = " a b ",
        });
    }

    [Rule("PROC-04")]
    public static void Nothing_of_the_callers_environment_reaches_the_program(Bundle bundle)
    {
        bundle.Observing();
        var outcome = bundle.RunCommand().Environment("OF_THE_CALLER", "secret").Run();
        outcome.ShouldSucceed();
        outcome.Output.Should().NotContain("OF_THE_CALLER");
    }

    [Rule("PROC-04")]
    [With(0, "/root")]
    [With(1000, "/home")]
    [With(7, "/")]
    public static void Home_comes_from_the_users_entry_when_unset(Bundle bundle, int user, string home)
    {
        bundle.With("process.env", Array("PATH=/bin")).With("process.user", new JsonObject { ["uid"] = user, ["gid"] = user });
        bundle.Observe().Environment["HOME"].Should().Be(home);
    }

    [Rule("PROC-04")]
    [With("/home", "HOME=/given", "HOME=")]
    [With("/given", "HOME=", "HOME=/given")]
    public static void An_empty_home_is_looked_up_and_a_given_one_is_kept(Bundle bundle, string home, params string[] entries)
    {
        bundle.With("process.env", Array(["PATH=/bin", .. entries])).With("process.user", Json("""{ "uid": 1000, "gid": 1000 }"""));
        bundle.Observe().Environment["HOME"].Should().Be(home);
    }

    [Rule("PROC-04")]
    public static void Of_several_entries_for_a_name_the_last_one_stays_and_lines_are_kept(Bundle bundle)
    {
        var environment = bundle.With("process.env", Array("PATH=/bin", "A=1", "B=two\nlines", "A=2")).Observe().Environment;
        environment["A"].Should().Be("2");
        environment["B"].Should().Be("two\nlines");
    }

    [Rule("PROC-05")]
    public static void The_program_gets_its_arguments(Bundle bundle)
    {
        string[] arguments = ["", "a b", " two words ", "\"quoted\"", "quote'\"", "ünïcode", "a\nb"];
        new Observation(bundle.Args(["/observer", .. arguments]).Run().ShouldSucceed().Output).Strings("argv").Should().Equal(arguments);
    }

    [Rule("PROC-05")]
    [With("[]")]
    [With("null")]
    public static void A_process_without_arguments_is_refused(Bundle bundle, string json)
    {
        bundle.With("process.args", JsonNode.Parse(json)).ShouldBeRefused();
    }

    [Rule("PROC-05")]
    public static void The_program_is_looked_up_in_the_containers_path(Bundle bundle)
    {
        bundle.WithFile("/opt/tools/greet", "#!/bin/sh\necho hello\n", (UnixFileMode)Convert.ToInt32("755", 8));
        bundle.With("process.env", Array("PATH=/nowhere:/opt/tools:/bin")).Args("greet");
        bundle.Run().Output.Trim().Should().Be("hello");
    }

    [Rule("PROC-05")]
    public static void A_relative_program_is_taken_from_the_working_directory(Bundle bundle)
    {
        bundle.WithFile("/opt/tools/greet", "#!/bin/sh\necho \"$0\"\n", (UnixFileMode)Convert.ToInt32("755", 8));
        bundle.With("process.cwd", "/opt/tools").Args("./greet").Run().Output.Trim().Should().Be("./greet");
    }

    [Rule("PROC-06", "OP-STR-02")]
    [With("no-such-program", "executable file not found in $PATH")]
    [With("/no/such/program", "no such file or directory")]
    [With("/etc/passwd", "permission denied")]
    public static void A_program_that_cannot_be_run_is_an_error_of_create(Bundle bundle, string program, string words)
    {
        var outcome = bundle.Args(program).ShouldBeRefused();
        outcome.Error.ToUpperInvariant().Should().Contain(words.ToUpperInvariant());
    }

    [Rule("PROC-07")]
    [With(true, "1")]
    [With(false, "0")]
    public static void No_new_privileges_is_as_configured(Bundle bundle, bool configured, string seen)
    {
        bundle.With("process.noNewPrivileges", configured).Observe().Text("noNewPrivileges").Should().Be(seen);
    }

    [Rule("PROC-08")]
    [With(500)]
    [With(1000)]
    [With(0)]
    public static void The_score_for_the_out_of_memory_killer_is_as_configured(Bundle bundle, int score)
    {
        bundle.With("process.oomScoreAdj", score).Observe().Text("oomScoreAdj").Should().Be($"{score}");
    }

    [Rule("PROC-08")]
    public static void The_score_for_the_out_of_memory_killer_is_the_callers_when_not_configured(Bundle bundle)
    {
        bundle.Observing();
        var outcome = bundle.RunCommand().Prelude("echo 123 > /proc/self/oom_score_adj").Run();
        outcome.ShouldSucceed();
        new Observation(outcome.Output).Text("oomScoreAdj").Should().Be("123");
    }

    [Rule("PROC-08", "OP-CRE-03")]
    [With(1001)]
    [With(-1001)]
    public static void A_score_out_of_range_is_refused(Bundle bundle, int score)
    {
        bundle.With("process.oomScoreAdj", score).Args("true").ShouldBeRefused();
    }

    [Rule("PROC-10")]
    public static void Signals_are_neither_ignored_nor_blocked_whatever_the_caller_had(Bundle bundle)
    {
        bundle.Args("grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status");
        var outcome = bundle.RunCommand().Prelude("trap '' HUP INT USR1 TERM PIPE").Run();
        outcome.ShouldSucceed();
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(line => line.EndsWith("0000000000000000", StringComparison.Ordinal));
    }

    [Rule("PROC-11")]
    public static void The_program_leads_a_session_of_its_own(Bundle bundle)
    {
        var seen = bundle.Observe();
        seen.Number("session").Should().Be(seen.Number("pid")).And.Be(1);
        seen.Number("ppid").Should().Be(0);
    }

    [Rule("FD-01")]
    public static void Only_the_standard_descriptors_are_open(Bundle bundle)
    {
        bundle.Observing();
        var outcome = bundle.RunCommand().Prelude("exec 3</etc/hostname 7</etc/hostname").Run();
        outcome.ShouldSucceed();
        new Observation(outcome.Output).Descriptors.Keys.Should().Equal(0, 1, 2);
    }

    [Rule("FD-02")]
    public static void Preserved_descriptors_are_passed_on(Bundle bundle)
    {
        bundle.Shell("cat <&3; cat <&4");
        string first = bundle.HostFile("first", "first "), second = bundle.HostFile("second", "second");
        var outcome = bundle.RunCommand("--preserve-fds", "2").Prelude($"exec 3<'{first}' 4<'{second}' 5</dev/zero").Run();
        outcome.Output.Should().Be("first second");
    }

    [Rule("FD-02", "FD-01")]
    public static void No_descriptor_beyond_the_preserved_ones_is_passed_on(Bundle bundle)
    {
        bundle.Observing();
        var outcome = bundle.RunCommand("--preserve-fds", "2").Prelude("exec 3</etc/passwd 4</etc/group 5</etc/hostname").Run();
        var descriptors = new Observation(outcome.ShouldSucceed().Output).Descriptors;
        descriptors.Keys.Should().Equal(0, 1, 2, 3, 4);
        descriptors[3].Should().EndWith("/passwd");
    }

    [Rule("FD-02")]
    public static void Descriptors_for_socket_activation_come_with_their_variables(Bundle bundle)
    {
        bundle.Shell("echo $LISTEN_FDS $LISTEN_PID; cat <&3");
        var outcome = bundle.RunCommand().Prelude($"exec 3<'{bundle.HostFile("first", "passed")}'")
            .Prelude("export LISTEN_FDS=1 LISTEN_PID=$$").Run();
        outcome.Output.Should().Be("1 1\npassed");
    }

    [Rule("FD-03")]
    public static void Standard_input_may_be_the_null_device(Bundle bundle)
    {
        var command = bundle.Shell("stat -L -c '%t:%T' /proc/self/fd/0; cat; echo > /dev/null && echo ended").Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        command.Output.Should().Be("1:3\nended\n");
    }

    [Rule("FD-04")]
    public static void A_descriptor_to_preserve_that_is_not_open_is_an_error(Bundle bundle)
    {
        bundle.Args("true");
        bundle.RunCommand("--preserve-fds", "3").Prelude("exec 3</dev/null 4<&- 5<&-").Run().Status.Should().NotBe(0);
    }
}
