
namespace Hull.Runtime.Tests.Exec;

/// <summary>Where <c>--cgroup</c> leads: always below the container's own cgroup.</summary>
public sealed class ExecCgroupsTests
{
    private static readonly CgroupFacts Host = new(
        [new CgroupHierarchy("/cg/cpu", ["cpu", "cpuacct"], "/"), new CgroupHierarchy("/cg/memory", ["memory"], "/"), new CgroupHierarchy("/cg/mem", ["pids"], "/")],
        new CgroupHierarchy("/cg/unified", [], "/"));

    private static readonly ExecCgroups Own = new(["/cg/cpu/c", "/cg/memory/c", "/cg/mem/c"], "/cg/unified/c");

    [Fact]
    public void Without_a_choice_they_are_the_containers()
    {
        Own.Choose([], () => throw new InvalidOperationException("nobody asks")).Should().BeSameAs(Own);
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("/sub")]
    [InlineData("./sub/")]
    [InlineData("//sub//.")]
    public void A_path_counts_in_every_hierarchy(string path)
    {
        ExecCgroups chosen = Own.Choose([path], () => throw new InvalidOperationException("nobody asks"));

        chosen.V1.Should().Equal("/cg/cpu/c/sub", "/cg/memory/c/sub", "/cg/mem/c/sub");
        chosen.V2.Should().Be("/cg/unified/c/sub");
        chosen.Chosen.Should().BeTrue();
    }

    [Fact]
    public void A_controller_chooses_its_hierarchy_alone()
    {
        ExecCgroups chosen = Own.Choose(["memory:sub/deep", "pids:/"], () => Host);

        chosen.V1.Should().Equal("/cg/cpu/c", "/cg/memory/c/sub/deep", "/cg/mem/c");
        chosen.V2.Should().Be("/cg/unified/c");
    }

    [Fact]
    public void Two_controllers_of_one_hierarchy_may_be_named_together()
    {
        Own.Choose(["cpu,cpuacct:sub"], () => Host).V1[0].Should().Be("/cg/cpu/c/sub");
    }

    [Theory]
    [InlineData("is not a sub cgroup path", "..")]
    [InlineData("is not a sub cgroup path", "a/../../b")]
    [InlineData("is not a sub cgroup path", "memory:../x")]
    [InlineData("unknown controller \"rdma\"", "rdma:x")]
    [InlineData("unknown controller \"\"", "memory,:x")]
    [InlineData("given twice", "memory:x", "memory:x")]
    [InlineData("one hierarchy", "cpu:x", "cpuacct:y")]
    [InlineData("CONTROLLER:", "memory:x", "y")]
    [InlineData("CONTROLLER:", "y", "memory:x")]
    [InlineData("empty", "memory:")]
    public void Anything_else_is_refused(string reason, params string[] choices)
    {
        Own.Invoking(own => own.Choose(choices, () => Host)).Should().Throw<RuntimeError>().WithMessage($"--cgroup*{reason}*");
    }

    [Fact]
    public void On_version_2_there_are_no_controllers_to_choose()
    {
        var own = new ExecCgroups([], "/cg/c");

        own.Choose(["sub"], () => Host).V2.Should().Be("/cg/c/sub");
        own.Invoking(one => one.Choose(["memory:sub"], () => new CgroupFacts([], new CgroupHierarchy("/cg", ["memory"], "/"))))
            .Should().Throw<RuntimeError>().WithMessage("*cgroup v2*");
    }
}
