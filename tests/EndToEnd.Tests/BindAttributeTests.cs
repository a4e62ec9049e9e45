using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// What the kernel shows of the attributes of bind mounts: each row a source with its own, options, and what comes of both. The rows are those
/// of runc's suite (tests/integration/mounts_sshfs.bats); the whole table is Runtime.Tests' BindAttributeTests (MNT-16).
/// </summary>
public sealed class BindAttributeTests : EndToEndTest
{
    private static readonly (string Source, string Options, string Shown)[] Rows =
    [
        ("ro,noexec,nosymfollow,nodiratime", "bind", "ro,noexec,nodiratime,relatime,nosymfollow"),
        ("ro,noexec,nosymfollow,nodiratime", "bind,dev", "rw,nodiratime,relatime"),
        ("ro", "bind,nosuid,nodev,rprivate", "rw,nosuid,nodev"),
        ("ro", "bind,rw,nosuid,nodev,rprivate", "rw,nosuid,nodev"),
        ("nosuid,nodev,noexec,noatime", "bind,dev,suid,exec,atime", "rw,noatime"),
        ("nodev,nosuid,noexec,noatime", "bind,ro", "ro,noatime"),
        ("nodev,nosymfollow", "bind,ro,symfollow", "ro"),
        ("nodev,nosuid,noatime", "bind,ro,exec", "ro,noatime"),
        ("noatime", "bind,norelatime", "rw,noatime"),
        ("noatime", "bind,relatime", "rw,relatime"),
        ("noatime", "bind,nodiratime", "rw,nodiratime,relatime"),
        ("nodiratime", "bind,strictatime", "rw"),
        ("noatime", "bind,nodiratime,strictatime", "rw,nodiratime"),
        ("noatime", "bind,nodiratime,norelatime", "rw,nodiratime,relatime"),
        ("strictatime", "bind,nostrictatime", "rw"),
        ("nodiratime", "bind,diratime", "rw,nodiratime,relatime"),
    ];

    /// <summary>In a user namespace, where the kernel has locked all but nosymfollow.</summary>
    private static readonly (string Source, string Options, string Shown)[] Locked =
    [
        ("ro,noexec,nosymfollow,nodiratime", "bind", "ro,noexec,nodiratime,relatime,nosymfollow"),
        ("ro,noexec,nosymfollow,nodiratime", "bind,dev", "ro,noexec,nodiratime,relatime"),
        ("ro", "bind,nosuid,nodev,rprivate", "ro,nosuid,nodev"),
        ("nodev,nosuid,noexec,noatime", "bind,ro", "ro,nosuid,nodev,noexec,noatime"),
        ("nodev,nosymfollow", "bind,ro,symfollow", "ro,nodev"),
        ("nodev,nosymfollow", "bind,rw", "rw,nodev"),
        ("nodev,nosuid,noatime", "bind,ro,exec", "ro,nosuid,nodev,noatime"),
        ("strictatime", "bind,nostrictatime", "rw"),
        ("noatime,nodiratime", "bind,atime", "rw,noatime,nodiratime"),
        ("relatime", "bind,norelatime", "rw,relatime"),
    ];

    [Fact]
    public void A_bind_mount_has_what_is_named_and_of_the_rest_what_runc_keeps()
    {
        Requires.Hull("runc 1.1.5 keeps all that is not named");

        Shown(NewBundle(), Rows).Should().Equal(Rows.Select(row => row.Shown));
    }

    [Fact]
    public void In_a_user_namespace_it_keeps_what_the_kernel_has_locked_and_nobody_asks_to_clear()
    {
        Requires.Hull("runc 1.1.5 keeps all that is not named");

        Shown(InUserNamespace(NewBundle()), Locked).Should().Equal(Locked.Select(row => row.Shown));
    }

    [Theory]
    [InlineData("ro", "bind,rw,nosuid,nodev,rprivate")]
    [InlineData("nodev,nosuid", "bind,dev,suid,exec,atime")]
    [InlineData("nodiratime", "bind,strictatime")]
    [InlineData("noatime", "bind,strictatime")]
    [InlineData("relatime", "bind,noatime")]
    [InlineData("relatime", "bind,nodiratime")]
    [InlineData("strictatime", "bind,relatime")]
    [InlineData("strictatime", "bind,nodiratime")]
    [InlineData("noatime", "bind,relatime")]
    public void In_a_user_namespace_what_is_asked_for_by_name_and_locked_is_an_error(string source, string options)
    {
        Requires.Hull("runc 1.1.5 keeps it");
        Outcome refused = Run(InUserNamespace(NewBundle()), [(source, options, "")]);

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("operation not permitted").And.Contain("locked");
    }

    private static string[] Shown(Bundle bundle, (string, string, string)[] rows) =>
        Run(bundle, rows).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Prints the attributes of every row's mount, in their order.</summary>
    private static Outcome Run(Bundle bundle, (string Source, string Options, string Shown)[] rows)
    {
        string before = "true";
        for (var i = 0; i < rows.Length; i++)
        {
            string source = Directory.CreateDirectory(Path.Combine(bundle.Home, $"source{i}")).FullName;
            Directory.CreateDirectory(Path.Combine(bundle.RootfsPath, $"bound{i}"));

            // The flags are the mount's alone: those of a file system stay whatever its mounts are.
            before += $" && mount -t tmpfs -o diratime,strictatime t {source} && mount --bind -o remount,{rows[i].Source} {source}";
            bundle.Adding("mounts", new JsonObject
            {
                ["destination"] = $"/bound{i}", ["source"] = source, ["options"] = new JsonArray([.. rows[i].Options.Split(',').Select(option => JsonValue.Create(option))]),
            });
        }

        bundle.Args("awk", "$5 ~ \"^/bound\" { print $6 }", "/proc/self/mountinfo").Save();
        return new Command(
            bundle.Scratch, "unshare", "-m", "sh", "-c", $"{before} && exec \"$@\"", "sh",
            HullBinary.Path, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location, bundle.Id).In(bundle.Location).Run();
    }

    private static Bundle InUserNamespace(Bundle bundle) =>
        bundle.Namespace("user").With("linux.uidMappings", Mappings()).With("linux.gidMappings", Mappings());

    private static JsonArray Mappings() => new(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
}
