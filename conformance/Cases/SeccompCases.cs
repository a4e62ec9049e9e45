using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>linux.seccomp, seen by what programs may do.</summary>
internal static class SeccompCases
{
    private const int InvalidArgument = 22, Killed = 31 + 128;

    [Rule("SEC-01")]
    public static void Errno_makes_the_call_fail_with_eperm(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }""").Writable()
            .Prints("mkdir /tmp/made 2>&1; echo $?").Should().Contain("Operation not permitted").And.EndWith("1");
    }

    [Rule("SEC-03", Since = "1.0.2")]
    public static void Errno_has_the_configured_number(Bundle bundle)
    {
        bundle.Filtering($$"""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": {{InvalidArgument}} }""").Writable()
            .Prints("mkdir /tmp/made 2>&1; true").Should().Contain("Invalid argument");
    }

    [Rule("SEC-01")]
    [With("SCMP_ACT_KILL")]
    [With("SCMP_ACT_KILL_THREAD")]
    [With("SCMP_ACT_KILL_PROCESS")]
    public static void Kill_ends_the_program_with_sigsys(Bundle bundle, string action)
    {
        bundle.Filtering($$"""{ "names": ["mkdir", "mkdirat"], "action": "{{action}}" }""").Writable()
            .Prints("mkdir /tmp/made; echo $?").Should().EndWith($"{Killed}");
    }

    [Rule("SEC-01", "OP-CLI")]
    public static void Kill_ends_the_first_program_and_run_says_so(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_KILL_PROCESS" }""").Writable().Args("/bin/busybox", "mkdir", "/tmp/made").Run().Status.Should().Be(Killed);
    }

    [Rule("SEC-01")]
    public static void Trap_sends_sigsys(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_TRAP" }""").Writable().Prints("mkdir /tmp/made; echo $?").Should().EndWith($"{Killed}");
    }

    [Rule("SEC-01")]
    public static void Trace_without_a_tracer_is_enosys(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_TRACE" }""").Writable()
            .Prints("mkdir /tmp/made 2>&1; true").Should().Contain("not implemented");
    }

    [Rule("SEC-01")]
    public static void Log_lets_the_call_through(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_LOG" }""").Writable().Prints("mkdir /tmp/made && echo made").Should().Be("made");
    }

    [Rule("SEC-01", "PROC-07")]
    [With(true, "1")]
    [With(false, "0")]
    public static void The_filter_is_in_force_whether_new_privileges_are_forbidden_or_not(Bundle bundle, bool noNewPrivileges, string shown)
    {
        var seen = bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("process.noNewPrivileges", noNewPrivileges).Observe();
        seen.Text("seccomp").Should().Be("2");
        seen.Text("noNewPrivileges").Should().Be(shown);
    }

    [Rule("SEC-10", "CAP-01")]
    [With(0)]
    [With(1000)]
    public static void What_loading_the_filter_needs_is_not_given_to_the_program(Bundle bundle, int user)
    {
        const int systemAdministration = 21;
        var seen = bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("process.noNewPrivileges", false)
            .With("process.user", new JsonObject { ["uid"] = user, ["gid"] = user }).Observe();
        foreach (var set in new[] { "effective", "permitted", "inheritable", "bounding", "ambient" })
        {
            seen.Capabilities(set).Should().NotContain(systemAdministration, set);
        }
    }

    [Rule("SEC-01")]
    public static void Without_the_property_there_is_no_filter(Bundle bundle)
    {
        Skip.Unless(!WithoutCalls.IsWrapper(bundle.RuntimePath), "the runtime is itself under a filter");
        bundle.Prints("grep '^Seccomp:' /proc/self/status").Should().MatchRegex(@"\s0$");
    }

    [Rule("SEC-01")]
    public static void A_missing_default_action_is_refused(Bundle bundle)
    {
        bundle.With("linux.seccomp", Json("""{ "architectures": [] }""")).Args("true").ShouldBeRefused();
    }

    [Rule("SEC-01", "JSN-03")]
    public static void An_unknown_action_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_NO_SUCH" }""").Args("true").ShouldBeRefused();
    }

    [Rule("SEC-02", Since = "1.1.0")]
    public static void The_default_action_has_its_number(Bundle bundle)
    {
        bundle.With("linux.seccomp", OldProfile(number: 38)).Writable().Prints("mkdir /tmp/made 2>&1; true").Should().Contain("not implemented");
    }

    [Rule("SEC-02")]
    public static void The_default_action_has_eperm_when_not_configured(Bundle bundle)
    {
        bundle.With("linux.seccomp", OldProfile()).Writable().Prints("mkdir /tmp/made 2>&1; true").Should().Contain("not permitted");
    }

    [Rule("SEC-02", Since = "1.1.0")]
    public static void A_number_for_a_default_action_without_one_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.defaultErrnoRet", 1).Args("true").ShouldBeRefused();
    }

    [Rule("SEC-03", Since = "1.1.0")]
    public static void A_number_for_an_action_without_one_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_KILL", "errnoRet": 1 }""").Args("true").ShouldBeRefused();
    }

    [Rule("SEC-04")]
    public static void Architectures_are_known_by_name(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }""")
            .With("linux.seccomp.architectures", Array("SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32")).Writable()
            .Prints("mkdir /tmp/made 2>&1; true").Should().Contain("Operation not permitted");
    }

    [Rule("SEC-04", "JSN-03")]
    public static void An_unknown_architecture_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.architectures", Array("SCMP_ARCH_NO_SUCH")).Args("true").ShouldBeRefused();
    }

    [Rule("SEC-05")]
    [With("SECCOMP_FILTER_FLAG_LOG")]
    [With("SECCOMP_FILTER_FLAG_SPEC_ALLOW")]
    [With("SECCOMP_FILTER_FLAG_TSYNC")]
    public static void A_flag_is_known_by_name(Bundle bundle, string flag)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.flags", Array(flag)).Args("true").Run().ShouldSucceed();
    }

    [Rule("SEC-05", "JSN-03")]
    public static void An_unknown_flag_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.flags", Array("SECCOMP_FILTER_FLAG_NO_SUCH")).Args("true").ShouldBeRefused();
    }

    [Rule("SEC-06")]
    public static void A_rule_without_names_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": [], "action": "SCMP_ACT_ERRNO" }""").Args("true").ShouldBeRefused();
    }

    [Rule("SEC-06")]
    public static void Names_that_no_kernel_has_are_skipped(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["no_such_call", "mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }""").Writable()
            .Prints("mkdir /tmp/made 2>&1; true").Should().Contain("Operation not permitted");
    }

    // renice N PID calls setpriority(PRIO_PROCESS = 0, PID, N): the third argument decides. Raising a low value needs no privilege.
    [Rule("SEC-07")]
    [With("SCMP_CMP_EQ", 15, 15, true)]
    [With("SCMP_CMP_EQ", 15, 16, false)]
    [With("SCMP_CMP_NE", 15, 16, true)]
    [With("SCMP_CMP_NE", 15, 15, false)]
    [With("SCMP_CMP_LT", 15, 14, true)]
    [With("SCMP_CMP_LT", 15, 15, false)]
    [With("SCMP_CMP_LE", 15, 15, true)]
    [With("SCMP_CMP_LE", 15, 16, false)]
    [With("SCMP_CMP_GT", 15, 16, true)]
    [With("SCMP_CMP_GT", 15, 15, false)]
    [With("SCMP_CMP_GE", 15, 15, true)]
    [With("SCMP_CMP_GE", 15, 14, false)]
    public static void An_argument_is_compared(Bundle bundle, string comparison, int value, int argument, bool matches)
    {
        bundle.Filtering($$"""{ "names": ["setpriority"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 2, "value": {{value}}, "op": "{{comparison}}" }] }""");
        bundle.Prints($"renice {argument} $$ 2>/dev/null; echo $?").Should().Be(matches ? "1" : "0");
    }

    [Rule("SEC-07")]
    [With(14, true)]
    [With(13, false)]
    public static void An_argument_is_compared_under_a_mask(Bundle bundle, int argument, bool matches)
    {
        bundle.Filtering("""{ "names": ["setpriority"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 2, "value": 3, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ" }] }""");
        bundle.Prints($"renice {argument} $$ 2>/dev/null; echo $?").Should().Be(matches ? "1" : "0");
    }

    [Rule("SEC-07")]
    [With(17, true)]
    [With(13, false)]
    [With(12, false)]
    public static void Several_arguments_must_all_match(Bundle bundle, int argument, bool matches)
    {
        bundle.Filtering("""
            { "names": ["setpriority"], "action": "SCMP_ACT_ERRNO", "args": [
              { "index": 0, "value": 0, "op": "SCMP_CMP_EQ" }, { "index": 2, "value": 17, "op": "SCMP_CMP_EQ" }] }
            """);
        bundle.Prints($"renice {argument} $$ 2>/dev/null; echo $?").Should().Be(matches ? "1" : "0");
    }

    [Rule("SEC-07")]
    [With("""{ "index": 6, "value": 0, "op": "SCMP_CMP_EQ" }""")]
    [With("""{ "index": 0, "value": 0, "op": "SCMP_CMP_NO_SUCH" }""")]
    public static void An_argument_that_cannot_be_compared_is_refused(Bundle bundle, string argument)
    {
        bundle.Filtering($$"""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "args": [{{argument}}] }""").Args("true").ShouldBeRefused();
    }

    [Rule("SEC-10")]
    [With(true)]
    [With(false)]
    public static void The_runtimes_own_calls_are_not_filtered(Bundle bundle, bool noNewPrivileges)
    {
        // What a runtime still does late: not one of these may be needed after the filter is in force.
        bundle.Filtering("""{ "names": ["mount", "umount2", "pivot_root", "setuid", "setgid", "setgroups", "sethostname", "getcwd", "mknod", "mknodat"], "action": "SCMP_ACT_ERRNO" }""");
        bundle.With("process.noNewPrivileges", noNewPrivileges).With("process.user", Json("""{ "uid": 1000, "gid": 1000 }""")).Prints("echo ran").Should().Be("ran");
    }

    [Rule("SEC-09")]
    public static void A_call_newer_than_the_profile_does_not_exist(Bundle bundle)
    {
        // The observer's C library makes threads with clone3 and falls back to clone only when that does not exist.
        bundle.With("linux.seccomp", OldProfile()).Observe().Text("seccomp").Should().Be("2");
    }

    [Rule("SEC-13")]
    public static void Exec_is_filtered_as_well(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }""").Writable().Started();
        var outcome = bundle.Executing([], "mkdir", "/tmp/made");
        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("Operation not permitted");
        bundle.Executing([], "grep", "^Seccomp:", "/proc/self/status").Output.Should().Be("Seccomp:\t2\n");
    }

    [Rule("SECL-04", Since = "1.1.0")]
    public static void Metadata_without_a_path_for_it_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.listenerMetadata", "x").Args("true").ShouldBeRefused();
    }

    [Rule("SECL-01", Since = "1.1.0")]
    public static void A_listener_is_not_called_when_no_rule_notifies(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO" }""").With("linux.seccomp.listenerPath", bundle.Home + "/absent").Args("true").Run().ShouldSucceed();
    }

    [Rule("SECL-02", Since = "1.1.0")]
    public static void A_listener_that_cannot_be_reached_is_an_error(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_NOTIFY" }""").With("linux.seccomp.listenerPath", bundle.Home + "/absent").Args("true").ShouldFailToRun();
    }

    [Rule("SECL-05", Since = "1.1.0")]
    public static void Notify_without_a_listener_is_refused(Bundle bundle)
    {
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_NOTIFY" }""").Args("true").ShouldFailToRun();
    }

    [Rule("SECL-05", Since = "1.1.0")]
    public static void Notify_as_the_default_action_is_refused(Bundle bundle)
    {
        bundle.With("linux.seccomp", Json($$"""{ "defaultAction": "SCMP_ACT_NOTIFY", "listenerPath": "{{bundle.Home}}/absent" }""")).Args("true").ShouldFailToRun();
    }

    [Rule("SECL-03", "SECL-02", "SECL-06", Since = "1.1.0")]
    public static void A_listener_gets_the_state_and_the_descriptor(Bundle bundle)
    {
        var path = Path.Combine(bundle.Scratch, "listener");
        using var socket = new ConsoleSocket(path);
        bundle.Filtering("""{ "names": ["sethostname"], "action": "SCMP_ACT_NOTIFY" }""").With("linux.seccomp.listenerPath", path).With("linux.seccomp.listenerMetadata", "from the case");
        var create = bundle.Args("true").CreateCommand().Start();
        var accepting = Task.Run(() => socket.Receive());
        create.Wait().ShouldSucceed();
        bundle.Start().ShouldSucceed();
        accepting.Wait(Patience.Limit).Should().BeTrue("the listener should be told");
        accepting.Result.Dispose();
        var state = JsonNode.Parse(socket.Name)!;
        state["fds"]!.AsArray().Select(item => (string?)item).Should().Equal("seccompFd");
        ((string?)state["metadata"]).Should().Be("from the case");
        ((string?)state["state"]!["id"]).Should().Be(bundle.Id);
        ((string?)state["state"]!["status"]).Should().Be("creating");
        ((int?)state["pid"]).Should().BePositive();
    }

    [Rule("SECL-03", "FD-01", Since = "1.1.0")]
    public static void The_program_does_not_get_the_descriptor_of_the_listener(Bundle bundle)
    {
        using var agent = new SeccompAgent(Path.Combine(bundle.Scratch, "listener"));
        bundle.Filtering("""{ "names": ["mkdir"], "action": "SCMP_ACT_NOTIFY" }""").With("linux.seccomp.listenerPath", agent.Path)
            .Prints("ls -l /proc/self/fd").Should().NotContain("seccomp").And.NotContain("socket").And.NotContain("memfd");
    }

    private static Bundle Filtering(this Bundle bundle, string rule) =>
        bundle.With("linux.seccomp", Json($$"""{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": [], "syscalls": [{{rule}}] }"""));

    // An allow-list of an old engine: everything that shells and the observer need, nothing that came after Linux 4.18, and no mkdir.
    private static JsonObject OldProfile(int? number = null)
    {
        string[] names =
        [
            "read", "write", "open", "close", "stat", "fstat", "lstat", "poll", "lseek", "mmap", "mprotect", "munmap", "brk", "rt_sigaction", "rt_sigprocmask",
            "rt_sigreturn", "ioctl", "access", "pipe", "pipe2", "dup", "dup2", "dup3", "getpid", "clone", "fork", "vfork", "execve", "exit", "wait4", "fcntl",
            "getdents", "getcwd", "chdir", "readlink", "getuid", "getgid", "geteuid", "getegid", "getppid", "getsid", "arch_prctl", "getdents64",
            "set_tid_address", "exit_group", "openat", "newfstatat", "readlinkat", "set_robust_list", "prlimit64", "getrandom", "execveat", "futex", "getpgrp",
            "setpgid", "writev", "pread64", "uname", "umask", "sysinfo", "capget", "capset", "prctl", "setuid", "setgid", "setgroups", "madvise", "mremap",
            "sched_getaffinity", "sched_yield", "sched_setaffinity", "membarrier", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettid",
            "tgkill", "sigaltstack", "statx", "rseq", "getresuid", "getresgid", "getgroups", "getrlimit", "mlock", "munlock", "mincore", "getcpu", "eventfd2",
            "statfs", "fstatfs", "faccessat", "readahead", "fadvise64", "flock", "gettimeofday", "getpriority", "ppoll", "kill", "getpgid", "get_mempolicy",
        ];
        var profile = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ERRNO",
            ["syscalls"] = new JsonArray(new JsonObject { ["names"] = Array(names), ["action"] = "SCMP_ACT_ALLOW" }),
        };
        if (number is not null)
        {
            profile["defaultErrnoRet"] = number;
        }

        return profile;
    }
}
