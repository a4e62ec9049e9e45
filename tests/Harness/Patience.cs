using System.Globalization;

namespace Hull.Harness;

/// <summary>
/// How long anything is waited for before it is said to hang: longer than whatever a test does takes on two processors that eight busy processes
/// share. It only ends what would wait for ever; that something is quick is no law of any test. HULL_PATIENCE=10 makes it ten times as long, for
/// machines that are emulated.
/// </summary>
public static class Patience
{
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("HULL_PATIENCE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3) * Factor;

    /// <summary>For what may as well not come.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(3) * Factor;
}
