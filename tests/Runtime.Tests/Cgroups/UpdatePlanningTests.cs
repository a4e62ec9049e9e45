using Hull.Oci;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Updates of a container on three kinds of host, whose cgroups were recorded: the directories below Trees.</summary>
public sealed class UpdatePlanningTests
{
    // What the recorded cgroups were given.
    private static readonly Resources Kept = new()
    {
        Memory = new MemoryResources { Limit = 64 << 20, Swap = 96 << 20 },
        Cpu = new CpuResources { Quota = 50000, Burst = 1000, RealtimeRuntime = null },
        Devices = [CgroupPlanningTests.Deny],
    };

    private static readonly string[] Hosts = ["v1", "hybrid", "v2"];

    [Theory]
    [InlineData("v1")]
    [InlineData("hybrid")]
    public void V1_raises_memory_with_swap_first_when_memory_would_exceed_it(string host)
    {
        Writes(host, Memory(new() { Limit = 128 << 20, Swap = 256 << 20 })).Should().Equal("memory.memsw.limit_in_bytes=268435456", "memory.limit_in_bytes=134217728");
        Writes(host, Memory(new() { Limit = 80 << 20, Swap = 256 << 20 })).Should().Equal("memory.limit_in_bytes=83886080", "memory.memsw.limit_in_bytes=268435456");
        Writes(host, Memory(new() { Limit = 32 << 20, Swap = 48 << 20 })).Should().Equal("memory.limit_in_bytes=33554432", "memory.memsw.limit_in_bytes=50331648");
    }

    [Fact]
    public void Memory_without_limit_is_swap_without_limit()
    {
        Writes("hybrid", Memory(new() { Limit = -1 })).Should().Equal("memory.memsw.limit_in_bytes=-1?", "memory.limit_in_bytes=-1");
        Writes("v2", Memory(new() { Limit = -1 })).Should().Equal("memory.swap.max=max?", "memory.max=max");
        Plan("v2", Memory(new() { Limit = -1 })).Resources.Memory.Should().Be(new MemoryResources { Limit = -1, Swap = -1 });
    }

    [Fact]
    public void V2_counts_swap_alone_with_what_is_kept_of_the_other()
    {
        Writes("v2", Memory(new() { Limit = 32 << 20 })).Should().Equal(["memory.swap.max=67108864", "memory.max=33554432"], "96 MiB together stay 96 MiB together");
        Writes("v2", Memory(new() { Swap = 80 << 20 })).Should().Equal("memory.swap.max=16777216", "memory.max=67108864");
        Writes("v2", Memory(new() { Swap = -1 })).Should().Equal("memory.swap.max=max?");
        Writes("v2", Memory(new() { Reservation = 1 << 20 })).Should().Equal("memory.low=1048576");
    }

    [Fact]
    public void A_change_that_contradicts_what_is_kept_is_refused_on_every_host()
    {
        foreach (string host in Hosts)
        {
            FluentActions.Invoking(() => Writes(host, Memory(new() { Limit = 128 << 20 }))).Should().Throw<RuntimeError>()
                .WithMessage("linux.resources.memory.swap: *cannot be less than memory.limit*");
            FluentActions.Invoking(() => Writes(host, Cpu(new() { Quota = 500 + 499 }))).Should().Throw<RuntimeError>().WithMessage("linux.resources.cpu.burst: *change both*");
        }
    }

    [Fact]
    public void On_v2_half_of_quota_and_period_keeps_the_other_half()
    {
        Writes("v2", Cpu(new() { Period = 200000 })).Should().Equal("cpu.max=50000 200000");
        Writes("v2", Cpu(new() { Quota = 20000 })).Should().Equal("cpu.max=20000 100000");
        Writes("v2", Cpu(new() { Quota = -1 })).Should().Equal("cpu.max=max 100000");
        Writes("v2", Cpu(new() { Period = 200000 }), Kept with { Cpu = null }).Should().Equal("cpu.max=max 200000");
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("hybrid")]
    public void On_v1_the_share_of_time_is_at_no_moment_larger_than_before_and_after(string host)
    {
        Writes(host, Cpu(new() { Period = 50000, Quota = 25000 })).Should().Equal("cpu.cfs_quota_us=25000", "cpu.cfs_period_us=50000");
        Writes(host, Cpu(new() { Period = 200000, Quota = 100000 })).Should().Equal("cpu.cfs_period_us=200000", "cpu.cfs_quota_us=100000");
        Writes(host, Cpu(new() { Period = 50000 })).Should().Equal("cpu.cfs_period_us=50000");
        Writes(host, Cpu(new() { Quota = -1 })).Should().Equal("cpu.cfs_quota_us=-1");
        Writes(host, Cpu(new() { RealtimePeriod = 500000, RealtimeRuntime = 4000 })).Should().Equal("cpu.rt_runtime_us=4000", "cpu.rt_period_us=500000");
        Writes(host, Cpu(new() { RealtimePeriod = 2000000, RealtimeRuntime = 4000 })).Should().Equal("cpu.rt_period_us=2000000", "cpu.rt_runtime_us=4000");
    }

    [Fact]
    public void A_burst_is_at_no_moment_more_than_the_quota()
    {
        Writes("hybrid", Cpu(new() { Quota = 60000, Burst = 60000 })).Should().Equal("cpu.cfs_quota_us=60000", "cpu.cfs_burst_us=60000");
        Writes("hybrid", Cpu(new() { Quota = 5000, Burst = 500 })).Should().Equal("cpu.cfs_burst_us=500", "cpu.cfs_quota_us=5000");
        Writes("hybrid", Cpu(new() { Burst = 0 })).Should().Equal("cpu.cfs_burst_us=0?");
        Writes("v2", Cpu(new() { Quota = 60000, Burst = 60000 })).Should().Equal("cpu.max=60000 100000", "cpu.max.burst=60000");
        Writes("v2", Cpu(new() { Quota = 5000, Burst = 500 })).Should().Equal("cpu.max.burst=500", "cpu.max=5000 100000");
        Writes("v2", Cpu(new() { Burst = 0 })).Should().Equal("cpu.max.burst=0?");
    }

    [Fact]
    public void Idleness_takes_the_shares_away_and_gives_them_back()
    {
        Resources idle = Kept with { Cpu = new CpuResources { Shares = 512, Idle = 1 } };

        Writes("hybrid", Cpu(new() { Idle = 1, Shares = 512 })).Should().Equal("cpu.idle=1");
        Writes("hybrid", Cpu(new() { Shares = 256 }), idle).Should().BeEmpty("an idle cgroup has none; they are kept for later");
        Writes("hybrid", Cpu(new() { Idle = 0 }), idle).Should().Equal("cpu.idle=0?", "cpu.shares=512");
        Writes("v2", Cpu(new() { Idle = 0 }), idle).Should().Equal("cpu.idle=0?", "cpu.weight=59");
        Plan("hybrid", Cpu(new() { Shares = 256 }), idle).Resources.Cpu.Should().Be(new CpuResources { Shares = 256, Idle = 1 });
    }

    [Fact]
    public void Documents_of_zeros_change_nothing()
    {
        var zeros = new Resources
        {
            Memory = new MemoryResources { Limit = 0, Reservation = 0, Swap = 0, Kernel = 0, DisableOomKiller = false },
            Cpu = new CpuResources { Shares = 0, Quota = 0, Period = 0, Cpus = "", Mems = "", RealtimeRuntime = 0, RealtimePeriod = 0 },
            BlockIo = new BlockIoResources { Weight = 0, LeafWeight = 0 },
            Devices = [],
            Network = new NetworkResources { ClassId = 0 },
        };
        foreach (string host in Hosts)
        {
            UpdatePlan plan = Plan(host, zeros);

            plan.Steps.Should().BeEmpty();
            plan.Resources.Memory.Should().Be(Kept.Memory! with { DisableOomKiller = false });
            plan.Resources.Cpu.Should().Be(Kept.Cpu);
        }
    }

    [Theory]
    [InlineData("containerd-update-resources.json")]
    [InlineData("docker-update-resources.json")]
    [InlineData("podman-update-resources.json")]
    public void The_update_of_an_engine_is_planned_on_every_host_and_revokes_no_device(string file)
    {
        Resources change = ResourcesDocument.Parse(File.ReadAllBytes(SharedData.File("engine-configs", file))).Value!;
        foreach (string host in Hosts)
        {
            Resources onlyWhatV1Has = host == "v1" ? change with { Pids = null } : change;
            UpdatePlan plan = Plan(host, onlyWhatV1Has);

            plan.Steps.Should().NotBeEmpty().And.OnlyContain(step => step.Action is WriteCgroupFile && !((WriteCgroupFile)step.Action).File.StartsWith("devices."));
            plan.Resources.Memory!.Limit.Should().Be(change.Memory!.Limit);
        }
    }

    [Fact]
    public void A_new_list_of_device_rules_is_one_change()
    {
        Resources change = new() { Devices = [CgroupPlanningTests.Deny, new DeviceRule { Allow = true, Type = DeviceRuleType.Character, Major = 10, Minor = 229, Access = "rw" }] };

        Writes("hybrid", change).Should().Equal("devices.allow=c 10:229 rw");
        Plan("v2", change).Steps.Should().ContainSingle().Which.Action.Should().BeOfType<AttachDeviceFilter>();
        Plan("v2", change).Resources.Devices.Should().HaveCount(2);
    }

    [Fact]
    public void Lists_about_single_devices_are_merged_by_device()
    {
        static BlockIoDeviceThrottle Rate(long minor, ulong rate) => new() { Major = 8, Minor = minor, Rate = rate };
        Resources kept = Kept with { BlockIo = new BlockIoResources { Weight = 100, ThrottleReadBpsDevice = [Rate(0, 5), Rate(16, 6)] } };
        Resources change = new() { BlockIo = new BlockIoResources { ThrottleReadBpsDevice = [Rate(16, 0), Rate(0, 7), Rate(32, 8), Rate(32, 9)] } };

        UpdatePlan plan = Plan("hybrid", change, kept);

        plan.Resources.BlockIo!.ThrottleReadBpsDevice.Should().Equal(Rate(0, 7), Rate(32, 9));
        plan.Resources.BlockIo.Weight.Should().Be(100);
        Writes("hybrid", change, kept).Should().Equal(
            "blkio.throttle.read_bps_device=8:16 0", "blkio.throttle.read_bps_device=8:0 7", "blkio.throttle.read_bps_device=8:32 8", "blkio.throttle.read_bps_device=8:32 9");
    }

    [Fact]
    public void Unified_files_are_merged_by_name_and_huge_pages_by_size()
    {
        Resources kept = new()
        {
            Unified = new Map<string>(KeyValuePair.Create("memory.high", "1"), KeyValuePair.Create("pids.max", "2")),
            HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 1 }],
        };
        Resources change = new()
        {
            Unified = new Map<string>(KeyValuePair.Create("pids.max", "3"), KeyValuePair.Create("misc.max", "a 4")),
            HugepageLimits = [new HugepageLimit { PageSize = "1GB", Limit = 5 }, new HugepageLimit { PageSize = "2MB", Limit = 6 }],
        };

        UpdatePlan plan = Plan("v2", change, kept);

        plan.Resources.Unified.Should().Equal(KeyValuePair.Create("memory.high", "1"), KeyValuePair.Create("pids.max", "3"), KeyValuePair.Create("misc.max", "a 4"));
        plan.Resources.HugepageLimits.Should().Equal(new HugepageLimit { PageSize = "2MB", Limit = 6 }, new HugepageLimit { PageSize = "1GB", Limit = 5 });
    }

    [Fact]
    public void A_limit_below_what_is_used_is_checked_where_the_kernel_would_kill()
    {
        Resources careful = Kept with { Memory = Kept.Memory! with { CheckBeforeUpdate = true } };

        Plan("v2", Memory(new() { Limit = 1 << 20 }), careful).Steps[0].Action.Should().Be(new CheckMemoryUsage("/sys/fs/cgroup/c1", 1 << 20, 0));
        Plan("v2", Memory(new() { Limit = 1 << 20, CheckBeforeUpdate = true })).Steps[0].Action.Should().BeOfType<CheckMemoryUsage>();
        Plan("v2", Memory(new() { Limit = 1 << 20 })).Steps.Should().NotContain(step => step.Action is CheckMemoryUsage);
        Plan("hybrid", Memory(new() { Limit = 1 << 20 }), careful).Steps.Should().NotContain(step => step.Action is CheckMemoryUsage);
    }

    [Fact]
    public void A_container_without_cgroups_cannot_be_limited()
    {
        HostFacts facts = CgroupFixtures.Hybrid;

        FluentActions.Invoking(() => UpdatePlanner.Plan(new UpdateRequest(Kept, Memory(new() { Limit = 1 }), false, [], CgroupState.New), facts)).Should().Throw<RuntimeError>();
    }

    /// <summary>The law: what is written is what a container created with the result gets, for the files that the change is about.</summary>
    [Fact]
    public void An_update_ends_where_a_new_container_would_begin()
    {
        Resources[] changes =
        [
            Memory(new() { Limit = 48 << 20 }), Memory(new() { Limit = 48 << 20, Swap = 64 << 20 }), Memory(new() { Limit = -1 }), Memory(new() { Swap = -1 }),
            Memory(new() { Reservation = 1 << 20 }), Cpu(new() { Quota = 20000 }), Cpu(new() { Period = 20000 }), Cpu(new() { Quota = -1, Burst = 0 }),
            Cpu(new() { Shares = 100 }), Cpu(new() { Idle = 0, Shares = 7 }), Cpu(new() { Idle = 1 }), Cpu(new() { Cpus = "0", Mems = "0" }),
            new() { Pids = new PidsResources { Limit = 3 } }, new() { BlockIo = new BlockIoResources { Weight = 77 } },
        ];
        foreach (string host in new[] { "hybrid", "v2" })
        {
            foreach (Resources change in changes)
            {
                UpdatePlan plan = Plan(host, change);

                List<string> created = CgroupPlanningTests.Writes(FactsOf(host), plan.Resources with { Devices = null });
                Writes(plan).Should().NotBeEmpty().And.BeSubsetOf(created);
            }
        }
    }

    private static Resources Memory(MemoryResources memory) => new() { Memory = memory };

    private static Resources Cpu(CpuResources cpu) => new() { Cpu = cpu };

    private static List<string> Writes(string host, Resources change, Resources? kept = null) => Writes(Plan(host, change, kept));

    private static List<string> Writes(UpdatePlan plan) =>
        [.. plan.Steps.Select(step => step.Action).OfType<WriteCgroupFile>()
            .Select(write => $"{write.File}={write.Value}{(write.MayBeMissing ? "?" : "")}{(write.Otherwise is { } other ? $" or {other.File}={other.Value}" : "")}")];

    private static HostFacts FactsOf(string host) => host switch { "v1" => CgroupFixtures.V1, "hybrid" => CgroupFixtures.Hybrid, _ => CgroupFixtures.V2 };

    private static UpdatePlan Plan(string host, Resources change, Resources? kept = null)
    {
        HostFacts facts = FactsOf(host);
        IEnumerable<CgroupHierarchy> hierarchies = facts.Cgroups.V2 is { } v2 ? facts.Cgroups.V1.Add(v2) : facts.Cgroups.V1;
        string tree = SourceTree.Place("tests", "Runtime.Tests", "Cgroups", "Trees", host);
        var state = new CgroupState(path => Read(tree + path["/sys/fs/cgroup".Length..].Replace(',', '_')));
        return UpdatePlanner.Plan(new UpdateRequest(kept ?? Kept, change, false, [.. hierarchies.Select(one => new ContainerCgroup(one, "/c1"))], state), facts);
    }

    private static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
