using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Filters of system calls, in real containers.</summary>
public sealed class SeccompTests : EndToEndTest
{
    private const int SystemAdministration = 21;

    [Fact]
    public void Under_Dockers_default_profile_an_ordinary_program_works_and_a_dangerous_call_does_not()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : Path.Combine(Sources, "../shared"), "data/seccomp-default-oci.json");
        Skip.Unless(File.Exists(file), "needs data/seccomp-default-oci.json; set HULL_SHARED");
        var profile = File.ReadAllText(file);

        Filtered(profile).Observe().Text("seccomp").Should().Be("2");
        var outcome = Filtered(profile).With("process.noNewPrivileges", false).Shell("echo begin; unshare -U true").Run();
        outcome.Output.Should().Be("begin\n");
        outcome.Error.Should().Contain("Operation not permitted");
    }

    [Theory]
    [InlineData("SCMP_ACT_ERRNO", false)]
    [InlineData("SCMP_ACT_ERRNO", true)]
    [InlineData("SCMP_ACT_KILL_PROCESS", false)]
    [InlineData("SCMP_ACT_KILL_PROCESS", true)]
    [InlineData("SCMP_ACT_TRAP", true)]
    public void Why_the_program_cannot_be_run_is_told_even_when_nothing_but_execve_is_allowed(string defaultAction, bool create)
    {
        Requires.Hull("its own words");
        var bundle = Filtered("""{"defaultAction":"ACTION","syscalls":[{"names":["execve"],"action":"SCMP_ACT_ALLOW"}]}""".Replace("ACTION", defaultAction, StringComparison.Ordinal))
            .WithFile("bin/nothing", "neither a program nor a script", UnixFileMode.UserRead | UnixFileMode.UserExecute).Args("/bin/nothing");
        var before = HostSnapshot.Take(bundle);
        if (create)
        {
            bundle.Create();
        }

        var outcome = create ? bundle.Start() : bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("process.args: unable to start container process: exec: \"/bin/nothing\": exec format error (ENOEXEC");
        bundle.State().Should().BeNull("a container whose start failed is destroyed");
        HostSnapshot.ShouldBecome(bundle, before, "nothing is left");
    }

    [Theory]
    [InlineData("podman", "podman-01.json")]
    [InlineData("containerd", "containerd-01.json")]
    [InlineData("Docker", "docker-01.json")]
    public void An_ordinary_program_works_under_the_profile_that_an_engine_generated(string engine, string name)
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : Path.Combine(Sources, "../shared"), "data/engine-configs", name);
        Skip.Unless(File.Exists(file), $"needs data/engine-configs/{name} of {engine}; set HULL_SHARED");
        var profile = JsonNode.Parse(File.ReadAllText(file))!["linux"]?["seccomp"];
        Skip.Unless(profile is not null, $"{name} has no profile");

        Filtered(profile!.ToJsonString()).Observe().Text("seccomp").Should().Be("2");
        var outcome = Filtered(profile.ToJsonString()).Shell("echo begin; unshare -U true; keyctl 2>/dev/null; echo end").Run();
        outcome.Output.Should().Be("begin\nend\n");
        bool allowed = profile["syscalls"]!.AsArray().Any(rule => (string?)rule!["action"] == "SCMP_ACT_ALLOW" && rule["names"]!.AsArray().Any(call => (string?)call == "unshare"));
        outcome.Error.Contains("unshare", StringComparison.Ordinal).Should().Be(!allowed, outcome.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_only_the_runtime_calls_may_be_forbidden(bool noNewPrivileges)
    {
        // Each of these would stop create or start if it came after the filter.
        var bundle = Filtered("""
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["accept4","accept","sendto","recvfrom","sendmsg","recvmsg","capset","prctl","close_range",
              "prlimit64","chdir","getcwd","umask","setgroups","setresuid","setresgid","clone3","pidfd_open","seccomp","openat2"],"action":"SCMP_ACT_ERRNO"}]}
            """).With("process.noNewPrivileges", noNewPrivileges).Args("/bin/busybox", "true");
        var created = bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        created.Wait().ShouldSucceed();
        bundle.Run().Status.Should().NotBe(0, "the id is taken");
        bundle.Delete().ShouldSucceed();
        bundle.Run().ShouldSucceed();
    }

    [Fact]
    public void Not_even_read_write_and_close_are_needed_to_create_and_start()
    {
        var bundle = Filtered("""
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["accept4","read","write","close"],"action":"SCMP_ACT_ERRNO"}]}
            """).Args("/bin/busybox", "true");
        bundle.Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
    }

    [Fact]
    public void A_hook_of_the_container_runs_under_the_filter()
    {
        Requires.Hull("where its output goes differs");
        var bundle = Filtered("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":28}]}""")
            .With("hooks.startContainer", new JsonArray(new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("sh", "-c", "grep Seccomp: /proc/self/status >&2; exec mkdir /dev/shm/new"),
            })).Args("/bin/busybox", "true");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("No space left on device").And.MatchRegex(@"Seccomp:\s*2");
    }

    [Fact]
    public void A_hook_that_runs_where_the_filter_needs_a_privilege_does_not_get_it()
    {
        Requires.Hull("where its output goes differs");
        var bundle = Filtered("""{"defaultAction":"SCMP_ACT_ALLOW"}""").With("process.noNewPrivileges", false)
            .With("hooks.startContainer", new JsonArray(new JsonObject
            {
                ["path"] = "/bin/sh",
                ["args"] = new JsonArray("sh", "-c", "grep -E '^(Seccomp|CapEff):' /proc/self/status >&2; exit 7"),
            })).Args("/bin/busybox", "true");
        var error = bundle.Run().Error;

        error.Should().MatchRegex(@"Seccomp:\s*2");
        var effective = Convert.ToUInt64(System.Text.RegularExpressions.Regex.Match(error, "CapEff:\\W*t?([0-9a-f]{16})").Groups[1].Value, 16);
        (effective >> SystemAdministration & 1).Should().Be(0);
    }

    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_NOPE"}""", "linux.seccomp.defaultAction")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_Z80"]}""", "linux.seccomp.architectures[0]")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1}""", "linux.seccomp.defaultErrnoRet")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":70000,"syscalls":[{"names":["execve"],"action":"SCMP_ACT_ALLOW"}]}""", "linux.seccomp.defaultErrnoRet")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}""", "linux.seccomp")]
    [InlineData("""{"defaultAction":"SCMP_ACT_NOTIFY","listenerPath":"/x"}""", "linux.seccomp.defaultAction")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_NEW_LISTENER"]}""", "linux.seccomp.flags[0]")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}""", "linux.seccomp.flags[0]")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}""", "linux.seccomp.listenerMetadata")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]}""", "linux.seccomp.listenerPath")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/x","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_NOTIFY"}]}""", "linux.seccomp.syscalls[0].names[1]")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":[],"action":"SCMP_ACT_LOG"}]}""", "linux.seccomp.syscalls[0].names")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_KILL","errnoRet":1}]}""", "linux.seccomp.syscalls[0].errnoRet")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"]}]}""", "linux.seccomp.syscalls[0].action")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1}]}]}""", "linux.seccomp.syscalls[0].args[0].op")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":-1,"op":"SCMP_CMP_EQ"}]}]}""", "linux.seccomp.syscalls[0].args[0].value")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"EQ"}]}]}""", "linux.seccomp.syscalls[0].args[0].op")]
    [InlineData(
        """
        {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]},
          {"names":["read"],"action":"SCMP_ACT_KILL","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}]}
        """,
        "linux.seccomp.syscalls[1]")]
    [InlineData(
        """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]}]}""",
        "linux.seccomp.syscalls[0].args[0].index")]
    public void A_bad_profile_is_refused_by_the_name_of_the_property_and_leaves_nothing(string profile, string property)
    {
        Requires.Hull("its own words");
        var bundle = Filtered(profile).Args("/bin/busybox", "true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(property);
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    private static string Sources
    {
        get
        {
            var directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "Runtime.sln")))
            {
                directory = Path.GetDirectoryName(directory)!;
            }

            return directory;
        }
    }

    private Bundle Filtered(string profile) => NewBundle().With("linux.seccomp", JsonNode.Parse(profile));
}
