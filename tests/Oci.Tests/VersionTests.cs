using System.Text;

namespace Hull.Oci.Tests;

/// <summary>What a document means by its version alone.</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData("0.9.0", -1)]
    [InlineData("1.0.2", -1)]
    [InlineData("1.0.2-dev", -1)]
    [InlineData("1.2.99999999999", -1)]
    [InlineData("1.3.0-rc.1", 0)]
    [InlineData("1.3.0", 0)]
    [InlineData("1.30.0", 0)]
    [InlineData("1.99999999999.0", 0)]
    public void A_limit_of_no_processes_is_one_since_version_1_3(string version, long limit)
    {
        Config config = Parse(version, 0);

        config.Linux!.Resources!.OfVersion(config.OciVersion).Pids!.Limit.Should().Be(limit);
        Validator.Validate(config, out var warnings).Should().BeEmpty();
        warnings.Select(warning => $"{warning.Rule.Id} {warning.Path} {warning.Text.Contains(version, StringComparison.Ordinal)}").Should()
            .BeEquivalentTo(limit == 0 ? (string[])[] : ["PID-02 linux.resources.pids.limit True"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void Any_other_limit_means_the_same_in_every_version(long limit)
    {
        Config config = Parse("1.0.2", limit);

        config.Linux!.Resources!.OfVersion(config.OciVersion).Should().BeSameAs(config.Linux.Resources);
        Validator.Validate(config, out var warnings).Should().BeEmpty();
        warnings.Should().BeEmpty();
    }

    private static Config Parse(string version, long limit) => ConfigDocument.Parse(Encoding.UTF8.GetBytes(
        $$"""{ "ociVersion": "{{version}}", "root": { "path": "rootfs" }, "linux": { "resources": { "pids": { "limit": {{limit}} } } } }""")).Value!;
}
