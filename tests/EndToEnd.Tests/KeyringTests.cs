using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>The session keyring of a container: one for all its programs, made by and counted for the user that made the container.</summary>
public sealed class KeyringTests : EndToEndTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_that_joins_a_container_finds_the_keyring_of_its_first_process(bool userNamespace)
    {
        Requires.Hull("runc counts the keyring for the container's user, who may have 200 keys");
        var bundle = NewBundle();
        if (userNamespace)
        {
            JsonArray mapping = [new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 }];
            bundle.Namespace("user").With("linux.uidMappings", mapping).With("linux.gidMappings", mapping.DeepClone());
        }

        bundle.Running();
        bundle.Exec("--detach", "--", "sleep", "1000").ShouldSucceed();

        // serial, flags, usage, expiry, permissions, uid, gid, type, description
        string[] fields = Keyrings(bundle).Should().ContainSingle("a second one is one that init's keys are not in").Which.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        fields[5].Should().Be("0");
    }

    [Fact]
    public void A_container_does_not_find_the_keyring_of_one_of_the_same_id_before_it()
    {
        Requires.Hull("with runc it does, when it comes soon enough");
        var bundle = NewBundle().Running();
        var before = Serials(bundle).Should().ContainSingle().Which;
        bundle.Delete("--force").ShouldSucceed();
        bundle.Running();

        Serials(bundle).Should().Contain(serial => serial != before, "the one before it may still be there for a moment");
    }

    [Fact]
    public void With_no_new_keyring_there_is_none()
    {
        var bundle = NewBundle().Args("sleep", "1000");
        bundle.RunCommand("--detach", "--no-new-keyring").Run().ShouldSucceed();
        bundle.Exec("--detach", "--", "sleep", "1000").ShouldSucceed();

        Keyrings(bundle).Should().BeEmpty();
    }

    private static IEnumerable<string> Serials(Bundle bundle) => Keyrings(bundle).Select(line => line.Split(' ')[0]);

    private static string[] Keyrings(Bundle bundle) =>
        [.. File.ReadLines("/proc/keys").Where(line => line.Contains($"_ses.{bundle.Id}.", StringComparison.Ordinal))];
}
