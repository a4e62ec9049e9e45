
namespace Hull.Runtime.Tests.Exec;

/// <summary>Lists of processors as masks, however many processors there are (AFF-04).</summary>
public sealed class AffinityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-3,7", "0 1 2 3 7")]
    [InlineData(" 5 , 1-2 ,", "1 2 5")]
    [InlineData("63,64", "63 64")]
    [InlineData("1023-1025", "1023 1024 1025")]
    [InlineData("8191", "8191")]
    [InlineData("", "")]
    [InlineData(",,", "")]
    public void A_list_is_a_mask_of_whole_words(string list, string processors)
    {
        byte[] mask = [.. AffinityPlanning.MaskOf(list)];

        (mask.Length % 8).Should().Be(0, "the kernel takes whole words");
        Enumerable.Range(0, mask.Length * 8).Where(processor => (mask[processor / 8] >> (processor % 8) & 1) == 1)
            .Should().Equal(processors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void No_list_is_no_mask()
    {
        AffinityPlanning.MaskOf(null).Should().BeEmpty();
    }
}
