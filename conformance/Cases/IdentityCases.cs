using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>process.user, capabilities, rlimits, security labels; and the names of the machine.</summary>
internal static class IdentityCases
{
    private const int NetBindService = 10, Kill = 5, AuditWrite = 29, SystemResource = 24;

    [Rule("USR-01", "USR-03")]
    [With(0, 0)]
    [With(1000, 100)]
    [With(65534, 65534)]
    public static void The_program_runs_as_the_configured_user(Bundle bundle, int user, int group)
    {
        var seen = bundle.With("process.user", new JsonObject { ["uid"] = user, ["gid"] = group }).Observe();
        seen.Numbers("uids").Should().Equal(user, user, user);
        seen.Numbers("gids").Should().Equal(group, group, group);
        seen.Numbers("groups").Should().BeEmpty("none is configured");
    }

    [Rule("USR-01")]
    public static void Ids_of_32_bits_work(Bundle bundle)
    {
        bundle.With("process.user", Json("""{ "uid": 4000000000, "gid": 4000000001 }""")).Prints("id -u; id -g").Should().Be("4000000000\n4000000001");
    }

    [Rule("USR-01", "UMAP-01")]
    public static void A_user_that_the_user_namespace_does_not_map_is_refused(Bundle bundle)
    {
        bundle.Mapped().With("process.user", Json("""{ "uid": 5000, "gid": 0 }""")).Args("true").ShouldFailToRun();
    }

    [Rule("USR-02", Since = "1.0.2")]
    [With(0)]
    [With(23)]
    [With(63)]
    public static void The_file_mode_creation_mask_is_as_configured(Bundle bundle, int mask)
    {
        bundle.With("process.user.umask", mask).Observe().Number("umask").Should().Be(mask);
    }

    [Rule("USR-03")]
    public static void The_supplementary_groups_are_the_configured_ones(Bundle bundle)
    {
        bundle.With("process.user", Json("""{ "uid": 1000, "gid": 1000, "additionalGids": [5, 6, 70000] }""")).Observe()
            .Numbers("groups").Should().Equal(5, 6, 70000);
    }

    [Rule("USR-03")]
    public static void None_of_the_callers_groups_stay(Bundle bundle)
    {
        bundle.Observing();
        bundle.Save();
        var outcome = new Command(bundle.Scratch, "setpriv", "--groups", "4,20,27", "--", bundle.RuntimePath)
            .With("--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).Run();
        outcome.ShouldSucceed();
        new Observation(outcome.Output).Numbers("groups").Should().BeEmpty();
    }

    [Rule("USR-04")]
    [With("name")]
    [With("-1")]
    [With("1x")]
    public static void Exec_takes_no_user_that_is_not_a_number(Bundle bundle, string user)
    {
        bundle.Started().Executing(["--user", user], "true").Status.Should().NotBe(0);
    }

    [Rule("CAP-01")]
    public static void The_capabilities_are_the_configured_ones(Bundle bundle)
    {
        bundle.With("process.capabilities", Json("""
            {
              "bounding": ["CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_AUDIT_WRITE"], "permitted": ["CAP_KILL", "CAP_NET_BIND_SERVICE"],
              "effective": ["CAP_KILL", "CAP_NET_BIND_SERVICE"], "inheritable": ["CAP_KILL"], "ambient": []
            }
            """)).With("process.user", Json("""{ "uid": 0, "gid": 0 }"""));
        var seen = bundle.Observe();
        seen.Capabilities("bounding").Should().Equal(Kill, NetBindService, AuditWrite);
        // Without new privileges, root's execve gains none from the bounding set.
        seen.Capabilities("permitted").Should().Equal(Kill, NetBindService);
        seen.Capabilities("effective").Should().Equal(Kill, NetBindService);
        seen.Capabilities("inheritable").Should().Equal(Kill);
    }

    [Rule("CAP-01", "CAP-05")]
    public static void An_ordinary_user_keeps_the_ambient_capabilities(Bundle bundle)
    {
        bundle.With("process.user", Json("""{ "uid": 1000, "gid": 1000 }""")).With("process.capabilities", Json("""
            {
              "bounding": ["CAP_KILL", "CAP_AUDIT_WRITE"], "permitted": ["CAP_KILL", "CAP_AUDIT_WRITE"], "effective": ["CAP_KILL", "CAP_AUDIT_WRITE"],
              "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]
            }
            """));
        var seen = bundle.Observe();
        foreach (var set in new[] { "permitted", "effective", "inheritable", "ambient" })
        {
            seen.Capabilities(set).Should().Equal([Kill], set);
        }

        seen.Capabilities("bounding").Should().Equal(Kill, AuditWrite);
    }

    [Rule("CAP-05", "CAP-01")]
    public static void An_ordinary_user_without_ambient_capabilities_has_none(Bundle bundle)
    {
        bundle.Capable("CAP_KILL").With("process.user", Json("""{ "uid": 1000, "gid": 1000 }"""));
        var seen = bundle.Observe();
        seen.Capabilities("effective").Should().BeEmpty();
        seen.Capabilities("permitted").Should().BeEmpty();
    }

    [Rule("CAP-02", Since = "1.1.0")]
    public static void An_unknown_capability_is_no_error(Bundle bundle)
    {
        bundle.Capable("CAP_KILL", "CAP_NO_SUCH").Observe().Capabilities("bounding").Should().Equal(Kill);
    }

    [Rule("CAP-02", Since = "1.1.0")]
    public static void A_capability_that_cannot_be_granted_is_no_error(Bundle bundle)
    {
        Skip.Unless(!Held(SystemResource), "needs a machine that lacks a capability (here every one can be granted)");
        bundle.Capable("CAP_KILL", "CAP_SYS_RESOURCE").Observe().Capabilities("bounding").Should().Equal(Kill);
    }

    [Rule("CAP-03")]
    public static void Every_capability_of_the_kernel_is_known_by_name(Bundle bundle)
    {
        string[] names =
        [
            "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
            "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
            "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE",
            "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
        ];
        int[] held = [.. Enumerable.Range(0, names.Length).Where(Held)];
        bundle.Capable([.. held.Select(number => "CAP_" + names[number])]).Observe().Capabilities("bounding").Should().Equal(held);
    }

    [Rule("CAP-04", "CAP-06")]
    [With("")]
    [With("{}")]
    public static void Without_the_object_or_with_an_empty_one_there_are_no_capabilities(Bundle bundle, string json)
    {
        var seen = (json.Length == 0 ? bundle.Without("process.capabilities") : bundle.With("process.capabilities", Json(json))).Observe();
        foreach (var set in new[] { "bounding", "effective", "permitted", "inheritable", "ambient" })
        {
            seen.Capabilities(set).Should().BeEmpty(set);
        }
    }

    [Rule("CAP-06")]
    public static void Nothing_is_inheritable_unless_configured(Bundle bundle)
    {
        bundle.Capable("CAP_KILL", "CAP_CHOWN").Observe().Capabilities("inheritable").Should().BeEmpty();
    }

    [Rule("RLIM-01")]
    [With("RLIMIT_CORE", 0, 0)]
    [With("RLIMIT_CPU", 100, 200)]
    [With("RLIMIT_FSIZE", 1000000, 2000000)]
    [With("RLIMIT_LOCKS", 10, 20)]
    [With("RLIMIT_MEMLOCK", 4096, 8192)]
    [With("RLIMIT_MSGQUEUE", 1000, 2000)]
    [With("RLIMIT_NICE", 0, 0)]
    [With("RLIMIT_NOFILE", 100, 200)]
    [With("RLIMIT_NPROC", 500, 600)]
    [With("RLIMIT_RSS", 100000000, 200000000)]
    [With("RLIMIT_RTPRIO", 0, 0)]
    [With("RLIMIT_RTTIME", 1000000, 2000000)]
    [With("RLIMIT_SIGPENDING", 50, 60)]
    [With("RLIMIT_STACK", 4194304, 8388608)]
    public static void A_limit_is_set_exactly(Bundle bundle, string type, int soft, int hard)
    {
        bundle.With("process.rlimits", new JsonArray(Limit(type, soft, hard))).Observe().Limit(type).Should().Be(((ulong)soft, (ulong)hard));
    }

    [Rule("RLIM-01")]
    public static void Several_limits_are_set_together(Bundle bundle)
    {
        var seen = bundle.With("process.rlimits", new JsonArray(
            Limit("RLIMIT_NOFILE", 100, 200), Limit("RLIMIT_CORE", 0, 4096), Limit("RLIMIT_STACK", 4194304, 8388608))).Observe();
        seen.Limit("RLIMIT_NOFILE").Should().Be((100, 200));
        seen.Limit("RLIMIT_CORE").Should().Be((0, 4096));
        seen.Limit("RLIMIT_STACK").Should().Be((4194304, 8388608));
    }

    // The observer's own memory management does not start under these.
    [Rule("RLIM-01")]
    [With("RLIMIT_AS", "Max address space")]
    [With("RLIMIT_DATA", "Max data size")]
    public static void A_limit_of_memory_is_set_exactly(Bundle bundle, string type, string shown)
    {
        bundle.With("process.rlimits", new JsonArray(Limit(type, 500000000, 600000000)))
            .Prints($"grep '{shown}' /proc/self/limits").Should().MatchRegex(@"500000000\s+600000000");
    }

    [Rule("RLIM-02", "RLIM-01")]
    public static void What_is_not_configured_stays_as_the_caller_has_it(Bundle bundle)
    {
        bundle.Without("process.rlimits").Observing();
        var outcome = bundle.RunCommand().Prelude("ulimit -Sn 321; ulimit -Hn 654; ulimit -c 0").Run();
        outcome.ShouldSucceed();
        new Observation(outcome.Output).Limit("RLIMIT_NOFILE").Should().Be((321UL, 654UL));
    }

    [Rule("RLIM-02")]
    [With("RLIMIT_NO_SUCH")]
    [With("NOFILE")]
    [With("")]
    public static void An_unknown_type_is_refused(Bundle bundle, string type)
    {
        bundle.With("process.rlimits", new JsonArray(Limit(type, 10, 10))).Args("true").ShouldBeRefused();
    }

    [Rule("RLIM-02")]
    public static void A_soft_limit_above_the_hard_one_is_refused(Bundle bundle)
    {
        bundle.With("process.rlimits", new JsonArray(Limit("RLIMIT_NOFILE", 200, 100))).Args("true").ShouldBeRefused();
    }

    [Rule("RLIM-03")]
    public static void The_same_type_twice_is_refused(Bundle bundle)
    {
        bundle.With("process.rlimits", new JsonArray(Limit("RLIMIT_CORE", 1, 1), Limit("RLIMIT_CORE", 0, 0))).Args("true").ShouldBeRefused();
    }

    [Rule("RLIM-04", "JSN-04")]
    public static void The_greatest_number_means_unlimited(Bundle bundle)
    {
        bundle.With("process.rlimits", Json("""[{ "type": "RLIMIT_FSIZE", "soft": 18446744073709551615, "hard": 18446744073709551615 }]"""))
            .Prints("grep 'Max file size' /proc/self/limits").Should().MatchRegex(@"unlimited\s+unlimited");
    }

    [Rule("LSM-01")]
    public static void A_profile_without_apparmor_in_the_kernel_is_an_error(Bundle bundle)
    {
        Skip.Unless(!File.Exists("/sys/module/apparmor/parameters/enabled"), "needs a kernel without AppArmor");
        bundle.With("process.apparmorProfile", "some-profile").Args("true").ShouldFailToRun();
    }

    [Rule("LSM-02")]
    public static void A_label_without_selinux_in_the_kernel_is_an_error(Bundle bundle)
    {
        Skip.Unless(!Directory.Exists("/sys/fs/selinux/initial_contexts"), "needs a kernel without SELinux");
        bundle.With("process.selinuxLabel", "system_u:system_r:container_t:s0").Args("true").ShouldFailToRun();
    }

    [Rule("HOST-01")]
    public static void The_host_name_is_the_configured_one(Bundle bundle)
    {
        bundle.With("hostname", "a-name.of.its-own").Observe().Text("hostname").Should().Be("a-name.of.its-own");
    }

    [Rule("HOST-01")]
    public static void The_host_keeps_its_own_name(Bundle bundle)
    {
        var before = File.ReadAllText("/proc/sys/kernel/hostname");
        bundle.With("hostname", "something-else").Args("true").Run().ShouldSucceed();
        File.ReadAllText("/proc/sys/kernel/hostname").Should().Be(before);
    }

    [Rule("HOST-01")]
    public static void A_host_name_without_a_uts_namespace_is_refused(Bundle bundle)
    {
        var before = File.ReadAllText("/proc/sys/kernel/hostname");
        var outcome = bundle.WithoutNamespace("uts").With("hostname", before.Trim()).Args("true").CreateCommand().Run();
        File.ReadAllText("/proc/sys/kernel/hostname").Should().Be(before);
        outcome.Status.Should().NotBe(0);
    }

    [Rule("HOST-02", Since = "1.1.0")]
    public static void The_domain_name_is_the_configured_one(Bundle bundle)
    {
        bundle.With("domainname", "its.domain").Observe().Text("domainname").Should().Be("its.domain");
    }

    private static JsonObject Limit(string type, int soft, int hard) => new() { ["type"] = type, ["soft"] = soft, ["hard"] = hard };

    private static bool Held(int capability)
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapBnd:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["CapBnd:".Length..].Trim(), 16) >> capability & 1) == 1;
    }
}
