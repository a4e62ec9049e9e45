using System.Diagnostics;

namespace Hull.Harness;

/// <summary>For what happens in another process: asks again until it holds.</summary>
public static class Eventually
{
    public static void Holds(Func<bool> condition, Func<string> otherwise)
    {
        if (!Try(condition, Patience.Limit))
        {
            throw new TimeoutException(otherwise());
        }
    }

    /// <param name="condition">What is asked.</param>
    /// <param name="limit">How long; shorter than <see cref="Patience"/> only where a condition that does not come is no fault.</param>
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
