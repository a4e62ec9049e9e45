using Hull.Oci;
using static Hull.Runtime.Tests.Cgroups.CgroupPlanningTests;

namespace Hull.Runtime.Tests.Cgroups;

public sealed class ResourcePlanningTests
{
    private static Resources Full => new()
    {
        Memory = new MemoryResources { Limit = 67108864, Reservation = 33554432, Swap = 100663296 },
        Cpu = new CpuResources { Shares = 512, Quota = 50000, Period = 100000, Burst = 1000, Cpus = "0-1", Mems = "0" },
        Pids = new PidsResources { Limit = 50 },
    };

    [Fact]
    public void V1_gets_memory_before_memory_with_swap_and_quota_before_burst()
    {
        Writes(CgroupFixtures.Hybrid, Full).Should().Equal(
            "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=100663296", "memory.soft_limit_in_bytes=33554432",
            "cpu.shares=512", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000", "cpu.cfs_burst_us=1000",
            "cpuset.cpus=0-1", "cpuset.mems=0", "pids.max=50");
    }

    [Fact]
    public void V2_gets_the_same_in_its_own_terms()
    {
        Writes(CgroupFixtures.V2, Full).Should().Equal(
            "memory.swap.max=33554432", "memory.max=67108864", "memory.low=33554432",
            "cpu.weight=59", "cpu.max=50000 100000", "cpu.max.burst=1000", "cpuset.cpus=0-1", "cpuset.mems=0", "pids.max=50");
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(100, 0, null)]
    [InlineData(-1, 0, "max")]
    [InlineData(100, -1, "max")]
    [InlineData(-1, -1, "max")]
    [InlineData(0, -1, "max")]
    [InlineData(-1, 500, "500")]
    [InlineData(100, 300, "200")]
    [InlineData(100, 100, "0")]
    public void Memory_with_swap_becomes_swap_alone(long limit, long swap, string? expected) =>
        CgroupV2Resources.SwapMaximum(limit, swap).Should().Be(expected);

    [Theory]
    [InlineData(0, 100)]
    [InlineData(200, 100)]
    public void Swap_that_contradicts_memory_is_refused_on_every_host(long limit, long swap)
    {
        var resources = new Resources { Memory = new MemoryResources { Limit = limit, Swap = swap } };

        FluentActions.Invoking(() => Writes(CgroupFixtures.Hybrid, resources)).Should().Throw<RuntimeError>().WithMessage("linux.resources.memory.swap: *");
        FluentActions.Invoking(() => Writes(CgroupFixtures.V2, resources)).Should().Throw<RuntimeError>().WithMessage("linux.resources.memory.swap: *");
    }

    [Fact]
    public void A_kernel_without_swap_accounting_may_lack_the_file_when_the_value_changes_nothing()
    {
        Writes(CgroupFixtures.V2, Memory(new() { Limit = 100, Swap = 100 })).Should().StartWith("memory.swap.max=0?");
        Writes(CgroupFixtures.V2, Memory(new() { Limit = 100, Swap = -1 })).Should().StartWith("memory.swap.max=max?");
        Writes(CgroupFixtures.V2, Memory(new() { Limit = 100, Swap = 300 })).Should().StartWith("memory.swap.max=200");
    }

    [Fact]
    public void Unlimited_is_minus_one_on_v1_and_max_on_v2()
    {
        var resources = new Resources { Memory = new MemoryResources { Limit = -1 }, Pids = new PidsResources { Limit = -1 } };

        Writes(CgroupFixtures.Hybrid, resources).Should().Equal("memory.limit_in_bytes=-1", "pids.max=max");
        Writes(CgroupFixtures.V2, resources).Should().Equal("memory.swap.max=max?", "memory.max=max", "pids.max=max");
    }

    [Fact]
    public void A_limit_of_no_processes_is_a_limit()
    {
        var resources = new Resources { Pids = new PidsResources { Limit = 0 } };

        Writes(CgroupFixtures.Hybrid, resources).Should().Equal("pids.max=0");
        Writes(CgroupFixtures.V2, resources).Should().Equal("pids.max=0");
    }

    [Theory]
    [InlineData(null, 0UL, null)]
    [InlineData(0L, 0UL, null)]
    [InlineData(50000L, null, "50000 100000")]
    [InlineData(50000L, 20000UL, "50000 20000")]
    [InlineData(null, 20000UL, "max 20000")]
    [InlineData(-1L, null, "max 100000")]
    [InlineData(-1L, 20000UL, "max 20000")]
    public void Quota_and_period_are_one_write_on_v2(long? quota, ulong? period, string? expected)
    {
        List<string> writes = Writes(CgroupFixtures.V2, Cpu(new() { Quota = quota, Period = period }));

        writes.Should().Equal(expected is null ? [] : [$"cpu.max={expected}"]);
    }

    [Fact]
    public void An_idle_cgroup_gets_no_shares()
    {
        Writes(CgroupFixtures.Hybrid, Cpu(new() { Shares = 1024, Idle = 1 })).Should().Equal("cpu.idle=1");
        Writes(CgroupFixtures.V2, Cpu(new() { Shares = 1024, Idle = 1 })).Should().Equal("cpu.idle=1");
        Writes(CgroupFixtures.V2, Cpu(new() { Shares = 1024, Idle = 0 })).Should().Equal(["cpu.idle=0?", "cpu.weight=100"], "leaving idleness sets the weight back");
        Validator.Validate(Cpu(new() { Idle = 2 }), out _).Should().ContainSingle("planning gets what is valid");
    }

    [Fact]
    public void Realtime_period_precedes_its_runtime()
    {
        Writes(CgroupFixtures.Hybrid, Cpu(new() { RealtimeRuntime = 5000, RealtimePeriod = 10000 }))
            .Should().Equal("cpu.rt_period_us=10000", "cpu.rt_runtime_us=5000");
    }

    public static TheoryData<string, object> V1Only => new()
    {
        { "memory.swappiness", Memory(new() { Swappiness = 0 }) },
        { "memory.disableOOMKiller", Memory(new() { DisableOomKiller = true }) },
        { "memory.kernelTCP", Memory(new() { KernelTcp = 1 }) },
        { "memory.useHierarchy", Memory(new() { UseHierarchy = false }) },
        { "cpu.realtimeRuntime", Cpu(new() { RealtimeRuntime = 1 }) },
        { "cpu.realtimePeriod", Cpu(new() { RealtimePeriod = 1 }) },
    };

    [Theory]
    [MemberData(nameof(V1Only))]
    public void What_only_v1_can_do_is_an_error_on_v2_and_a_write_on_v1(string property, object resources)
    {
        FluentActions.Invoking(() => Writes(CgroupFixtures.V2, (Resources)resources)).Should().Throw<RuntimeError>()
            .Where(error => error.Property == "linux.resources." + property);
        Writes(CgroupFixtures.Hybrid, (Resources)resources).Should().ContainSingle();
    }

    [Fact]
    public void Kernel_memory_is_ignored_with_a_warning()
    {
        CgroupSteps steps = Plan("/c1", CgroupFixtures.Hybrid, Memory(new() { Kernel = 1000 }));

        steps.Warnings.Should().ContainSingle().Which.Should().StartWith("linux.resources.memory.kernel: ");
        steps.Make.Should().NotContain(step => step.Action is Hull.Runtime.WriteCgroupFile);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(long.MinValue)]
    public void A_limit_below_minus_one_is_refused_before_planning(long value)
    {
        Validator.Validate(Memory(new() { Limit = value }), out _).Should().ContainSingle().Which.Path.ToString().Should().Be("memory.limit");
        Validator.Validate(new Resources { Pids = new PidsResources { Limit = value } }, out _).Should().ContainSingle().Which.Path.ToString().Should().Be("pids.limit");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(262145)]
    public void Shares_that_v1_would_silently_change_are_refused_there(ulong shares) =>
        FluentActions.Invoking(() => Writes(CgroupFixtures.Hybrid, Cpu(new() { Shares = shares }))).Should().Throw<RuntimeError>();

    private static Resources Memory(MemoryResources memory) => new() { Memory = memory };

    private static Resources Cpu(CpuResources cpu) => new() { Cpu = cpu };
}
