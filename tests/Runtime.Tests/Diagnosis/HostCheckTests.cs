using Hull.Linux;

namespace Hull.Runtime.Tests.Diagnosis;

/// <summary>Findings follow from what the host answered, whatever this host is.</summary>
public sealed class HostCheckTests
{
    private static readonly HostReport Good = new()
    {
        Host = new HostFacts
        {
            UserId = 0,
            GroupId = 0,
            Kernel = new KernelVersion(6, 18),
            LastCapability = 40,
            InUserNamespace = false,
            Capabilities = new CapabilitySet(ulong.MaxValue),
            OpenFilesSoft = 1024,
            OpenFilesHard = 4096,
            Cgroups = new CgroupFacts([], new CgroupHierarchy("/sys/fs/cgroup", [], "/")),
        },
        Calls = [.. KernelCalls.All.Select(call => (call, Errno.EINVAL))],
        Namespaces = [new NamespaceAnswer("user", true, 1000, Errno.None), new NamespaceAnswer("pid", true, null, Errno.None)],
        Cgroups = [new CgroupAnswer("/sys/fs/cgroup", "/", ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"], Errno.None)],
        Systemd = new SystemdFacts(257, "", false),
        SeccompActions = ["allow", "user_notif"],
        AppArmor = true,
        Selinux = true,
        Criu = "4.2",
        Resctrl = "/sys/fs/resctrl",
        State = new StateAnswer("/run/hull", "", 1UL << 30, 100000),
    };

    private static HostReport GoodForUser => Good with
    {
        Host = Good.Host with { UserId = 1000, Capabilities = default },
        User = "ann",
        IdHelpers = ["/usr/bin/newuidmap", "/usr/bin/newgidmap"],
        SubordinateIds = ["subuid 100000 65536", "subgid 100000 65536"],
    };

    [Fact]
    public void A_host_that_gives_everything_has_no_findings()
    {
        HostChecks.Of(Good).Should().BeEmpty();
        HostChecks.Of(GoodForUser).Should().BeEmpty();
    }

    [Theory]
    [InlineData("statx", true)]
    [InlineData("memfd_create", true)]
    [InlineData("clone3", false)]
    [InlineData("mount_setattr", false)]
    [InlineData("pidfd_getfd", false)]
    [InlineData("faccessat2", false)]
    public void A_missing_call_stops_containers_or_costs_what_needs_it(string call, bool stops)
    {
        HostFinding found = Only(Good with { Calls = [.. KernelCalls.All.Select(one => (one, one.Name == call ? Errno.ENOSYS : Errno.EINVAL))] });

        found.Subject.Should().Be("calls." + call);
        found.Weight.Should().Be(stops ? Weight.Fault : Weight.Note);
        found.Reason.Should().StartWith($"this kernel has no {call}: Linux ");
    }

    [Fact]
    public void A_call_that_a_filter_forbids_is_not_taken_for_missing()
    {
        HostReport report = Good with { Calls = [.. KernelCalls.All.Select(one => (one, one.Name == "clone3" ? Errno.EPERM : Errno.EINVAL))] };

        HostChecks.Of(report).Should().BeEmpty("without a filter a call may ask for a capability");
        Only(report with { IsFiltered = true }).Reason.Should().Contain("filter of system calls that hull runs under forbids clone3");
    }

    [Fact]
    public void Users_need_user_namespaces_and_root_does_not()
    {
        NamespaceAnswer[] refused = [new("user", true, 0, Errno.ENOSPC), new("pid", true, null, Errno.None)];

        Only(Good with { Namespaces = refused }).Weight.Should().Be(Weight.Note);
        HostFinding ofUser = Only(GoodForUser with { Namespaces = refused });
        ofUser.Weight.Should().Be(Weight.Fault);
        ofUser.Remedy.Should().Be("sysctl user.max_user_namespaces=1000");
    }

    [Fact]
    public void Debians_and_Ubuntus_switches_are_named()
    {
        NamespaceAnswer[] refused = [new("user", true, 100, Errno.EPERM)];

        Only(GoodForUser with { Namespaces = refused, UserNamespaceSettings = [("kernel.unprivileged_userns_clone", "0")] })
            .Remedy.Should().Be("sysctl kernel.unprivileged_userns_clone=1");
        Only(GoodForUser with { UserNamespaceSettings = [("kernel.apparmor_restrict_unprivileged_userns", "1")] })
            .Should().Match<HostFinding>(finding => finding.Subject == "namespaces.apparmor" && finding.Weight == Weight.Fault);
    }

    [Fact]
    public void A_cgroup_that_is_not_delegated_stops_root_and_costs_users_the_limits()
    {
        CgroupAnswer[] refused = [new("/sys/fs/cgroup", "/a", Good.Cgroups[0].Controllers, Errno.EACCES)];

        Only(Good with { Cgroups = refused }).Weight.Should().Be(Weight.Fault);
        Only(GoodForUser with { Cgroups = refused }).Weight.Should().Be(Weight.Warning);
    }

    [Fact]
    public void A_controller_that_is_missing_is_told_with_the_property_that_needs_it()
    {
        HostFinding found = Only(Good with { Cgroups = [Good.Cgroups[0] with { Controllers = ["cpuset", "cpu", "io", "hugetlb", "pids", "rdma"] }] });

        found.Subject.Should().Be("cgroups.memory");
        found.Cost.Should().Be("linux.resources.memory is refused");
    }

    [Fact]
    public void Users_without_subordinate_ids_are_told_how_to_get_them()
    {
        HostChecks.Of(GoodForUser with { SubordinateIds = [], IdHelpers = [] }).Select(finding => finding.Subject)
            .Should().Equal("ids.helpers", "ids.subuid", "ids.subgid");
        HostSurvey.SubordinateIds("subuid", "bob:1:2\nann:100000:65536\n1000:5:6", "ann", 1000).Should().Equal("subuid 100000 65536", "subuid 5 6");
    }

    [Fact]
    public void A_full_disk_and_limits_that_are_nearly_used_up_are_told()
    {
        Only(Good with { State = Good.State with { FreeBytes = 4096 } }).Weight.Should().Be(Weight.Fault);
        Only(Good with { Limits = [new LimitAnswer("kernel.pid_max", 95, 100), new LimitAnswer("fs.file-max", 5, 100)] }).Subject.Should().Be("limits.kernel.pid_max");
        HostLimits.Keys("    0:   122 121/121 38/1000000 720/25000000\n 1000:     3 3/3 199/200 8/20000", 1000).Should().Be(199);
    }

    [Fact]
    public void The_time_of_the_boot_is_read_from_the_kernels_statistics()
    {
        Leftovers.BootTime("cpu 1 2\nbtime 1700000000\nprocesses 3\n").Should().Be(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        Leftovers.BootTime("cpu 1 2\n").Should().BeNull();
    }

    private static HostFinding Only(HostReport report) => HostChecks.Of(report).Should().ContainSingle().Subject;
}
