using System.Text.Json;

namespace Hull.Runtime.Tests.Review;

/// <summary>The views of a plan: what changes, a dozen lines, the steps with those of cgroups folded.</summary>
public sealed class PlanViewTests
{
    private const string Data = """{"destination":"/data","source":"/srv/data","options":["bind","ro"]}""";
    private const string More = """{"destination":"/more","source":"/srv/more","options":["bind"]}""";

    [Fact]
    public void The_same_configuration_changes_nothing()
    {
        PlanDifference.Text(ReviewedContainer.Of().Plan, ReviewedContainer.Of().Plan).Should().Be("the containers are the same\n");
        PlanDifference.Json(ReviewedContainer.Of().Plan, ReviewedContainer.Of().Plan).Should().Be("[]\n");
    }

    [Fact]
    public void A_mount_that_only_moves_in_the_list_is_no_change_beside_the_one_that_is_new()
    {
        string text = PlanDifference.Text(ReviewedContainer.Of(mounts: Data).Plan, ReviewedContainer.Of(mounts: $"{More},{Data}").Plan);

        text.Should().Contain("container process\n  + bind /srv/more to /more").And.Contain("[mounts[0]]").And.NotContain("/srv/data to");
    }

    [Fact]
    public void What_is_no_longer_done_and_what_is_done_instead_stand_below_their_list()
    {
        ReviewedContainer old = ReviewedContainer.Of(root: """ "readonly": true """), current = ReviewedContainer.Of(root: """ "readonly": false """, mounts: Data);

        using JsonDocument changes = JsonDocument.Parse(PlanDifference.Json(old.Plan, current.Plan));
        changes.RootElement.EnumerateArray().Select(change => $"{change.GetProperty("list")}: {change.GetProperty("change")} {change.GetProperty("property")}")
            .Should().Contain("container process: removed root.readonly").And.Contain("container process: added mounts[0]");
    }

    [Fact]
    public void The_summary_says_who_runs_as_whom_with_what_of_the_host()
    {
        ReviewedContainer container = ReviewedContainer.Of(mounts: $"{Data},{More}");
        string[] lines = ContainerSummary.Text(container.Container, container.Plan).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.Should().BeInRange(10, 16, "a dozen lines");
        lines.Should().Contain("""program       /bin/web "a b" in /""")
            .And.Contain("user          1, group 1, user 100001 of the host")
            .And.Contain("privileges    no capabilities; no new ones by set-user-ID programs")
            .And.Contain("labels        AppArmor web")
            .And.Contain("root          /bundle/rootfs, read-only")
            .And.Contain("host's own    no namespace")
            .And.Contain("host's files  /srv/data on /data (ro), /srv/more on /more (rw)")
            .And.Contain("limits        memory.limit 67108864, pids.limit 100");
    }

    [Fact]
    public void A_limit_is_named_by_its_way_through_the_document()
    {
        var resources = new Hull.Oci.Resources
        {
            HugepageLimits = [new() { PageSize = "2MB", Limit = 1 }, new() { PageSize = "1GB", Limit = 2 }],
            Cpu = new() { Cpus = "0-1" },
            Unified = new Hull.Oci.Map<string>([new("memory.high", "5")]),
        };

        ContainerSummary.Limits(resources).Should().Equal(
            "cpu.cpus 0-1", "hugepageLimits[0].pageSize 2MB", "hugepageLimits[0].limit 1", "hugepageLimits[1].pageSize 1GB", "hugepageLimits[1].limit 2", "unified.memory.high 5");
    }

    [Fact]
    public void The_summary_for_programs_has_the_same_subjects_whole()
    {
        ReviewedContainer container = ReviewedContainer.Of(mounts: string.Join(',', Enumerable.Repeat(Data, 20)));

        using JsonDocument summary = JsonDocument.Parse(ContainerSummary.Json(container.Container, container.Plan));
        summary.RootElement.EnumerateObject().Select(member => member.Name).Should().Contain(["program", "user", "privileges", "filter", "root", "new", "limits"]);
        summary.RootElement.GetProperty("host's files").GetString().Should().NotContain("…").And.EndWith("(ro)");
        ContainerSummary.Text(container.Container, container.Plan).Should().Contain("…");
    }

    [Fact]
    public void Steps_about_cgroups_are_one_line_unless_they_are_asked_for_and_numbers_stay()
    {
        Plan plan = ReviewedContainer.Of().Plan;
        string[] whole = PlanPrinter.Print(plan).Split('\n'), folded = PlanPrinter.Print(plan, foldsCgroups: true).Split('\n');

        folded.Length.Should().BeLessThan(whole.Length - 10);
        folded.Should().Contain(line => line.EndsWith("steps, which --cgroups shows", StringComparison.Ordinal));
        folded.Where(line => !line.Contains("--cgroups", StringComparison.Ordinal)).Should().BeSubsetOf(whole, "a folded step takes no number from another");
    }
}
