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

    [Theory]
    [Rule("UMAP-03")]
    [InlineData("0 100000 65536", "0 100000 65536", true)]
    [InlineData("0 100000 65536", "0 100000 1000\n1000 101000 64536", true)]
    [InlineData("0 100000 65536", "1000 101000 64536\n         0     100000       1000\n", true)]
    [InlineData("0 100000 65536", "0 100000 1000\n1000 201000 64536", false)]
    [InlineData("0 100000 65536", "0 100000 1000\n1001 101001 64535", false)]
    [InlineData("0 100000 65536", "0 100000 65535", false)]
    [InlineData("0 100000 65536", "0 200000 65536", false)]
    [InlineData("0 0 4294967295", "0 0 4294967295", true)]
    [InlineData("0 0 4294967295", "", false)]
    public void Mappings_are_the_same_when_they_map_the_same_ids(string one, string other, bool same)
    {
        JoinedIdMappings.AreSame(JoinedIdMappings.Parse(one), JoinedIdMappings.Parse(other)).Should().Be(same);
        JoinedIdMappings.AreSame(JoinedIdMappings.Parse(other), JoinedIdMappings.Parse(one)).Should().Be(same);
    }

    [Fact]
    public void Ones_own_group_among_others_is_not_alone()
    {
        IdMapping mine = new() { ContainerId = 0, HostId = 1000, Size = 1 }, other = new() { ContainerId = 1, HostId = 100000, Size = 65536 };

        IdMappings.IsOwnAlone([mine, other], 1000).Should().BeFalse();
    }
}
