using System.Globalization;

namespace Hull.Harness;

/// <summary>
/// How long tests wait for what should have happened long before. HULL_PATIENCE=10 makes it ten times as long, for machines that are emulated.
/// </summary>
public static class Patience
{
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("HULL_PATIENCE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    /// <summary>So many seconds, or longer where HULL_PATIENCE says so.</summary>
    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds * Factor);
}
