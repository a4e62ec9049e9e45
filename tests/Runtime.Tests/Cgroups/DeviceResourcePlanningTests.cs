using Hull.Oci;
using static Hull.Runtime.Tests.Cgroups.CgroupPlanningTests;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Block devices, huge pages, networks, RDMA, and the files that a configuration names itself.</summary>
public sealed class DeviceResourcePlanningTests
{
    private static Resources Full => new()
    {
        BlockIo = new BlockIoResources
        {
            Weight = 500,
            WeightDevice = [new BlockIoDeviceWeight { Major = 8, Minor = 0, Weight = 600 }],
            ThrottleReadBpsDevice = [new BlockIoDeviceThrottle { Major = 8, Minor = 0, Rate = 1048576 }],
            ThrottleWriteBpsDevice = [new BlockIoDeviceThrottle { Major = 8, Minor = 0, Rate = 0 }],
            ThrottleReadIopsDevice = [new BlockIoDeviceThrottle { Major = 8, Minor = 16, Rate = 100 }],
            ThrottleWriteIopsDevice = [new BlockIoDeviceThrottle { Major = 8, Minor = 16, Rate = ulong.MaxValue }],
        },
        HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 4194304 }],
        Rdma = new Map<RdmaLimit>(
            KeyValuePair.Create("mlx5_1", new RdmaLimit { HcaHandles = 3, HcaObjects = 10000 }),
            KeyValuePair.Create("rxe3", new RdmaLimit { HcaObjects = 7 })),
    };

    [Fact]
    public void V1_writes_each_device_to_the_file_of_its_limit()
    {
        Resources resources = Full with
        {
            Network = new NetworkResources { ClassId = 1048577, Priorities = [new InterfacePriority { Name = "eth0", Priority = 500 }, new InterfacePriority { Name = "lo", Priority = 0 }] },
        };

        Writes(CgroupFixtures.HybridWithEverything, resources).Should().Equal(
            "blkio.bfq.weight=500 or blkio.weight=500",
            "blkio.bfq.weight_device=8:0 600 or blkio.weight_device=8:0 600",
            "blkio.throttle.read_bps_device=8:0 1048576", "blkio.throttle.write_bps_device=8:0 0",
            "blkio.throttle.read_iops_device=8:16 100", "blkio.throttle.write_iops_device=8:16 18446744073709551615",
            "hugetlb.2MB.limit_in_bytes=4194304", "hugetlb.2MB.rsvd.limit_in_bytes=4194304?",
            "net_cls.classid=1048577", "net_prio.ifpriomap=eth0 500", "net_prio.ifpriomap=lo 0",
            "rdma.max=mlx5_1 hca_handle=3 hca_object=10000", "rdma.max=rxe3 hca_handle=max hca_object=7");
    }

    [Fact]
    public void V2_writes_the_same_in_its_own_terms()
    {
        Writes(CgroupFixtures.V2, Full).Should().Equal(
            "io.bfq.weight=500 or io.weight=4950",
            "io.bfq.weight=8:0 600 or io.weight=8:0 5960",
            "io.max=8:0 rbps=1048576", "io.max=8:0 wbps=max", "io.max=8:16 riops=100", "io.max=8:16 wiops=18446744073709551615",
            "hugetlb.2MB.max=4194304", "hugetlb.2MB.rsvd.max=4194304?",
            "rdma.max=mlx5_1 hca_handle=3 hca_object=10000", "rdma.max=rxe3 hca_handle=max hca_object=7");
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 11)]
    [InlineData(100, 910)]
    [InlineData(500, 4950)]
    [InlineData(999, 9989)]
    [InlineData(1000, 10000)]
    public void The_weight_of_v2_is_on_a_straight_line(ushort weight, ulong expected) => CgroupV2Weight.OfBlockIo(weight).Should().Be(expected);

    [Theory]
    [InlineData("2MB", "2MB")]
    [InlineData("2048KB", "2MB")]
    [InlineData("1024MB", "1GB")]
    [InlineData("64KB", "64KB")]
    [InlineData("16GB", "16GB")]
    [InlineData("2048GB", "2048GB")]
    public void The_size_of_a_huge_page_is_spelled_as_the_kernel_does(string size, string expected) => CgroupResources.PageSize(size, SpecPath.Root).Should().Be(expected);

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("0MB")]
    [InlineData("2mb")]
    [InlineData("-2MB")]
    [InlineData("99999999999999999999MB")]
    [InlineData("../MB")]
    public void What_is_no_size_is_refused(string size) =>
        FluentActions.Invoking(() => CgroupResources.PageSize(size, SpecPath.Root.Property("pageSize"))).Should().Throw<RuntimeError>().WithMessage("*HUG-01*");

    public static TheoryData<string, string, Resources> Controllers => new()
    {
        { "linux.resources.blockIO.weight", "blkio", new Resources { BlockIo = new BlockIoResources { Weight = 10 } } },
        { "linux.resources.blockIO.leafWeight", "blkio", new Resources { BlockIo = new BlockIoResources { LeafWeight = 10 } } },
        { "linux.resources.blockIO.throttleReadIOPSDevice[0]", "blkio", new Resources { BlockIo = new BlockIoResources { ThrottleReadIopsDevice = [new BlockIoDeviceThrottle { Major = 1, Minor = 1, Rate = 1 }] } } },
        { "linux.resources.hugepageLimits[0]", "hugetlb", new Resources { HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 1 }] } },
        { "linux.resources.network.classID", "net_cls", new Resources { Network = new NetworkResources { ClassId = 1 } } },
        { "linux.resources.network.priorities[0]", "net_prio", new Resources { Network = new NetworkResources { Priorities = [new InterfacePriority { Name = "lo", Priority = 1 }] } } },
        { "linux.resources.rdma.mlx", "rdma", new Resources { Rdma = new Map<RdmaLimit>(KeyValuePair.Create("mlx", new RdmaLimit { HcaHandles = 1 })) } },
    };

    [Theory]
    [MemberData(nameof(Controllers))]
    public void A_v1_host_without_the_controller_is_an_error_that_names_both(string property, string controller, object resources) =>
        FluentActions.Invoking(() => Writes(CgroupFixtures.V1, (Resources)resources)).Should().Throw<RuntimeError>()
            .Where(error => error.Property == property && error.Message.Contains($"\"{controller}\"", StringComparison.Ordinal));

    public static TheoryData<string, string, Resources> V2Controllers => new()
    {
        { "linux.resources.memory.limit", "memory", new Resources { Memory = new MemoryResources { Limit = 1 << 20 } } },
        { "linux.resources.cpu.shares", "cpu", new Resources { Cpu = new CpuResources { Shares = 1024 } } },
        { "linux.resources.cpu.cpus", "cpuset", new Resources { Cpu = new CpuResources { Cpus = "0" } } },
        { "linux.resources.pids.limit", "pids", new Resources { Pids = new PidsResources { Limit = 1 } } },
        { "linux.resources.blockIO.weight", "io", new Resources { BlockIo = new BlockIoResources { Weight = 10 } } },
        { "linux.resources.hugepageLimits[0]", "hugetlb", new Resources { HugepageLimits = [new HugepageLimit { PageSize = "2MB", Limit = 1 }] } },
        { "linux.resources.unified[\"memory.high\"]", "memory", new Resources { Unified = Unified("memory.high", "1") } },
    };

    [Theory]
    [MemberData(nameof(V2Controllers))]
    public void A_v2_host_without_the_controller_is_an_error_that_names_both(string property, string controller, object resources)
    {
        HostFacts bare = CgroupFixtures.V2;
        bare = bare with { Cgroups = bare.Cgroups with { V2 = bare.Cgroups.V2! with { Controllers = [] } } };

        FluentActions.Invoking(() => Writes(bare, (Resources)resources)).Should().Throw<RuntimeError>()
            .Where(error => error.Property == property && error.Message.Contains($"\"{controller}\"", StringComparison.Ordinal));
    }

    public static TheoryData<string, Resources> V1Only => new()
    {
        { "linux.resources.blockIO.leafWeight", new Resources { BlockIo = new BlockIoResources { LeafWeight = 10 } } },
        { "linux.resources.blockIO.weightDevice[0].leafWeight", new Resources { BlockIo = new BlockIoResources { WeightDevice = [new BlockIoDeviceWeight { Major = 1, Minor = 1, LeafWeight = 10 }] } } },
        { "linux.resources.network.classID", new Resources { Network = new NetworkResources { ClassId = 1 } } },
        { "linux.resources.network.priorities", new Resources { Network = new NetworkResources { Priorities = [new InterfacePriority { Name = "lo", Priority = 1 }] } } },
    };

    [Theory]
    [MemberData(nameof(V1Only))]
    public void What_only_v1_can_do_is_an_error_on_v2_and_a_write_on_v1(string property, object resources)
    {
        FluentActions.Invoking(() => Writes(CgroupFixtures.V2, (Resources)resources)).Should().Throw<RuntimeError>()
            .Where(error => error.Property == property && error.Message.Contains("UNI-05", StringComparison.Ordinal));
        Writes(CgroupFixtures.HybridWithEverything, (Resources)resources).Should().ContainSingle();
    }

    [Fact]
    public void Unified_files_come_last_and_line_by_line()
    {
        var resources = new Resources
        {
            Unified = new Map<string>(
                KeyValuePair.Create("memory.high", "1000"), KeyValuePair.Create("io.max", "8:0 rbps=1\n\n8:16 wbps=2\n"),
                KeyValuePair.Create("cpuset.cpus", ""), KeyValuePair.Create("something.new", "x")),
            Memory = new MemoryResources { Limit = 2000 },
            Pids = new PidsResources { Limit = 9 },
        };

        Writes(CgroupFixtures.V2, resources).Should().Equal(
            "memory.max=2000", "pids.max=9", "memory.high=1000", "io.max=8:0 rbps=1", "io.max=8:16 wbps=2", "cpuset.cpus=\n", "something.new=x");
    }

    [Fact]
    public void Unified_files_bring_their_controllers()
    {
        Plan("/c1", CgroupFixtures.V2, new Resources { Unified = Unified("misc.max", "res_a 1") }).Make[0].Action
            .Should().BeOfType<MakeCgroup>().Which.Controllers.Should().EndWith("misc");
    }

    [Theory]
    [InlineData("../memory.max")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("cgroup.freeze")]
    [InlineData("cgroup.kill")]
    [InlineData("cgroup.procs")]
    public void A_unified_key_that_is_no_setting_of_the_cgroup_is_refused(string key) =>
        FluentActions.Invoking(() => Writes(CgroupFixtures.V2, new Resources { Unified = Unified(key, "1") })).Should().Throw<RuntimeError>().WithMessage("*UNI-01*");

    [Fact]
    public void Unified_files_are_an_error_where_the_controllers_are_those_of_v1()
    {
        var resources = new Resources { Unified = Unified("memory.high", "1") };

        FluentActions.Invoking(() => Writes(CgroupFixtures.V1, resources)).Should().Throw<RuntimeError>().Where(error => error.Property == "linux.resources.unified");
        FluentActions.Invoking(() => Writes(CgroupFixtures.Hybrid, resources)).Should().Throw<RuntimeError>().Where(error => error.Property == "linux.resources.unified");
    }

    private static Map<string> Unified(string file, string value) => new(KeyValuePair.Create(file, value));
}
