using System.Text.Json.Nodes;

namespace Hull.Bench;

/// <summary>A container's whole life with a limit of every kind that engines set.</summary>
internal static class LimitsBench
{
    private const string Limits = """
        {"memory":{"limit":268435456,"reservation":134217728,"swap":536870912},"cpu":{"shares":512,"quota":50000,"period":100000,"cpus":"0","mems":"0"},
         "pids":{"limit":200},"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"rwm"}]}
        """;

    public static void Run(Workplace place, Contender[] contenders, int rounds)
    {
        Contender[] runtimes = [.. contenders.Where(contender => contender.HasLifecycle)];
        place.Change(place.Long, runtimes, config => config["linux"]!["resources"] = JsonNode.Parse(Limits));
        Console.WriteLine($"create + start + kill + delete with limits of memory, cpu, cpuset, pids and devices, {rounds} interleaved rounds");
        Table.Print(Measurement.Interleaved(rounds, runtimes, contender => contender.Lifecycle()));
    }
}
