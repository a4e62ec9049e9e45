using System.Text.Json.Nodes;

namespace Hull.Bench;

/// <summary>A container with so many hooks that each of them shows.</summary>
internal static class HookBench
{
    private const int Hooks = 500;

    public static void Run(Workplace place, Contender[] runtimes, int rounds)
    {
        var hook = Path.Combine(place.Programs, "nothing");
        place.Change(place.Short, runtimes, config => config["hooks"] = new JsonObject
        {
            ["createRuntime"] = new JsonArray([.. Enumerable.Range(0, Hooks).Select(_ => (JsonNode)new JsonObject { ["path"] = hook })]),
        });
        Console.WriteLine($"run with {Hooks} createRuntime hooks of a static program that does nothing, {rounds} interleaved rounds");
        Table.Print(Measurement.Interleaved(rounds, runtimes, runtime => runtime.Run()));
        place.Change(place.Short, runtimes, config => config.AsObject().Remove("hooks"));
    }
}
