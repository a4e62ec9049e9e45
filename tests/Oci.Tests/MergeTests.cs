namespace Hull.Oci.Tests;

public sealed class MergeTests
{
    private static readonly Resources Full = FullConfig.Parsed.Linux!.Resources!;

    [Fact]
    public void What_a_change_does_not_name_is_kept()
    {
        Full.Merge(null).Should().BeSameAs(Full);
        Full.Merge(new Resources()).Should().BeEquivalentTo(Full);
        Full.Merge(new Resources { Memory = new(), Cpu = new(), BlockIo = new(), Network = new(), Pids = new(), Devices = [], HugepageLimits = [] })
            .Should().BeEquivalentTo(Full);
    }

    [Fact]
    public void What_a_change_names_replaces_what_was_there() =>
        new Resources { Pids = new PidsResources { Limit = 7 }, Unified = new Map<string>(new KeyValuePair<string, string>("a", "old")) }
            .Merge(Full).Should().BeEquivalentTo(Full, options => options.Excluding(resources => resources.Unified))
            .And.Match<Resources>(merged => merged.Unified!["a"] == "" && merged.Unified["memory.high"] == "1");

    [Fact]
    public void A_zero_keeps_where_it_means_that_the_limit_is_not_set_and_is_a_limit_elsewhere()
    {
        Resources merged = Full.Merge(new Resources
        {
            Memory = new MemoryResources { Limit = 0, Swappiness = 0 },
            Cpu = new CpuResources { Shares = 0, Burst = 0, Idle = 0, Cpus = "" },
            BlockIo = new BlockIoResources { Weight = 0 },
            Network = new NetworkResources { ClassId = 0 },
            Pids = new PidsResources { Limit = 0 },
        })!;

        (merged.Memory!.Limit, merged.Memory.Swappiness).Should().Be((3, 0UL));
        (merged.Cpu!.Shares, merged.Cpu.Burst, merged.Cpu.Idle, merged.Cpu.Cpus).Should().Be((2UL, 0UL, 0L, "0"));
        (merged.BlockIo!.Weight, merged.Network!.ClassId, merged.Pids!.Limit).Should().Be(((ushort)10, 1U, 0L));
    }

    [Fact]
    public void An_item_of_a_list_replaces_the_one_of_the_same_key_and_a_rate_of_zero_takes_it_away()
    {
        Resources merged = Full.Merge(new Resources
        {
            BlockIo = new BlockIoResources
            {
                ThrottleReadBpsDevice = [new() { Major = 1, Minor = 2, Rate = 0 }, new() { Major = 1, Minor = 3, Rate = 5 }],
                WeightDevice = [new() { Major = 1, Minor = 2, Weight = 99 }],
            },
            HugepageLimits = [new() { PageSize = "1GB", Limit = 1 }],
        })!;

        merged.BlockIo!.ThrottleReadBpsDevice.Should().Equal(new BlockIoDeviceThrottle { Major = 1, Minor = 3, Rate = 5 });
        merged.BlockIo.WeightDevice.Should().Equal(new BlockIoDeviceWeight { Major = 1, Minor = 2, Weight = 99 });
        merged.HugepageLimits!.Select(limit => limit.PageSize).Should().Equal("2MB", "1GB");
    }
}
