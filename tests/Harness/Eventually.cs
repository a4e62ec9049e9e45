using System.Diagnostics;

namespace Hull.Harness;

/// <summary>For what happens in another process: asks again until it holds.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = Patience.Seconds(15);

    public static void Holds(Func<bool> condition, Func<string> otherwise)
    {
        if (!Try(condition, Limit))
        {
            throw new TimeoutException(otherwise());
        }
    }

    public static bool Try(Func<bool> condition, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > limit)
            {
                return false;
            }

            Thread.Sleep(10);
        }

        return true;
    }
}
