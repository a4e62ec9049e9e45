using System.Globalization;
using Hull.Linux;

namespace Hull.Soak;

/// <summary>
/// <c>soak FORKS</c>: forks that many container processes and says what went wrong with how many; exit status 0 when nothing did.
/// <c>soak region</c>: what it costs to forbid collections around a fork, which decides whether Spawn does.
/// </summary>
internal static class Program
{
    internal static int Main(string[] arguments)
    {
        if (arguments is ["region"])
        {
            Say(RegionCost.Measure());
            return 0;
        }

        int count = arguments.Length == 1 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10_000;
        Say($"{count} forks, {Forks.Make(count, out int wrong)}");
        return wrong == 0 ? 0 : 1;
    }

    // Not through System.Console: it starts a thread, which the product never does.
    private static void Say(string line) => StandardOutput.WriteAll(StandardOutput.Output, line + "\n").OrThrow("write");
}
