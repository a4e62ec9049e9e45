using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Cgroups;

public sealed class CgroupPlanningTests
{
    [Fact]
    public void A_container_joins_every_hierarchy_of_a_hybrid_host()
    {
        CgroupSteps steps = Plan("/pod/c1", CgroupFixtures.Hybrid);

        steps.Cgroups.Select(cgroup => cgroup.Directory).Should().Equal(
            "/sys/fs/cgroup/cpu/pod/c1", "/sys/fs/cgroup/cpuacct/pod/c1", "/sys/fs/cgroup/cpuset/pod/c1", "/sys/fs/cgroup/memory/pod/c1",
            "/sys/fs/cgroup/devices/pod/c1", "/sys/fs/cgroup/freezer/pod/c1", "/sys/fs/cgroup/blkio/pod/c1", "/sys/fs/cgroup/pids/pod/c1",
            "/sys/fs/cgroup/systemd/pod/c1", "/sys/fs/cgroup/unified/pod/c1");
        steps.Enter.Should().ContainSingle().Which.Action.Should().BeOfType<EnterCgroups>()
            .Which.Directories.Should().Equal(steps.Cgroups.Select(cgroup => cgroup.Directory));
        steps.Make.Select(step => step.Action).OfType<MakeCgroup>().Should().HaveCount(10).And.OnlyContain(make => make.Controllers.IsEmpty && !make.Optional);
    }

    [Fact]
    public void A_new_cpuset_cgroup_inherits_before_anything_is_written()
    {
        CgroupSteps steps = Plan("/c1", CgroupFixtures.Hybrid, new Resources { Cpu = new CpuResources { Cpus = "0" } });

        List<HostAction> actions = [.. steps.Make.Select(step => step.Action)];
        int made = actions.IndexOf(new MakeCgroup("/sys/fs/cgroup/cpuset", "/c1", []));
        int inherited = actions.IndexOf(new InheritCpuset("/sys/fs/cgroup/cpuset", "/c1"));
        int written = actions.IndexOf(new WriteCgroupFile("/sys/fs/cgroup/cpuset/c1", "cpuset.cpus", "0"));
        made.Should().BeGreaterThanOrEqualTo(0);
        inherited.Should().BeGreaterThan(made);
        written.Should().BeGreaterThan(inherited);
    }

    [Fact]
    public void Without_a_path_v1_puts_the_container_below_our_own_cgroups()
    {
        CgroupSteps steps = Plan(null, CgroupFixtures.V1);

        steps.Cgroups.Select(cgroup => cgroup.Path).Should().Equal(
            "/user.slice/user-1000.slice/session-1.scope/c1", "/user.slice/c1", "/user.slice/user-1000.slice/c1", "/c1");
    }

    [Theory]
    [InlineData(null, "/user.slice/user-1000.slice/c1")]
    [InlineData("", "/user.slice/user-1000.slice/c1")]
    [InlineData("mine", "/user.slice/user-1000.slice/mine")]
    [InlineData("/mine//./x/", "/mine/x")]
    [InlineData("/", "/")]
    public void On_v2_relative_paths_start_beside_our_own_cgroup_which_holds_processes(string? path, string expected)
    {
        Plan(path, CgroupFixtures.V2).Cgroups.Should().ContainSingle().Which.Path.Should().Be(expected);
    }

    [Fact]
    public void On_v2_the_useful_controllers_are_handed_down()
    {
        Plan("/c1", CgroupFixtures.V2).Make.Should().ContainSingle().Which.Action.Should().BeOfType<MakeCgroup>()
            .Which.Controllers.Should().Equal("cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/a/../../etc")]
    [InlineData("a/..")]
    [InlineData("/a/\0b")]
    [InlineData(".")]
    public void A_path_that_could_lead_out_is_refused(string path)
    {
        FluentActions.Invoking(() => Plan(path, CgroupFixtures.Hybrid)).Should().Throw<RuntimeError>()
            .Where(error => error.Property == "linux.cgroupsPath" && error.Message.Contains("CGP-03", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_step_names_the_property_that_asked_for_it()
    {
        var resources = new Resources { Memory = new MemoryResources { Limit = 1 }, Pids = new PidsResources { Limit = 1 }, Devices = [Deny] };

        foreach (HostFacts facts in new[] { CgroupFixtures.V1 with { UserId = 1 }, CgroupFixtures.Hybrid, CgroupFixtures.V2 })
        {
            Resources asked = facts.Cgroups.Layout == CgroupLayout.V1 ? resources with { Pids = null } : resources;
            foreach (HostStep step in Plan("/c1", facts, asked).Make)
            {
                step.Origin.Rule.Should().NotBeEmpty();
                step.Origin.Path.ToString().Should().StartWith(step.Action is WriteCgroupFile or AttachDeviceFilter ? "linux.resources." : "linux.cgroupsPath");
            }
        }
    }

    [Fact]
    public void A_user_without_limits_may_go_without_cgroups()
    {
        HostFacts user = CgroupFixtures.V2 with { UserId = 1000 };

        Plan("/c1", user).Make.Should().ContainSingle().Which.Action.Should().BeOfType<MakeCgroup>().Which.Optional.Should().BeTrue();
        Plan("/c1", user, new Resources { Pids = new PidsResources { Limit = 5 } }).Make[0].Action
            .Should().BeOfType<MakeCgroup>().Which.Optional.Should().BeFalse("a limit that is asked for must hold");
    }

    [Fact]
    public void Without_any_hierarchy_a_path_is_an_error_and_no_path_is_fine()
    {
        FluentActions.Invoking(() => Plan("/c1", CgroupFixtures.WithoutCgroups)).Should().Throw<RuntimeError>();
        Plan(null, CgroupFixtures.WithoutCgroups).Enter.Should().BeEmpty();
    }

    [Fact]
    public void A_limit_without_its_controller_is_an_error_that_names_both()
    {
        FluentActions.Invoking(() => Plan("/c1", CgroupFixtures.V1, new Resources { Pids = new PidsResources { Limit = 5 } }))
            .Should().Throw<RuntimeError>().WithMessage("linux.resources.pids.limit: *controller \"pids\"*");
    }

    [Fact]
    public void What_engines_send_without_meaning_it_is_accepted()
    {
        var resources = new Resources
        {
            Memory = new MemoryResources { Limit = 0, Reservation = 0, Swap = 0, Kernel = 0, DisableOomKiller = false },
            Cpu = new CpuResources { Shares = 0, Quota = 0, Period = 0, Cpus = "", Mems = "" },
            BlockIo = new BlockIoResources { Weight = 0, WeightDevice = [] },
            HugepageLimits = [],
            Network = new NetworkResources { ClassId = 0, Priorities = [] },
            Rdma = new Map<RdmaLimit>(),
            Unified = new Map<string>(),
        };

        Plan("/c1", CgroupFixtures.Hybrid, resources).Make.Should().NotContain(step => step.Action is WriteCgroupFile);
        Plan("/c1", CgroupFixtures.V2, resources).Make.Should().NotContain(step => step.Action is WriteCgroupFile);
    }

    [Fact]
    public void Where_the_caller_disables_cgroups_a_container_runs_and_every_limit_is_named_as_left_out()
    {
        HostFacts facts = CgroupFixtures.V2 with { Cgroups = CgroupFacts.None, CgroupsDisabled = true };
        var resources = new Resources
        {
            Devices = [Deny],
            Memory = new MemoryResources { Limit = 1, Swap = 0 },
            Pids = new PidsResources { Limit = 0 },
            Unified = new Map<string>([new("memory.high", "1")]),
        };

        CgroupSteps steps = Plan("/c1", facts, resources);

        steps.Make.Should().BeEmpty();
        steps.Enter.Should().BeEmpty();
        steps.Warnings.Should().ContainSingle().Which.Should().StartWith(
            "linux.resources.devices, linux.resources.memory.limit, linux.resources.pids.limit, linux.resources.unified: left out");
        Plan("/c1", facts, new Resources { Memory = new MemoryResources { Swap = 0 } }).Warnings.Should().BeEmpty();
    }

    internal static DeviceRule Deny => new() { Allow = false, Access = "rwm" };

    internal static CgroupSteps Plan(string? path, HostFacts facts, Resources? resources = null, bool terminal = false) =>
        CgroupPlanning.Plan("c1", path, resources, terminal, facts);

    internal static List<string> Writes(HostFacts facts, Resources resources, bool terminal = false) =>
        [.. Plan("/c1", facts, resources, terminal).Make.Select(step => step.Action).OfType<WriteCgroupFile>()
            .Select(write => $"{write.File}={write.Value}{(write.MayBeMissing ? "?" : "")}{(write.Otherwise is { } other ? $" or {other.File}={other.Value}" : "")}")];
}
