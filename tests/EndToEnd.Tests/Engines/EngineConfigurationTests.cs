using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests.Engines;

/// <summary>What engines really wrote is run, joined and changed: the documents of data/engine-configs.</summary>
public sealed class EngineConfigurationTests : EndToEndTest
{
    public static TheoryData<string> Configurations => [.. EngineConfiguration.Names("*-??.json")];

    public static TheoryData<string> Processes => [.. EngineConfiguration.Names("*-exec-process-?.json")];

    public static TheoryData<string> Updates => [.. EngineConfiguration.Names("*-update-resources.json")];

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_of_an_engine_is_run(string name)
    {
        var bundle = NewBundle().Configured(name);
        var process = bundle.Config["process"]!;

        var seen = bundle.Observe();

        seen.Number("uid").Should().Be((int)process["user"]!["uid"]!);
        seen.Number("gid").Should().Be((int)process["user"]!["gid"]!);
        seen.Text("cwd").Should().Be((string)process["cwd"]!);
        seen.Text("noNewPrivileges").Should().Be((bool?)process["noNewPrivileges"] == true ? "1" : "0");
        seen.Text("seccomp").Should().Be(bundle.Config["linux"]!["seccomp"] is null ? "0" : "2");
        seen.Mounts.Select(mount => mount.Point).Should().Contain(bundle.Config["mounts"]!.AsArray().Select(mount => (string)mount!["destination"]!));
        bundle.State().Should().BeNull("`run` removes the container");
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_process_of_an_engine_joins_its_container(string name)
    {
        var process = EngineConfiguration.Written(name);
        EngineConfiguration.WithLimitsThatMayBeSet(process);
        process["args"] = new JsonArray("/observer");
        var bundle = NewBundle().Configured(EngineOf(name) + "-01.json");
        // This one of containerd joins a pod's sandbox as an ordinary user, who may not become the process's.
        bundle.With("process.user", new JsonObject { ["uid"] = 0, ["gid"] = 0 }).Running();
        var file = Path.Combine(bundle.Home, "process.json");
        File.WriteAllText(file, process.ToJsonString());

        var outcome = bundle.Runtime("exec", "--process", file, bundle.Id).Run().ShouldSucceed();

        var seen = new Observation(outcome.Output);
        seen.Number("uid").Should().Be((int)process["user"]!["uid"]!);
        seen.Text("cwd").Should().Be((string)process["cwd"]!);
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void An_update_of_an_engine_is_carried_out(string name)
    {
        var update = EngineConfiguration.Written(name);
        var bundle = NewBundle().Configured(EngineOf(name) + "-01.json").Running();

        bundle.Runtime("update", "--resources", "-", bundle.Id).Input(update.ToJsonString()).Run().ShouldSucceed();

        Cgroups.Read("memory", bundle.CgroupPath, "memory.limit_in_bytes", "memory.max").Should().Be(((long)update["memory"]!["limit"]!).ToString());
        bundle.Exec("--", "/bin/sh", "-c", ": >/dev/null").ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
    }

    private static string EngineOf(string name) => name[..name.IndexOf('-', StringComparison.Ordinal)];
}
