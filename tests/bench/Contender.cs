using System.Diagnostics;
using System.Globalization;

namespace Hull.Bench;

/// <summary>
/// One measured run: time from spawn to exit of the runtime's processes, the largest of their peak memories, and page faults and processor time of them
/// and of what they waited for.
/// </summary>
internal readonly record struct Sample(double Milliseconds, long PeakKibibytes, long Faults, double CpuMilliseconds)
{
    public static Sample operator +(Sample left, Sample right) => new(
        left.Milliseconds + right.Milliseconds, Math.Max(left.PeakKibibytes, right.PeakKibibytes),
        left.Faults + right.Faults, left.CpuMilliseconds + right.CpuMilliseconds);
}

/// <summary>A program that runs the bundle.</summary>
internal sealed class Contender
{
    private readonly Workplace _place;
    private readonly string _program;
    private readonly string[] _runArguments;
    private readonly string _long;
    private readonly string _root;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _bundles = [];
    private List<string>? _noted;

    private Contender(Workplace place, string name, string program, bool hasLifecycle, params string[] runArguments)
    {
        _place = place;
        Name = name;
        _program = program;
        HasLifecycle = hasLifecycle;
        _root = Path.Combine(place.States, name);
        _long = hasLifecycle ? place.For(place.Long, name) : "";
        _runArguments = hasLifecycle ? ["--root", _root, "run", "--bundle", place.For(place.Short, name), name] : runArguments;
    }

    public string Name { get; }

    public bool HasLifecycle { get; }

    /// <param name="beside">Another binary of hull; null for none.</param>
    public static Contender[] All(Workplace place, string? beside)
    {
        var floor = Path.Combine(place.Programs, "floor");
        Directory.CreateDirectory("/sys/fs/cgroup"); // A clear error on a machine without cgroups.
        return
        [
            new(place, "hull", Environment.GetEnvironmentVariable("HULL_BINARY") ?? "out/hull", hasLifecycle: true),
            .. beside is null ? [] : new[] { new Contender(place, "beside", beside, hasLifecycle: true) },
            new(place, "crun", Workplace.Find("crun"), hasLifecycle: true),
            new(place, "runc", Workplace.Find("runc"), hasLifecycle: true),
            .. Newest(place, "crun"),
            .. Newest(place, "runc"),
            new(place, "floor", floor, hasLifecycle: false, place.Short),
            new(place, "floor+cgroup", floor, hasLifecycle: false, place.Short, Workplace.CgroupPrefix + "-floor"),
        ];
    }

    /// <summary>The program of Debian's newest suite, where build.sh could fetch it.</summary>
    private static Contender[] Newest(Workplace place, string name)
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("HULL_BENCH_PEERS") ?? "", name);
        return File.Exists(program) ? [new(place, name + "-new", program, hasLifecycle: true)] : [];
    }

    /// <summary>What the program calls itself.</summary>
    public string Version()
    {
        using var process = Process.Start(new ProcessStartInfo(_program, "--version") { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n')[0];
    }

    public Sample Run() => Clone(_runArguments);

    /// <summary>One of many at a time: a container and a cgroup of its own.</summary>
    public Sample RunNumber(int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Name}-{number}");
        return Clone("--root", _root, "run", "--bundle", _bundles.GetOrAdd(id, name => _place.For(_place.Short, name)), id);
    }

    public Sample Lifecycle()
    {
        var pidFile = Path.Combine(_place.Home, Name + ".pid");
        var sample = Clone("--root", _root, "create", "--bundle", _long, "--pid-file", pidFile, Name);
        sample += Clone("--root", _root, "start", Name);
        sample += Clone("--root", _root, "kill", Name, "KILL");
        WaitForEnd(File.ReadAllText(pidFile).Trim());
        return sample + Clone("--root", _root, "delete", Name);
    }

    /// <summary>Starts the container that programs join and questions are about.</summary>
    public void Begin() => Clone("--root", _root, "run", "--detach", "--bundle", _long, Name);

    public void End() => Clone("--root", _root, "delete", "--force", Name);

    /// <summary>Starts another bundle in its place.</summary>
    public void BeginIn(string bundle) => Clone("--root", _root, "run", "--detach", "--pid-file", PidFile, "--bundle", bundle, Name);

    /// <summary>Its first process.</summary>
    public int ProcessId() => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    public Sample Checkpoint(string images, params string[] more) => Clone(["--root", _root, "checkpoint", "--image-path", images, .. more, Name]);

    public Sample Restore(string bundle, string images) => Clone("--root", _root, "restore", "--detach", "--bundle", bundle, "--image-path", images, Name);

    /// <summary>What the last call wrote.</summary>
    public string Output() => File.ReadAllText(Path.Combine(_place.Home, "output"));

    /// <summary>Ends the container, if there is one.</summary>
    public void TryEnd()
    {
        try
        {
            End();
        }
        catch (InvalidOperationException)
        {
            // There is none: its start or its restore has failed, and that has been told.
        }
    }

    private string PidFile => Path.Combine(_place.Home, Name + ".pid");

    public Sample Exec() => Clone("--root", _root, "exec", Name, "/bin/busybox", "true");

    /// <summary>As an engine execs: it waits for the program, not for the runtime.</summary>
    public Sample ExecDetached() =>
        Clone("--root", _root, "exec", "--detach", "--pid-file", Path.Combine(_place.Home, Name + ".pid"), Name, "/bin/busybox", "true");

    public Sample State() => Clone("--root", _root, "state", Name);

    /// <summary>A signal that changes nothing.</summary>
    public Sample Signal() => Clone("--root", _root, "kill", Name, "CONT");

    public Sample List() => Clone("--root", _root, "list");

    /// <summary>Copies what the runtime keeps of the one container, under as many other names: to be listed, not to be touched.</summary>
    public void Multiply(int count)
    {
        var original = Path.Combine(_root, Name);
        for (var number = 1; number < count; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{Name}-{number:D4}");
            var copy = Directory.CreateDirectory(Path.Combine(_root, id)).FullName;
            foreach (var file in Directory.EnumerateFiles(original).Where(file => file.EndsWith(".json", StringComparison.Ordinal) || Path.GetFileName(file) == "status"))
            {
                var text = File.ReadAllText(file).Replace($"\"id\":\"{Name}\"", $"\"id\":\"{id}\"", StringComparison.Ordinal);
                File.WriteAllText(Path.Combine(copy, Path.GetFileName(file)), text);
            }
        }
    }

    /// <summary>The container's death is the kernel's work, not the runtime's: it is waited for and not counted. A zombie is dead.</summary>
    private static void WaitForEnd(string process)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            string text;
            try
            {
                text = File.ReadAllText($"/proc/{process}/stat");
            }
            catch (IOException)
            {
                return;
            }

            if (text[(text.LastIndexOf(')') + 2)..].StartsWith('Z'))
            {
                return;
            }

            Thread.Sleep(1);
        }

        throw new TimeoutException($"process {process} outlived SIGKILL by ten seconds");
    }

    /// <summary>The program and arguments of an operation, which is not carried out.</summary>
    public string[] Arguments(Func<Sample> operation)
    {
        _noted = [_program];
        operation();
        string[] noted = [.. _noted];
        _noted = null;
        return noted;
    }

    private Sample Clone(params string[] arguments)
    {
        if (_noted is not null)
        {
            _noted.AddRange(arguments);
            return default;
        }

        var output = Path.Combine(_place.Home, "output");
        var start = new ProcessStartInfo(Path.Combine(_place.Programs, "spawn")) { RedirectStandardOutput = true };
        start.ArgumentList.Add(output);
        start.ArgumentList.Add(_program);
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var fields = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        if (fields.Length != 5 || int.Parse(fields[2], CultureInfo.InvariantCulture) != 0)
        {
            throw new InvalidOperationException($"{Name} {string.Join(' ', arguments)} failed: {File.ReadAllText(output)}");
        }

        return new Sample(
            long.Parse(fields[0], CultureInfo.InvariantCulture) / 1e6, long.Parse(fields[1], CultureInfo.InvariantCulture),
            long.Parse(fields[3], CultureInfo.InvariantCulture), long.Parse(fields[4], CultureInfo.InvariantCulture) / 1e3);
    }
}
