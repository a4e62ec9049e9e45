using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What the program finds in its environment, and who looks that up.</summary>
[Rule("PROC-04")]
public sealed class EnvironmentTests : EndToEndTest
{
    private const string Passwords = "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n";

    [Theory]
    [InlineData(0, "/root")]
    [InlineData(1000, "/home/me")]
    [InlineData(7, "/")]
    public void Home_is_the_users_in_the_container(int user, string home)
    {
        HomeOf(NewBundle().WithFile("/etc/passwd", Passwords), user).Should().Be(home);
    }

    [Fact]
    public void Home_is_looked_up_by_root_where_the_user_may_not()
    {
        HomeOf(NewBundle().WithFile("/etc/passwd", Passwords, UnixFileMode.UserRead), 1000).Should().Be("/home/me");
    }

    [Fact]
    public void An_empty_home_is_looked_up_and_a_given_one_is_kept()
    {
        HomeOf(NewBundle().WithFile("/etc/passwd", Passwords).Adding("process.env", "HOME=/given").Adding("process.env", "HOME="), 1000).Should().Be("/home/me");
        HomeOf(NewBundle().WithFile("/etc/passwd", Passwords).Adding("process.env", "HOME=").Adding("process.env", "HOME=/given"), 1000).Should().Be("/given");
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("mkdir")]
    [InlineData("ln -s /proc/self/fd/0")]
    [InlineData("ln -s /dev/zero")]
    [InlineData("ln -s /no/such/file")]
    [InlineData("truncate -s 200000000000")]
    public void Nothing_in_the_image_can_hinder_the_look_up(string maker)
    {
        var bundle = NewBundle();
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "etc"));
        string passwd = Path.Combine(bundle.RootfsPath, "etc", "passwd");
        File.Delete(passwd);
        new Command(bundle.Scratch, ["/bin/sh", "-c", $"{maker} {passwd}"]).Run().ShouldSucceed();

        HomeOf(bundle, 1000).Should().Be("/");
    }

    [Fact]
    public void A_link_in_the_image_counts_from_its_root()
    {
        var bundle = NewBundle().WithFile("/usr/lib/passwd", Passwords);
        Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, "etc"));
        File.Delete(Path.Combine(bundle.RootfsPath, "etc", "passwd"));
        File.CreateSymbolicLink(Path.Combine(bundle.RootfsPath, "etc", "passwd"), "/usr/lib/passwd");

        HomeOf(bundle, 1000).Should().Be("/home/me");
    }

    [Fact]
    public void A_hook_inside_has_the_programs_environment_with_its_home()
    {
        Requires.Hull("runc 1.1 gives such a hook nothing");
        var bundle = NewBundle().WithFile("/etc/passwd", Passwords).With("root.readonly", false).Args("cat", "/seen")
            .With("process.user", JsonNode.Parse("""{"uid":0,"gid":0}"""))
            .With("hooks.startContainer", JsonNode.Parse("""[{ "path": "/bin/sh", "args": ["sh", "-c", "echo $HOME $TERM > /seen"] }]"""));

        bundle.Run().ShouldSucceed().Output.Should().Be("/root xterm\n");
    }

    [Fact]
    public void Of_several_entries_for_a_name_the_last_wins_and_lines_are_kept()
    {
        var bundle = NewBundle().Adding("process.env", "A=1").Adding("process.env", "B=two\nlines").Adding("process.env", "A=2");
        var seen = bundle.Observe().Environment;

        seen["A"].Should().Be("2");
        seen["B"].Should().Be("two\nlines");
    }

    [Fact]
    [Rule("RLIM-04")]
    public void A_small_address_space_does_not_hinder_creation()
    {
        var bundle = NewBundle().With("process.rlimits", JsonNode.Parse("""[{ "type": "RLIMIT_AS", "soft": 1073741824, "hard": 1073741824 }]"""));

        bundle.Shell("ulimit -v").Run().ShouldSucceed().Output.Should().Be("1048576\n");
    }

    private static string? HomeOf(Bundle bundle, int user) =>
        bundle.With("process.user", new JsonObject { ["uid"] = user, ["gid"] = user }).Shell("echo \"$HOME\"").Run().ShouldSucceed().Output.TrimEnd('\n');
}
