using System.Diagnostics;

namespace Hull.Harness;

/// <summary>For what happens in another process: asks again until it holds.</summary>
public static class Eventually
{
    public static void Holds(Func<bool> condition, Func<string> otherwise)
    {
        if (!Try(condition))
        {
            throw new TimeoutException(otherwise());
        }
    }

    public static bool Try(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience.Limit)
            {
                return false;
            }

            Thread.Sleep(10);
        }

        return true;
    }
}
