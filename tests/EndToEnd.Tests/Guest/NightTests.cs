namespace Hull.EndToEnd.Tests.Guest;

/// <summary>What tests/guest/night.sh makes of what a guest has said, told by a script in the guest's place.</summary>
public sealed class NightTests : EndToEndTest
{
    [Theory]
    [InlineData("echo '3 passed, 0 failed, 1 skipped'", true, "3 passed, 0 failed, 1 skipped")]
    [InlineData("echo '3 passed, 1 failed, 1 skipped'; exit 1", false, "3 passed, 1 failed, 1 skipped")]
    [InlineData("echo '3 passed, 0 failed, 0 skipped'; exit 1", false, "exit status 1")]
    [InlineData("echo '3 passed, 1 failed, 0 skipped'", false, "3 passed, 1 failed, 0 skipped")]
    [InlineData("echo '0 passed, 0 failed, 9 skipped'", false, "0 passed, 0 failed, 9 skipped")]
    [InlineData("echo 'ok   hull NS-01'", false, "no closing line")]
    [InlineData("echo 'ok   hull NS-01'; exit 125", false, "the guest could not be started, or crashed")]
    [InlineData("echo 'ok   hull NS-01'; exit 124", false, "ran out of time")]
    public void A_night_passes_only_when_the_suite_came_to_its_end_and_nothing_failed(string guest, bool passes, string says)
    {
        var bundle = NewBundle();
        var program = Path.Combine(bundle.Scratch, "guest");
        File.WriteAllText(program, "#!/bin/sh\n" + guest + "\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);

        var night = new Command(bundle.Scratch, "bash", Path.Combine(GuestSystem.Sources, "tests/guest/night.sh"), "bullseye", bundle.Scratch, Path.Combine(bundle.Scratch, "log"))
            .Environment("NIGHT_GUEST", program).Run();

        (night.Status == 0).Should().Be(passes, night.Output + night.Error);
        night.Output.Should().Contain("== bullseye: ").And.Contain(says);
    }
}
