using Hull.Oci;

namespace Hull.Runtime.Tests.Host;

/// <summary>Which mappings an unprivileged caller can write without help (UMAP-04).</summary>
public sealed class IdMappingTests
{
    [Theory]
    [InlineData(1000, 1, true)]
    [InlineData(100000, 1, false)]
    [InlineData(1000, 2, false)]
    public void Only_a_mapping_of_ones_own_group_alone_gives_up_leaving_groups(uint host, uint size, bool own)
    {
        IdMappings.IsOwnAlone([new IdMapping { ContainerId = 0, HostId = host, Size = size }], 1000).Should().Be(own);
    }

    [Fact]
    public void Ones_own_group_among_others_is_not_alone()
    {
        IdMapping mine = new() { ContainerId = 0, HostId = 1000, Size = 1 }, other = new() { ContainerId = 1, HostId = 100000, Size = 65536 };

        IdMappings.IsOwnAlone([mine, other], 1000).Should().BeFalse();
    }
}
