using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.Bench;

/// <summary>
/// What a filter costs: its compilation, the run of a container with it, and each system call of a program under it. The profile is Docker's
/// default, from beside the repository (HULL_SHARED); without it there is nothing to measure.
/// </summary>
internal static class SeccompBench
{
    public static void Run(Workplace place, Contender[] contenders, int rounds)
    {
        var shared = Environment.GetEnvironmentVariable("HULL_SHARED") is { Length: > 0 } named ? named : Path.Combine(Repository(), "../shared");
        var file = Path.Combine(shared, "data/seccomp-default-oci.json");
        if (!File.Exists(file))
        {
            Console.WriteLine($"seccomp: {file} is not there; set HULL_SHARED\n");
            return;
        }

        var profile = File.ReadAllText(file);
        var runtimes = Array.FindAll(contenders, contender => contender.HasLifecycle);
        Console.WriteLine($"run of the default bundle with Docker's default profile and `true`, {rounds} interleaved rounds");
        place.Filter(place.Short, runtimes, profile);
        Table.Print(Measurement.Interleaved(rounds, runtimes, contender => contender.Run()));

        Console.WriteLine("system calls in such a container, nanoseconds each (getppid; personality, whose argument is looked at; kexec_load, forbidden)");
        File.Copy(Path.Combine(place.Programs, "syscalls"), Path.Combine(place.Short, "rootfs/bin/syscalls"));
        place.Change(place.Short, runtimes, config => config["process"]!["args"] = new JsonArray("syscalls"));
        Calls(place, runtimes, rounds: 5);
        place.Change(place.Short, runtimes, config => config["linux"]!.AsObject().Remove("seccomp"));
        Calls(place, [runtimes[0]], rounds: 5, " without");

        Console.WriteLine($"Docker's default profile, from parsed to loaded, {rounds} interleaved rounds");
        FilterCompilers.Compare(System.Text.Encoding.UTF8.GetBytes(
            """{"ociVersion":"1.2.0","root":{"path":"rootfs"},"linux":{"seccomp":""" + profile + "}}"), rounds);
    }

    private static void Calls(Workplace place, Contender[] runtimes, int rounds, string suffix = "")
    {
        var least = runtimes.ToDictionary(runtime => runtime, _ => new[] { double.MaxValue, double.MaxValue, double.MaxValue });
        for (var round = 0; round < rounds; round++)
        {
            foreach (var runtime in runtimes)
            {
                runtime.Run();
                // What a runtime itself may have to say comes before.
                var costs = File.ReadAllLines(Path.Combine(place.Home, "output"))[^1].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
                for (var call = 0; call < costs.Length; call++)
                {
                    least[runtime][call] = Math.Min(least[runtime][call], costs[call]);
                }
            }
        }

        foreach (var (runtime, costs) in least)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {runtime.Name + suffix,-14}{costs[0],10:F1}{costs[1],10:F1}{costs[2],10:F1}"));
        }

        Console.WriteLine();
    }

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Runtime.sln")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        return directory;
    }

    /// <summary>Gives the bundle of every contender a filter.</summary>
    private static void Filter(this Workplace place, string bundle, Contender[] contenders, string profile) =>
        place.Change(bundle, contenders, config => config["linux"]!["seccomp"] = JsonNode.Parse(profile));

    internal static void Change(this Workplace place, string bundle, Contender[] contenders, Action<JsonNode> change)
    {
        foreach (var contender in contenders)
        {
            var file = Path.Combine(place.Home, contender.Name, Path.GetFileName(bundle), "config.json");
            var config = JsonNode.Parse(File.ReadAllText(file))!;
            change(config);
            File.WriteAllText(file, config.ToJsonString());
        }
    }
}
