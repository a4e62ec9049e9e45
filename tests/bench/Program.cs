using System.Globalization;
using Hull.Bench;

// ./build.sh bench [--rounds N] [--beside HULL] [--only run|lifecycle|exec|counts|hooks|crowd|limits|seccomp|checkpoint]
// --beside: another binary of hull, to be measured in the same rounds.
var rounds = 100;
var only = "";
string? beside = null;
for (var index = 0; index < args.Length; index++)
{
    switch (args[index])
    {
        case "--rounds" when index + 1 < args.Length && int.TryParse(args[index + 1], CultureInfo.InvariantCulture, out rounds) && rounds > 0:
            index++;
            break;
        case "--beside" when index + 1 < args.Length && File.Exists(args[index + 1]):
            beside = Path.GetFullPath(args[++index]);
            break;
        case "--only" when index + 1 < args.Length && args[index + 1] is "run" or "lifecycle" or "exec" or "counts" or "hooks" or "crowd" or "limits" or "seccomp" or "checkpoint":
            only = args[++index];
            break;
        default:
            Console.Error.WriteLine("usage: bench [--rounds N] [--beside HULL] [--only run|lifecycle|exec|counts|hooks|crowd|limits|seccomp|checkpoint]");
            return 2;
    }
}

using var place = new Workplace();
var contenders = Contender.All(place, beside);
Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");
foreach (var contender in contenders.Where(contender => contender.HasLifecycle))
{
    Console.WriteLine($"  {contender.Name,-10} {contender.Version()}");
}

if (only is "" or "run")
{
    Console.WriteLine($"run of the default bundle with `true`, {rounds} interleaved rounds");
    Table.Print(Measurement.Interleaved(rounds, contenders, contender => contender.Run()));
}

if (only is "" or "lifecycle")
{
    Console.WriteLine($"create + start + kill + delete, {rounds} interleaved rounds");
    Table.Print(Measurement.Interleaved(rounds, [.. contenders.Where(contender => contender.HasLifecycle)], contender => contender.Lifecycle()));
}

if (only is "" or "exec")
{
    JoinBench.Run(contenders, rounds);
}

if (only is "" or "counts")
{
    CallCounts.Print([.. contenders.Where(contender => contender.HasLifecycle)]);
}

if (only is "" or "crowd")
{
    CrowdBench.Run([.. contenders.Where(contender => contender.HasLifecycle)], Math.Max(1, rounds / 10));
}

// The last ones: they change the bundles.
if (only is "" or "hooks")
{
    HookBench.Run(place, [.. contenders.Where(contender => contender.HasLifecycle)], Math.Max(1, rounds / 10));
}

if (only is "" or "limits")
{
    LimitsBench.Run(place, contenders, rounds);
}

if (only is "" or "seccomp")
{
    SeccompBench.Run(place, contenders, rounds);
}

if (only is "" or "checkpoint")
{
    // crun fails every restore with this CRIU.
    CheckpointBench.Run(place, [.. contenders.Where(contender => contender.HasLifecycle && !contender.Name.StartsWith("crun", StringComparison.Ordinal))], Math.Max(1, rounds / 10));
}

return 0;
