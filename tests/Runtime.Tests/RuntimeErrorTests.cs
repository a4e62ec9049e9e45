using Hull.Linux;

namespace Hull.Runtime.Tests;

public class RuntimeErrorTests
{
    [Fact]
    public void A_message_says_where_what_why_and_what_to_do() =>
        new RuntimeError("mounting sysfs on /sys", Errno.EPERM)
        {
            Property = "mounts[2]",
            Step = 17,
            Side = Side.Container,
            Hint = "A new sysfs needs a network namespace of its own",
        }.Message.Should().Be(
            "mounts[2]: mounting sysfs on /sys: operation not permitted (EPERM; step 17, container process). "
            + "Hint: A new sysfs needs a network namespace of its own");

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        new RuntimeError("container c1 does not exist").Message.Should().Be("container c1 does not exist");
        new RuntimeError("reading config.json", Errno.ENOENT).Message.Should().Be("reading config.json: no such file or directory (ENOENT)");
        new RuntimeError("the lanes do not meet") { Step = 3 }.Message.Should().Be("the lanes do not meet (step 3, host process)");
    }
}
