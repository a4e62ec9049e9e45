using Hull.Linux;

namespace Hull.Runtime.Tests.Lifecycle;

public sealed class CleaningUpTests
{
    [Fact]
    [Rule("ERR-01")]
    public void A_part_that_cannot_be_taken_back_keeps_no_other_from_being_tried()
    {
        List<string> tried = [];
        var cleaning = new CleaningUp();

        cleaning.Try(() => throw new KernelException("kill 7", Errno.EPERM)).Should().BeFalse();
        cleaning.Try(() => tried.Add("cgroups")).Should().BeTrue();
        cleaning.Try(() => throw new RuntimeError("removing the cgroup /x", Errno.EBUSY)).Should().BeFalse();
        cleaning.Try(() => tried.Add("state")).Should().BeTrue();

        tried.Should().Equal("cgroups", "state");
        cleaning.IsComplete.Should().BeFalse();
    }

    [Fact]
    public void The_failure_comes_first_and_every_reason_stands_once_behind_it()
    {
        var cleaning = new CleaningUp();
        cleaning.Try(() => throw new KernelException("kill 7", Errno.EPERM));
        cleaning.Try(() => throw new KernelException("rmdir /x", Errno.EBUSY));

        FluentActions.Invoking(() => cleaning.ThrowAfter(new RuntimeError("the program is missing"), "try again")).Should().Throw<RuntimeError>()
            .Where(error => error.Message.StartsWith("the program is missing; and cleaning up failed: kill 7: ", StringComparison.Ordinal)
                && error.Message.Contains("; rmdir /x: ", StringComparison.Ordinal) && error.Hint == "try again");
    }

    [Fact]
    public void Where_all_is_taken_back_nothing_is_told()
    {
        var cleaning = new CleaningUp();
        cleaning.Try(() => { });

        FluentActions.Invoking(() => cleaning.ThrowAfter(new RuntimeError("x"), null)).Should().NotThrow();
        FluentActions.Invoking(cleaning.ThrowIfIncomplete).Should().NotThrow();
    }

    [Fact]
    public void A_mistake_of_hull_s_own_is_no_reason_but_a_mistake() =>
        FluentActions.Invoking(() => new CleaningUp().Try(() => throw new InvalidOperationException())).Should().Throw<InvalidOperationException>();
}
