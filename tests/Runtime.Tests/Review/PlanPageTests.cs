using System.Text;
using System.Text.RegularExpressions;
using Hull.Oci;

namespace Hull.Runtime.Tests.Review;

/// <summary>The plan as a page, and the times that it shows.</summary>
public sealed class PlanPageTests
{
    private const string Trace =
        """
        {"traceEvents":[{"name":"process_name","ph":"M","pid":7,"args":{"name":"hull create"}},
        {"name":"a","cat":"host","ph":"X","ts":1,"dur":1500.5,"pid":7,"tid":1,"args":{"list":"host","step":0}},
        {"name":"b","cat":"container","ph":"X","ts":2,"dur":3000,"pid":8,"tid":1,"args":{"property":"mounts[0]","list":"container","step":1}},
        {"name":"c","cat":"host","ph":"X","ts":2,"dur":9,"pid":7,"tid":1,"args":{}}]}
        """;

    [Fact]
    public void Every_step_of_both_processes_is_on_the_page_once_and_every_meeting_between_them()
    {
        foreach (Plan plan in Laws.Example.Planned.Take(200).Select(example => example.Plan!))
        {
            string page = PlanPage.Write(plan, "/bundles/web", MeasuredTimes.None);
            int meetings = plan.Host.Count(step => step.Action is AwaitContainer or TellContainer);
            Regex.Count(page, "<li>").Should().Be(plan.HostBefore.Length + plan.Container.Length + plan.Host.Length - (2 * meetings));
            Regex.Count(page, "<div class=\"x\">").Should().Be(1 + meetings);
        }
    }

    [Fact]
    public void A_step_has_its_property_and_rule_and_who_waits_is_said() => PlanPage.Write(Example(), "/bundles/web", MeasuredTimes.None)
        .Should().Contain("host waits for the container process").And.Contain("container process waits for the host").And.Contain("mounts[0]").And.Contain("MNT-01");

    [Fact]
    public void It_needs_nothing_beside_it_and_what_the_bundle_says_is_no_markup()
    {
        string page = PlanPage.Write(Example("<script>alert(1)</script>"), "/b/<i>\"", MeasuredTimes.None);

        page.Should().NotContain("<script").And.NotContain("<i>\"").And.NotContain("http").And.NotContain("url(").And.Contain("&lt;script&gt;");
    }

    [Fact]
    public void The_times_of_a_trace_stand_at_their_steps()
    {
        MeasuredTimes times = MeasuredTimes.Parse("trace.json", Encoding.UTF8.GetBytes(Trace));

        times.Of("host", 0).Should().Be(1500.5);
        times.Of("container", 1).Should().Be(3000);
        times.Of("container", 0).Should().BeNull();
        times.Longest.Should().Be(3000);
        PlanPage.Write(Example(), "x", times).Should().Contain("1.501 ms").And.Contain("3.000 ms").And.Contain("width:100%");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{\"traceEvents\":[]}")]
    [InlineData("{\"list\":\"host\",\"step\":1.5}")]
    [InlineData("{\"list\":\"host\",\"step\":99999999999}")]
    public void What_is_no_trace_is_refused(string text) =>
        FluentActions.Invoking(() => MeasuredTimes.Parse("trace.json", Encoding.UTF8.GetBytes(text))).Should().Throw<RuntimeError>().WithMessage("*trace.json*");

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_callers_trace_has_the_form_of_the_recommendation(string? text, bool expected) => Hull.Runtime.Trace.IsParent(text).Should().Be(expected);

    private static Plan Example(string hostname = "box")
    {
        Config config = DefaultConfig.Create(cgroupNamespace: true);
        return CreatePlanner.Plan(
            new CreateRequest { Id = "web", Bundle = "/bundles/web", Config = config with { Hostname = hostname, Process = config.Process! with { Terminal = false } }, WaitForStart = true },
            Laws.Example.Planned.First(example => example.Facts is { InUserNamespace: false, Systemd: null }).Facts);
    }
}
