
namespace Hull.Runtime.Tests.Cgroups;

public sealed class CgroupV2WeightTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 4)]
    [InlineData(20, 6)]
    [InlineData(51, 11)]
    [InlineData(100, 17)]
    [InlineData(102, 17)]
    [InlineData(256, 35)]
    [InlineData(512, 59)]
    [InlineData(1000, 99)]
    [InlineData(1024, 100)]
    [InlineData(2048, 174)]
    [InlineData(4096, 303)]
    [InlineData(8192, 532)]
    [InlineData(10240, 639)]
    [InlineData(65536, 3023)]
    [InlineData(262143, 10000)]
    [InlineData(262144, 10000)]
    [InlineData(ulong.MaxValue, 10000)]
    [InlineData(1, 1)]
    public void Shares_become_the_weight_that_every_runtime_gives(ulong shares, ulong weight) => CgroupV2Weight.OfShares((long)shares).Should().Be(weight);

    [Fact]
    public void More_shares_never_weigh_less_and_all_weights_are_valid()
    {
        ulong last = 1;
        for (ulong shares = 2; shares <= 262144; shares += 7)
        {
            ulong weight = CgroupV2Weight.OfShares((long)shares);
            weight.Should().BeInRange(last, 10000);
            last = weight;
        }
    }
}
