using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Guest;

/// <summary>
/// The systemd driver, cgroup v2 alone and users without privileges, where servers have them: each function of tests/guest/checks.sh is a
/// law, and each is held against this machine's kernel (at full speed, without v2 controllers) and a whole emulated machine.
/// </summary>
public sealed class GuestTests
{
    public static TheoryData<string> Checks => [.. GuestSystem.Checks];

    [Theory]
    [MemberData(nameof(Checks))]
    public void In_a_box_on_this_kernel(string check) => Judge("box", check);

    [Theory]
    [MemberData(nameof(Checks))]
    public void On_a_machine_of_its_own(string check) => Judge("machine", check);

    [Fact]
    public void Every_check_is_found()
    {
        GuestSystem.Checks.Should().HaveCountGreaterThan(20).And.OnlyHaveUniqueItems();
    }

    private static void Judge(string place, string check)
    {
        CheckResult result = GuestSystem.ResultOf(place, check);
        Skip.Unless(result.Outcome != "skipped", $"in the {place}: {result.Text}");
        result.Outcome.Should().Be("ok", result.Text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
    }
}
