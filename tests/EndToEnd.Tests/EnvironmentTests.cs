using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>Whose home is looked up where the image makes it hard, and what a hook inside finds.</summary>
[Rule("PROC-04")]
public sealed class EnvironmentTests : EndToEndTest
{
    private const string Passwords = "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n";

    [Fact]
    public void Home_is_looked_up_by_root_where_the_user_may_not()
    {
        HomeOf(NewBundle().WithFile("/etc/passwd", Passwords, UnixFileMode.UserRead), 1000).Should().Be("/home/me");
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

    private static string? HomeOf(Bundle bundle, int user) =>
        bundle.With("process.user", new JsonObject { ["uid"] = user, ["gid"] = user }).Shell("echo \"$HOME\"").Run().ShouldSucceed().Output.TrimEnd('\n');
}
