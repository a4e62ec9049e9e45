using System.Globalization;
using Hull.Bench;

// ./build.sh bench [--rounds N] [--beside HULL] [--only run|lifecycle|exec|limits|seccomp]
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
        case "--only" when index + 1 < args.Length && args[index + 1] is "run" or "lifecycle" or "exec" or "limits" or "seccomp":
            only = args[++index];
            break;
        default:
            Console.Error.WriteLine("usage: bench [--rounds N] [--beside HULL] [--only run|lifecycle|exec|limits|seccomp]");
            return 2;
    }
}

using var place = new Workplace();
var contenders = Contender.All(place, beside);
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

// The last two: they change the bundles.
if (only is "" or "limits")
{
    LimitsBench.Run(place, contenders, rounds);
}

if (only is "" or "seccomp")
{
    SeccompBench.Run(place, contenders, rounds);
}

return 0;
