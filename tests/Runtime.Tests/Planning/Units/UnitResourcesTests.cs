using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Planning.Units;

public sealed class UnitResourcesTests
{
    [Fact]
    public void Limits_have_the_words_of_cgroup_v2()
    {
        Properties(new Resources
        {
            Memory = new MemoryResources { Limit = 64 << 20, Swap = 96 << 20, Reservation = 32 << 20 },
            Cpu = new CpuResources { Shares = 1024, Quota = 50000, Period = 100000, Cpus = "0-1,8", Mems = "0" },
            Pids = new PidsResources { Limit = 33 },
            BlockIo = new BlockIoResources { Weight = 500 },
        }).Should().Equal(
            "MemoryMax=67108864", "MemoryLow=33554432", "MemorySwapMax=33554432", "CPUWeight=100", "CPUQuotaPeriodUSec=100000",
            "CPUQuotaPerSecUSec=500000", "AllowedCPUs=[03 01]", "AllowedMemoryNodes=[01]", "TasksMax=33", "IOWeight=4950");
    }

    [Fact]
    public void Limits_have_the_words_of_cgroup_v1()
    {
        Properties(
            new Resources
            {
                Memory = new MemoryResources { Limit = 64 << 20, Swap = 96 << 20, Reservation = 32 << 20 },
                Cpu = new CpuResources { Shares = 1024, Quota = 50000, Cpus = "0" },
                Pids = new PidsResources { Limit = 33 },
                BlockIo = new BlockIoResources { Weight = 500 },
            }, isV2: false).Should().Equal("MemoryLimit=67108864", "CPUShares=1024", "CPUQuotaPerSecUSec=500000", "TasksMax=33", "BlockIOWeight=500");
    }

    [Theory]
    [InlineData(50000L, 100000ul, "500000")]
    [InlineData(1L, 1000000ul, "10000")]
    [InlineData(33333L, 100000ul, "340000")]
    [InlineData(50500L, 0ul, "510000")]
    [InlineData(250000L, 100000ul, "2500000")]
    [InlineData(-1L, 50000ul, "infinity")]
    [InlineData(0L, 50000ul, "infinity")]
    [InlineData(long.MaxValue, 1000ul, "18446744073709551614")]
    public void A_quota_is_rounded_up_to_a_percent_and_never_down(long quota, ulong period, string expected)
    {
        Properties(new Resources { Cpu = new CpuResources { Quota = quota, Period = period == 0 ? null : period } })
            .Should().Contain("CPUQuotaPerSecUSec=" + expected);
    }

    [Fact]
    public void Unlimited_is_infinity_and_absent_or_zero_says_nothing()
    {
        Properties(new Resources
        {
            Memory = new MemoryResources { Limit = -1, Swap = -1, Reservation = -1 }, Pids = new PidsResources { Limit = -1 },
        }).Should().Equal("MemoryMax=infinity", "MemoryLow=infinity", "MemorySwapMax=infinity", "TasksMax=infinity");
        Properties(new Resources
        {
            Memory = new MemoryResources { Limit = 0 }, Cpu = new CpuResources { Shares = 0, Quota = 0, Cpus = "" }, Pids = new PidsResources(),
            BlockIo = new BlockIoResources { Weight = 0 },
        }).Should().BeEmpty();
    }

    [Fact]
    public void No_task_at_all_is_one_for_systemd()
    {
        Properties(new Resources { Pids = new PidsResources { Limit = 0 } }).Should().Equal("TasksMax=1");
    }

    [Fact]
    public void An_old_systemd_is_told_only_what_it_knows()
    {
        var resources = new Resources { Cpu = new CpuResources { Quota = 50000, Period = 200000, Cpus = "0", Idle = 1 } };

        Properties(resources, version: 241).Should().Equal("CPUQuotaPerSecUSec=250000");
        Properties(resources, version: 251).Should().Equal("CPUQuotaPeriodUSec=200000", "CPUQuotaPerSecUSec=250000", "AllowedCPUs=[01]");
        Properties(resources, version: 252).Should().Contain("CPUWeight=0");
    }

    [Fact]
    public void What_unified_says_wins_and_what_systemd_has_no_word_for_is_left_to_the_files()
    {
        Properties(new Resources
        {
            Memory = new MemoryResources { Limit = 64 << 20 },
            Unified = new Map<string>(
            [
                new("memory.max", "32M"), new("memory.high", "max"), new("cpu.max", "max 50000"), new("pids.max", "0"), new("memory.oom.group", "1"),
                new("hugetlb.2MB.max", "0"), new("io.max", "8:0 rbps=1"), new("cpuset.cpus", "3"), new("memory.min", "rubbish"), new("cpu.weight", "7"),
            ]),
        }).Should().Equal(
            "MemoryMax=33554432", "MemoryHigh=infinity", "CPUQuotaPeriodUSec=50000", "CPUQuotaPerSecUSec=infinity", "TasksMax=1",
            "OOMPolicy=\"kill\"", "AllowedCPUs=[08]", "CPUWeight=7");
    }

    [Theory]
    [InlineData("0,63-65", "010000000000008003")]
    [InlineData(" 1 , 2 ", "06")]
    [InlineData("", "")]
    public void Lists_of_processors_become_bits(string list, string expected)
    {
        Convert.ToHexString(CpuMask.Parse(list, SpecPath.Root)).Should().Be(expected);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("0-99999999")]
    [InlineData("-1")]
    [InlineData("1-")]
    public void What_is_no_list_of_processors_is_refused(string list)
    {
        FluentActions.Invoking(() => CpuMask.Parse(list, SpecPath.Root)).Should().Throw<RuntimeError>();
    }

    [Fact]
    public void Allowed_devices_are_a_list_that_systemd_keeps()
    {
        Devices(new(false, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess), ResolvedDeviceRule.AllowCharacter(1, 3),
                ResolvedDeviceRule.AllowCharacter(136, null), new(true, BpfDeviceType.Block, null, null, BpfDeviceAccess.MakeNode))
            .Should().Equal("DevicePolicy=\"strict\"", "DeviceAllow=[(\"/dev/char/1:3\", \"rwm\"), (\"char-136\", \"rwm\"), (\"block-*\", \"m\")]");
    }

    [Fact]
    public void A_list_cannot_say_what_is_allowed_but_for_exceptions()
    {
        ResolvedDeviceRule all = new(true, BpfDeviceType.None, null, null, ResolvedDeviceRule.EveryAccess);
        ResolvedDeviceRule none = all with { Allow = false };
        ResolvedDeviceRule exception = new(false, BpfDeviceType.Character, 10, 229, BpfDeviceAccess.Write);

        Devices(all, exception).Should().BeEmpty();
        Devices(exception).Should().BeEmpty();
        Devices(none, ResolvedDeviceRule.AllowCharacter(10, null), exception).Should().BeEmpty();
        Devices(none, new(true, BpfDeviceType.Character, null, 5, ResolvedDeviceRule.EveryAccess)).Should().BeEmpty("a minor number of every major has no name");
        Devices(none, exception, ResolvedDeviceRule.AllowCharacter(1, 3)).Should().HaveCount(2, "what is forbidden already may be forbidden again");
        Devices(all, exception, none, ResolvedDeviceRule.AllowCharacter(1, 3)).Should().HaveCount(2, "the last word about everything counts");
    }

    private static string[] Devices(params ResolvedDeviceRule[] rules)
    {
        var properties = new UnitProperties();
        UnitDevices.Add(properties, [.. rules]);
        return [.. properties.All.Select(property => property.ToString())];
    }

    private static string[] Properties(Resources resources, bool isV2 = true, int version = 257)
    {
        var properties = new UnitProperties();
        new UnitResources(properties, isV2, version).Add(resources);
        return [.. properties.All.Select(property => property.ToString())];
    }
}
