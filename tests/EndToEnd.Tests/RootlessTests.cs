using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// A user without privileges on this machine: a number that nobody has an account for, with a directory of his own for state. setpriv(1)
/// takes everything away that root has.
/// </summary>
public sealed class RootlessTests : IDisposable
{
    private const int User = 12345;
    private readonly string _home;
    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"hull-rootless-{Environment.ProcessId}");
    private readonly JsonObject _config;

    public RootlessTests()
    {
        Requires.Root();
        Requires.Hull("other runtimes have other defaults for users");
        Requires.Program("setpriv");
        _home = Directory.CreateTempSubdirectory("hull-rootless-").FullName;
        Rootfs.Create(Path.Combine(_home, "bundle/rootfs"));
        Directory.CreateDirectory(Path.Combine(_home, "runtime"));

        // Where root's directories may be closed to others, the binary is not found where it was built.
        File.Copy(HullBinary.File, Path.Combine(_home, "hull"));
        Run("chown", "-R", $"{User}:{User}", _home).ShouldSucceed();
        Hull("spec", "--rootless", "--bundle", Path.Combine(_home, "bundle")).ShouldSucceed();
        _config = JsonNode.Parse(File.ReadAllText(Path.Combine(_home, "bundle/config.json")))!.AsObject();
        JsonPath.Set(_config, "process.terminal", false);
    }

    [Fact]
    public void A_user_is_root_in_his_container_and_nowhere_else()
    {
        Outcome outcome = Contain("id -u; id -g; cat /proc/self/uid_map; cat /proc/self/setgroups").ShouldSucceed();

        outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Should().Equal("0", "0", "0", $"{User}", "1", "deny");
    }

    [Fact]
    public void State_is_below_the_users_runtime_directory()
    {
        Save("sleep 100");
        Hull("create", "--bundle", Path.Combine(_home, "bundle"), _id).ShouldSucceed();

        Directory.Exists(Path.Combine(_home, "runtime/hull", _id)).Should().BeTrue();
        Status().Should().Be("created");
        Hull("start", _id).ShouldSucceed();
        Status().Should().Be("running");
        Hull("kill", _id, "KILL").ShouldSucceed();
        Eventually.Holds(() => Status() == "stopped", () => "the container should be stopped");
        Hull("delete", _id).ShouldSucceed();
        Directory.EnumerateFileSystemEntries(Path.Combine(_home, "runtime/hull")).Should().BeEmpty();
    }

    [Fact]
    public void A_user_who_asks_for_a_container_of_root_s_is_told_in_one_line_how_to_ask()
    {
        string bundle = Directory.CreateDirectory(Path.Combine(_home, "roots")).FullName;
        Run("chown", $"{User}:{User}", bundle).ShouldSucceed();
        Hull("spec", "--bundle", bundle).ShouldSucceed();
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(bundle, "config.json")))!.AsObject();
        JsonPath.Set(config, "process.terminal", false);
        JsonPath.Set(config, "root.path", Path.Combine(_home, "bundle/rootfs"));
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        Outcome outcome = Hull("run", "--bundle", bundle, _id);

        outcome.Status.Should().Be(1);
        outcome.Error.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain("clone3").And.Contain("hull spec --rootless");
    }

    [Fact]
    public void A_user_can_execute_in_his_container()
    {
        Save("sleep 100");
        Hull("run", "--detach", "--bundle", Path.Combine(_home, "bundle"), _id).ShouldSucceed();

        Hull("exec", _id, "id", "-u").ShouldSucceed().Output.Trim().Should().Be("0");
    }

    [Fact]
    public void A_program_without_a_cgroup_of_its_own_finds_its_caller_s_limits_and_cannot_change_them()
    {
        Requires.CgroupV1("memory");
        string cgroup = Directory.CreateDirectory($"{Cgroups.Version1Mount("memory")}{Cgroups.Prefix}/{_id}").FullName;
        try
        {
            File.WriteAllText(cgroup + "/memory.limit_in_bytes", "268435456");
            Run("chown", "-R", $"{User}:{User}", cgroup).ShouldSucceed();
            JsonPath.Set(_config, "mounts", new JsonArray([.. _config["mounts"]!.AsArray().Where(mount => !((string)mount!["destination"]!).StartsWith("/sys", StringComparison.Ordinal)).Select(mount => mount!.DeepClone())]));
            JsonPath.Add(_config, "mounts", new JsonObject
            {
                ["destination"] = "/sys/fs/cgroup", ["type"] = "cgroup", ["source"] = "cgroup", ["options"] = new JsonArray("nosuid", "nodev", "noexec", "rw"),
            });
            JsonPath.Set(_config, "linux.cgroupsPath", $"{Cgroups.Prefix}-others/{_id}");
            Save("cat /sys/fs/cgroup/memory/memory.limit_in_bytes; mkdir /sys/fs/cgroup/memory/own");
            Outcome outcome = Command("run", "--bundle", Path.Combine(_home, "bundle"), _id).Prelude($"echo $$ > {cgroup}/cgroup.procs").Run();

            outcome.Output.Should().Be("268435456\n", outcome.Error);
            outcome.Error.Should().Contain("Read-only file system");
        }
        finally
        {
            Cgroups.Remove($"{Cgroups.Prefix}/{_id}");
            Cgroups.RemovePrefixIfEmpty();
        }
    }

    [Fact]
    public void A_limit_that_a_user_cannot_have_is_an_error_that_says_what_to_do()
    {
        JsonPath.Set(_config, "linux.resources", JsonNode.Parse("""{"memory":{"limit":67108864}}"""));

        Outcome outcome = Contain("true");

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("permission denied").And.Contain("Hint: ").And.Contain("--systemd-cgroup");
        Directory.EnumerateFileSystemEntries(Path.Combine(_home, "runtime/hull")).Should().BeEmpty();
    }

    [Fact]
    public void Without_privileges_but_told_not_to_be_lenient_cgroups_are_required()
    {
        Save("true");

        Hull("--rootless", "false", "run", "--bundle", Path.Combine(_home, "bundle"), _id).Status.Should().Be(1);
        Hull("--rootless", "true", "run", "--bundle", Path.Combine(_home, "bundle"), _id).ShouldSucceed();
    }

    [Fact]
    public void Without_newuidmap_a_users_own_id_is_what_there_is_and_he_is_told()
    {
        foreach (string map in new[] { "uidMappings", "gidMappings" })
        {
            JsonPath.Set(_config, "linux." + map, JsonNode.Parse($$"""[{"containerID":0,"hostID":{{User}},"size":1},{"containerID":1,"hostID":100000,"size":65536}]"""));
        }

        Save("cat /proc/self/uid_map");
        Outcome outcome = Command("run", "--bundle", Path.Combine(_home, "bundle"), _id).Environment("PATH", "/nowhere").Run().ShouldSucceed();

        outcome.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Should().Equal("0", $"{User}", "1");
        outcome.Error.Should().Contain("newuidmap is not installed");
    }

    [Fact]
    public void Ids_that_cannot_be_mapped_at_all_are_an_error_that_says_what_to_install()
    {
        JsonPath.Set(_config, "linux.uidMappings", JsonNode.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]"""));
        Save("true");

        Outcome outcome = Command("run", "--bundle", Path.Combine(_home, "bundle"), _id).Environment("PATH", "/nowhere").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.uidMappings").And.Contain("install newuidmap");
    }

    public void Dispose()
    {
        if (Directory.Exists(Path.Combine(_home, "runtime/hull", _id)))
        {
            Hull("delete", "--force", _id).ShouldSucceed();
        }

        Directory.Delete(_home, recursive: true);
    }

    private Outcome Contain(string script)
    {
        Save(script);
        return Hull("run", "--bundle", Path.Combine(_home, "bundle"), _id);
    }

    private void Save(string script)
    {
        JsonPath.Set(_config, "process.args", new JsonArray("/bin/sh", "-c", script));
        File.WriteAllText(Path.Combine(_home, "bundle/config.json"), _config.ToJsonString());
    }

    private string? Status() => Hull("state", _id) is { Status: 0 } outcome ? (string?)JsonNode.Parse(outcome.Output)!["status"] : null;

    private Outcome Hull(params string[] arguments) => Command(arguments).Run();

    private Command Command(params string[] arguments) => new Command(
            _home,
            [.. WithoutCalls.Asked is { } calls ? WithoutCalls.Words(calls) : [], Requires.Find("setpriv")!, "--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--inh-caps=-all", Path.Combine(_home, "hull")])
        .With(arguments).In(_home).Environment("XDG_RUNTIME_DIR", Path.Combine(_home, "runtime"));

    private Outcome Run(params string[] arguments) => new Command(_home, arguments).Run();
}
