namespace Hull.EndToEnd.Tests;

/// <summary>What is wrong with an update is said in one line, and changes nothing.</summary>
public sealed class UpdateBadInputTests : EndToEndTest
{
    private static readonly string[] Numbers =
    [
        "--blkio-weight", "--cpu-period", "--cpu-quota", "--cpu-burst", "--cpu-share", "--cpu-rt-period", "--cpu-rt-runtime", "--cpu-idle", "--pids-limit",
    ];

    private static readonly string[] Sizes = ["--memory", "--memory-reservation", "--memory-swap"];

    private static readonly string[] Lists = ["--cpuset-cpus", "--cpuset-mems"];

    private static readonly string[] Files = ["--resources", "-r"];

    private static readonly string[] Schemas = ["--l3-cache-schema", "--mem-bw-schema"];

    [Fact]
    public void A_value_that_is_no_value_of_its_option_is_refused_by_name()
    {
        var bundle = Sleeping();
        string[] notNumbers = ["", "x", "1.5", "0x10", "1e3", "99999999999999999999999", "-99999999999999999999999", " ", "5M5"];
        foreach (var option in Numbers)
        {
            Refused(bundle, option, notNumbers);
        }

        foreach (var option in Sizes)
        {
            Refused(bundle, option, ["", "x", "-5", "-5M", "5X", "99999999999999999999999", "M", "1e3", "9999999999999P"]);
        }

        foreach (var option in Lists)
        {
            Refused(bundle, option, ["", "x", "3-1", "1,,2,x", "-1"]);
        }

        foreach (var option in Files)
        {
            Refused(bundle, option, ["", "/nowhere", "/", "/dev/null"]);
        }

        foreach (var option in Schemas)
        {
            Refused(bundle, option, ["", "XX:0=f", "L3:0=f\nMB:0=1"]);
        }
    }

    [Theory]
    [InlineData("--cpu-period", "100")]
    [InlineData("--cpu-period", "2000000")]
    [InlineData("--cpu-period", "-1")]
    [InlineData("--cpu-quota", "10")]
    [InlineData("--cpu-burst", "-1")]
    [InlineData("--cpu-share", "1")]
    [InlineData("--cpu-share", "300000")]
    [InlineData("--cpu-share", "-5")]
    [InlineData("--cpu-idle", "2")]
    [InlineData("--cpu-idle", "-1")]
    [InlineData("--pids-limit", "-2")]
    [InlineData("--blkio-weight", "9")]
    [InlineData("--blkio-weight", "1001")]
    [InlineData("--blkio-weight", "70000")]
    [InlineData("--memory-swap", "10")]
    [InlineData("--cpu-rt-runtime", "-2")]
    [InlineData("--cpuset-cpus", "0-4095")]
    [InlineData("--cpuset-mems", "4095")]
    [InlineData("--mem-bw-schema", "MB:0=50")]
    [InlineData("--l3-cache-schema", "L3:0=f")]
    public void A_value_out_of_range_is_refused(string option, string value) => Refused(Sleeping(), option, [value]);

    [Fact]
    public void An_option_without_its_value_and_one_that_is_not_known_are_refused()
    {
        var bundle = Sleeping();
        foreach (var option in (string[])[.. Numbers, .. Sizes, .. Lists, .. Files, .. Schemas])
        {
            Refused(bundle, [bundle.Id, option], option, "flag needs an argument");
        }

        Refused(bundle, [bundle.Id, "--memroy", "5M"], "--memroy", "did you mean --memory");
        Refused(bundle, ["--memory", "5M"], "container-id");
        Refused(bundle, ["--memory", "5M", bundle.Id, "more"], "more");
        Refused(bundle, ["--memory", "5M", "no-such-container"], "does not exist");
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("{", "line 1")]
    [InlineData("[]", "object")]
    [InlineData("{\"memory\":5}", "memory")]
    [InlineData("{\"memory\":{\"limit\":\"5M\"}}", "memory.limit")]
    [InlineData("{\"cpu\":{\"period\":5,\"idle\":7},\"pids\":{\"limit\":-9}}", "3 faults", "cpu.period", "cpu.idle", "pids.limit")]
    [InlineData("{\"unified\":{\"../x\":\"1\"}}", "unified")]
    [InlineData("{\"memory\":{\"limit\":10},\"memory\":{\"limit\":20}}", "given twice")]
    [InlineData("{} {}", "")]
    public void A_document_is_checked_as_a_configuration_is(string document, params string[] expected)
    {
        Requires.Hull("runc reads less strictly");
        var bundle = Sleeping();

        var outcome = bundle.Runtime("update", "--resources", "-", bundle.Id).Input(document).Run();

        outcome.Status.Should().Be(1);
        outcome.Error.TrimEnd('\n').Should().NotContain("\n").And.ContainAll([.. expected, "standard input"]);
    }

    private Bundle Sleeping()
    {
        Requires.Hull("runc's texts are others");
        Requires.CgroupV1("memory");
        var bundle = NewBundle().Args("sleep", "1000").With("linux.resources.memory.limit", 67108864);
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        return bundle;
    }

    private static void Refused(Bundle bundle, string option, string[] values)
    {
        foreach (var value in values)
        {
            Refused(bundle, [option, value, bundle.Id]);
        }
    }

    private static void Refused(Bundle bundle, string[] arguments, params string[] expected)
    {
        var before = Everything(bundle);

        var outcome = bundle.Runtime(["update", .. arguments]).Run();

        outcome.Status.Should().Be(1, "{0} is wrong", string.Join(' ', arguments));
        outcome.Output.Should().BeEmpty();
        outcome.Error.TrimEnd('\n').Should().NotContain("\n").And.NotBeEmpty();
        foreach (var text in expected)
        {
            outcome.Error.Should().Contain(text);
        }

        outcome.Error.Should().NotContain("internal error").And.NotContain("Exception");
        Everything(bundle).Should().Equal(before, "{0} is refused", string.Join(' ', arguments));
    }

    private static string[] Everything(Bundle bundle) =>
    [
        Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", ""), Cgroups.Read("memory", bundle.CgroupPath, "memory.memsw.limit_in_bytes", ""),
        File.ReadAllText(Path.Combine(bundle.StateRoot, bundle.Id, "config.json")),
    ];
}
