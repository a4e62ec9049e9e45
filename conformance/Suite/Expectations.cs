using System.Text.Json.Nodes;

namespace Hull.Conformance.Suite;

/// <summary>The few phrases that cases are made of, beside the verbs of a bundle.</summary>
internal static class Expectations
{
    /// <summary>`create` must fail and leave no container.</summary>
    public static Outcome ShouldBeRefused(this Bundle bundle, params string[] options)
    {
        var outcome = bundle.CreateCommand(options).Run();
        outcome.Status.Should().NotBe(0, "`create` must refuse this configuration");
        bundle.State().Should().BeNull("after an error there is no container");
        return outcome;
    }

    /// <summary>`create` must fail, or the `start` after it: for what a runtime may find out late.</summary>
    public static void ShouldFailToRun(this Bundle bundle)
    {
        if (bundle.CreateCommand().Run().Status == 0)
        {
            bundle.Start().Status.Should().NotBe(0, "`create` or `start` must fail");
        }
    }

    /// <summary>Runs a line of shell in the container and returns what it printed, without the last line end.</summary>
    public static string Prints(this Bundle bundle, string script, params string[] options)
    {
        bundle.Shell(script);
        var outcome = bundle.Run(options);
        outcome.ShouldSucceed();
        return outcome.Output.TrimEnd('\n');
    }

    /// <summary>A container that does nothing until it is killed, created and started.</summary>
    public static Bundle Started(this Bundle bundle, string script = "while :; do sleep 1; done")
    {
        bundle.Shell(script).Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("running");
        return bundle;
    }

    /// <summary>A container whose program has ended by itself, with its remains.</summary>
    public static Bundle Stopped(this Bundle bundle)
    {
        bundle.Args("true").Create();
        bundle.Start().ShouldSucceed();
        bundle.WaitForStatus("stopped");
        return bundle;
    }

    public static Bundle Writable(this Bundle bundle) => bundle.With("root.readonly", false);

    /// <summary>A directory of the host that belongs to the case.</summary>
    public static string HostDirectory(this Bundle bundle, string name) => Directory.CreateDirectory(Path.Combine(bundle.Home, name)).FullName;

    public static string HostFile(this Bundle bundle, string name, string content)
    {
        var path = Path.Combine(bundle.Home, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs a line of shell on the host; it must succeed.</summary>
    public static string OnHost(this Bundle bundle, string script)
    {
        var outcome = new Command(bundle.Scratch, "/bin/sh", "-c", script).Run();
        outcome.ShouldSucceed();
        return outcome.Output.TrimEnd('\n');
    }

    public static JsonArray Array(params string[] items) => new([.. items.Select(item => JsonValue.Create(item))]);

    public static JsonNode Json(string text) => JsonNode.Parse(text)!;

    /// <summary>Appends a mount.</summary>
    public static Bundle Mounting(this Bundle bundle, string destination, string type, string? source, params string[] options) =>
        bundle.Adding("mounts", MountEntry(destination, type, source, options));

    public static JsonObject MountEntry(string destination, string type, string? source, params string[] options)
    {
        var mount = new JsonObject { ["destination"] = destination, ["type"] = type, ["options"] = Array(options) };
        if (source is not null)
        {
            mount["source"] = source;
        }

        return mount;
    }

    /// <summary>Gives the program these capabilities in every set but the ambient one.</summary>
    public static Bundle Capable(this Bundle bundle, params string[] names)
    {
        foreach (var set in new[] { "bounding", "effective", "permitted" })
        {
            bundle.With("process.capabilities." + set, Array(names));
        }

        return bundle.With("process.capabilities.ambient", new JsonArray());
    }

    /// <summary>Writes config.json with exactly this text and creates from it.</summary>
    public static Outcome CreateFrom(this Bundle bundle, string text)
    {
        File.WriteAllText(bundle.ConfigFile, text);
        return bundle.Runtime("create", "--bundle", bundle.Location, bundle.Id).Run();
    }

    /// <summary>A user namespace in which root is user 100000 of the host; the root file system belongs to it.</summary>
    public static Bundle Mapped(this Bundle bundle)
    {
        bundle.OnHost($"chown -R 100000:100000 {bundle.RootfsPath}");
        return bundle.Namespace("user")
            .With("linux.uidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""))
            .With("linux.gidMappings", Json("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]"""));
    }

    /// <summary>`exec`, with its options, of a program in the running container.</summary>
    public static Outcome Executing(this Bundle bundle, string[] options, params string[] program) =>
        bundle.Runtime(["exec", .. options, bundle.Id, .. program]).Run();

    /// <summary>`exec` of a process described by a document.</summary>
    public static Outcome ExecutingProcess(this Bundle bundle, JsonObject process)
    {
        var file = bundle.HostFile("process.json", process.ToJsonString());
        return bundle.Runtime("exec", "--process", file, bundle.Id).Run();
    }

    /// <summary>The configured process with other arguments, as a document of its own for `exec`.</summary>
    public static JsonObject ProcessWith(this Bundle bundle, params string[] arguments)
    {
        var process = bundle.Config["process"]!.DeepClone().AsObject();
        process["args"] = Array(arguments);
        return process;
    }
}
