using System.Diagnostics;

namespace Hull.Soak;

/// <summary>What GC.TryStartNoGCRegion costs in a fresh process, where hull would call it.</summary>
internal static class RegionCost
{
    private const long Bytes = 64 * 1024;

    internal static string Measure()
    {
        // What hull has allocated by then.
        var kept = new byte[8][];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = new byte[32 * 1024];
        }

        double first = Once(), second = Once();
        GC.KeepAlive(kept);
        return $"TryStartNoGCRegion and EndNoGCRegion: first {first:F1} us, second {second:F1} us, {GC.CollectionCount(0)} collections";
    }

    private static double Once()
    {
        long start = Stopwatch.GetTimestamp();
        bool begun = GC.TryStartNoGCRegion(Bytes);
        if (begun)
        {
            GC.EndNoGCRegion();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
