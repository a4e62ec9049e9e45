using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>Labels of security modules: where the module runs, and where it does not.</summary>
public sealed class SecurityLabelTests : EndToEndTest
{
    private static bool HasAppArmor => File.Exists("/sys/module/apparmor/parameters/enabled") && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y');

    [Theory]
    [Rule("LSM-01", "LSM-02")]
    [InlineData("apparmorProfile", "AppArmor")]
    [InlineData("selinuxLabel", "SELinux")]
    public void A_label_of_a_module_that_is_off_is_an_error_that_says_so(string property, string module)
    {
        Requires.Hull("its words");
        Skip.Unless(module == "AppArmor" ? !HasAppArmor : !File.Exists("/sys/fs/selinux/enforce"), $"needs a host without {module}");
        var bundle = NewBundle().With("process." + property, "some_label").Args("true");
        var before = HostSnapshot.Take(bundle);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain($"process.{property}").And.Contain($"{module} is not enabled");
        HostSnapshot.ShouldBecome(bundle, before, "a failed run leaves nothing");
    }

    // Engines write it for --security-opt apparmor=unconfined, also where there is no AppArmor.
    [Fact]
    [Rule("LSM-01")]
    public void The_profile_that_confines_nothing_is_there_on_every_host()
    {
        NewBundle().With("process.apparmorProfile", "unconfined").Args("true").Run().ShouldSucceed();
    }

    [Fact]
    [Rule("LSM-01", "LSM-03")]
    public void The_program_is_confined_by_its_profile()
    {
        Skip.Unless(HasAppArmor, "needs AppArmor");
        Requires.Program("apparmor_parser");
        var bundle = NewBundle().With("process.apparmorProfile", "hull-test");
        string profile = Path.Combine(bundle.Home, "profile");
        File.WriteAllText(profile, "profile hull-test flags=(attach_disconnected) { file, capability, signal, deny /secret r, }\n");
        new Command(bundle.Scratch, ["apparmor_parser", "-r", profile]).Run().ShouldSucceed();
        try
        {
            bundle.WithFile("/secret", "secret").Shell("cat /proc/self/attr/current; cat /secret || echo denied")
                .Run().ShouldSucceed().Output.Should().Be("hull-test (enforce)\ndenied\n");
        }
        finally
        {
            new Command(bundle.Scratch, ["apparmor_parser", "-R", profile]).Run();
        }
    }

    [Fact]
    [Rule("LSM-01")]
    public void A_profile_that_is_not_loaded_is_an_error()
    {
        Skip.Unless(HasAppArmor, "needs AppArmor");
        var outcome = NewBundle().With("process.apparmorProfile", "no-such-profile").Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("no-such-profile");
    }

    [Fact]
    [Rule("LSM-02", "PROC-11")]
    public void The_program_and_its_keyring_have_their_label()
    {
        Skip.Unless(File.Exists("/sys/fs/selinux/enforce"), "needs SELinux");
        var bundle = NewBundle().With("process.selinuxLabel", "system_u:system_r:container_t:s0:c4,c5");

        bundle.Shell("cat /proc/self/attr/current").Run().ShouldSucceed().Output.Should().StartWith("system_u:system_r:container_t:s0:c4,c5");
    }
}
