using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hull.Harness;

/// <summary>
/// One bundle in a directory of its own, with a container id, a state root and cgroups that belong to this test alone.
/// Fluent changes edit config.json; the verbs call the runtime under test.
/// </summary>
public sealed class Bundle
{
    private static int _counter;

    public Bundle()
        : this(HullBinary.Path)
    {
    }

    /// <param name="runtime">The runtime that the verbs call.</param>
    public Bundle(string runtime)
    {
        RuntimePath = runtime;
        var number = Interlocked.Increment(ref _counter);
        Id = string.Create(CultureInfo.InvariantCulture, $"hull-test-{Environment.ProcessId}-{number}");
        Home = Directory.CreateTempSubdirectory(Id + "-").FullName;
        File.SetUnixFileMode(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Location);
        Directory.CreateDirectory(Scratch);
        Rootfs.Create(RootfsPath);
        Config = DefaultConfig.Create();
        CgroupPath = Cgroups.Prefix + "/" + Id;
        With("linux.cgroupsPath", CgroupPath);
    }

    public string RuntimePath { get; }

    /// <summary>What the runtime is called through: a program that prepares its surroundings and becomes it. Nothing as a rule.</summary>
    public string[] Through { get; set; } = [];

    public string Id { get; }

    /// <summary>Everything of this bundle is below here.</summary>
    public string Home { get; }

    public string Location => Path.Combine(Home, "bundle");

    public string RootfsPath => Path.Combine(Location, "rootfs");

    public string Scratch => Path.Combine(Home, "scratch");

    public string StateRoot => Path.Combine(Home, "state");

    public string Log => Path.Combine(Home, "log.json");

    public string ConfigFile => Path.Combine(Location, "config.json");

    public string CgroupPath { get; }

    public JsonObject Config { get; }

    public Bundle With(string path, JsonNode? value)
    {
        JsonPath.Set(Config, path, value);
        return this;
    }

    public Bundle Without(string path)
    {
        JsonPath.Remove(Config, path);
        return this;
    }

    /// <summary>Appends to an array of the configuration, making it if needed.</summary>
    public Bundle Adding(string path, JsonNode value)
    {
        JsonPath.Add(Config, path, value);
        return this;
    }

    public Bundle Args(params string[] arguments) => With("process.args", new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]));

    public Bundle Shell(string script) => Args("/bin/sh", "-c", script);

    public Bundle Observing(params string[] paths) => Args(["/observer", .. paths]);

    public Bundle Namespace(string type, string? path = null)
    {
        var namespaces = Config["linux"]!["namespaces"]!.AsArray();
        foreach (var entry in namespaces.Where(entry => (string?)entry!["type"] == type).ToArray())
        {
            namespaces.Remove(entry);
        }

        var added = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            added["path"] = path;
        }

        namespaces.Add(added);
        return this;
    }

    public Bundle WithoutNamespace(string type)
    {
        var namespaces = Config["linux"]!["namespaces"]!.AsArray();
        namespaces.Remove(namespaces.First(entry => (string?)entry!["type"] == type));
        return this;
    }

    public Bundle WithFile(string pathInRootfs, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        var path = Path.Combine(RootfsPath, pathInRootfs.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return this;
    }

    /// <summary>Writes config.json as it stands; the verbs that read it do this themselves.</summary>
    public void Save() => File.WriteAllText(ConfigFile, Config.ToJsonString(Indented));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // ---- the runtime's verbs ------------------------------------------------------------------------------------------

    /// <summary>The runtime with its global options: state root and JSON log.</summary>
    public Command Runtime(params string[] arguments) =>
        new Command(Scratch, [.. Through, RuntimePath, "--root", StateRoot, "--log", Log, "--log-format", "json"]).With(arguments).In(Location);

    public Outcome Run(params string[] options) => RunCommand(options).Run();

    public Command RunCommand(params string[] options)
    {
        Save();
        return Runtime(["run", "--bundle", Location, .. options, Id]);
    }

    /// <summary>Runs the observer in the container and returns what it saw.</summary>
    public Observation Observe(params string[] paths)
    {
        Observing(paths);
        var outcome = Run();
        outcome.ShouldSucceed();
        return new Observation(outcome.Output);
    }

    public Command CreateCommand(params string[] options)
    {
        Save();
        return Runtime(["create", "--bundle", Location, .. options, Id]);
    }

    public RunningCommand Create(params string[] options)
    {
        var command = CreateCommand(options).Start();
        command.Wait().ShouldSucceed();
        return command;
    }

    public Outcome Start() => Runtime("start", Id).Run();

    /// <summary>A program that joins the container: options, then <c>--</c>, then the program.</summary>
    public Command ExecCommand(params string[] optionsAndProgram)
    {
        var end = Array.IndexOf(optionsAndProgram, "--");
        return Runtime(["exec", .. optionsAndProgram[..Math.Max(0, end)], Id, .. optionsAndProgram[(end + 1)..]]);
    }

    public Outcome Exec(params string[] optionsAndProgram) => ExecCommand(optionsAndProgram).Run();

    /// <summary>What the observer sees when it joins the container.</summary>
    public Observation ExecObserve(params string[] options) =>
        new(Exec([.. options, "--", "/observer"]).ShouldSucceed().Output);

    /// <summary>Starts a container that lasts until it is killed.</summary>
    public Bundle Running()
    {
        Args("sleep", "1000");
        RunCommand("--detach").Run().ShouldSucceed();
        return this;
    }

    public Outcome Kill(params string[] options) => Runtime(["kill", .. options.Where(IsOption), Id, .. options.Where(option => !IsOption(option))]).Run();

    public Outcome Delete(params string[] options) => Runtime(["delete", .. options, Id]).Run();

    /// <summary>What `state` says, or null when there is no such container.</summary>
    public JsonObject? State()
    {
        var outcome = Runtime("state", Id).Run();
        return outcome.Status == 0 ? JsonNode.Parse(outcome.Output)!.AsObject() : null;
    }

    public string? Status() => (string?)State()?["status"];

    public int ProcessId() => (int)State()!["pid"]!;

    /// <summary>0 also when there is no such container.</summary>
    public int ProcessIdOrZero() => (int?)State()?["pid"] ?? 0;

    public void WaitForStatus(string status) =>
        Eventually.Holds(() => Status() == status, () => $"the container should become {status}; it is {Status() ?? "unknown"}");

    /// <summary>The lines of the JSON log.</summary>
    public JsonObject[] LogLines() => File.Exists(Log)
        ? [.. File.ReadLines(Log).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!.AsObject())]
        : [];

    private static bool IsOption(string text) => text.StartsWith('-') && text.Length > 1 && !char.IsDigit(text[1]);
}
