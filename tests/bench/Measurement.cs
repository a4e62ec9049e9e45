using System.Globalization;

namespace Hull.Bench;

/// <summary>What one contender needed over all rounds.</summary>
/// <param name="Name">Of the contender.</param>
/// <param name="Milliseconds">Each round, the shortest first.</param>
/// <param name="PeakKibibytes">The most that one process had.</param>
/// <param name="Faults">The median.</param>
/// <param name="CpuMilliseconds">The median.</param>
internal sealed record Measurement(string Name, double[] Milliseconds, long PeakKibibytes, long Faults, double CpuMilliseconds)
{
    public double Median => At(0.5);

    public double NinetiethPercentile => At(0.9);

    public double Minimum => Milliseconds[0];

    /// <summary>
    /// Round robin, each round starting with another contender: whatever else the machine does meets all of them alike. The first
    /// round warms the caches and is not counted. A contender that fails is told and left out.
    /// </summary>
    public static List<Measurement> Interleaved(int rounds, Contender[] contenders, Func<Contender, Sample> measure)
    {
        var samples = contenders.ToDictionary(contender => contender, _ => new List<Sample>());
        for (var round = 0; round <= rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var contender = contenders[(round + turn) % contenders.Length];
                if (samples.ContainsKey(contender) && Try(contender, measure) is { } sample)
                {
                    if (round > 0)
                    {
                        samples[contender].Add(sample);
                    }
                }
                else
                {
                    samples.Remove(contender);
                }
            }
        }

        return [.. contenders.Where(samples.ContainsKey).Select(contender => From(contender.Name, samples[contender]))];
    }

    private static Sample? Try(Contender contender, Func<Contender, Sample> measure)
    {
        try
        {
            return measure(contender);
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine(exception.Message.TrimEnd());
            return null;
        }
    }

    private static Measurement From(string name, List<Sample> samples) =>
        new(name, [.. samples.Select(sample => sample.Milliseconds).Order()], samples.Max(sample => sample.PeakKibibytes),
            samples.Select(sample => sample.Faults).Order().ElementAt(samples.Count / 2),
            samples.Select(sample => sample.CpuMilliseconds).Order().ElementAt(samples.Count / 2));

    private double At(double share) => Milliseconds[(int)Math.Min(Milliseconds.Length - 1, Math.Floor(Milliseconds.Length * share))];
}

internal static class Table
{
    public static void Print(List<Measurement> measurements)
    {
        var crun = measurements.FirstOrDefault(measurement => measurement.Name == "crun");
        var newest = measurements.FirstOrDefault(measurement => measurement.Name == "crun-new");
        var floor = measurements.FirstOrDefault(measurement => measurement.Name == "floor+cgroup");
        Console.WriteLine($"  {"",-14}{"median ms",10}{"p90 ms",10}{"min ms",10}{"x crun",9}{"x new",9}{"x floor",9}{"cpu ms",10}{"faults",9}{"peak MiB",10}");
        foreach (var measurement in measurements)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {measurement.Name,-14}{measurement.Median,10:F2}{measurement.NinetiethPercentile,10:F2}{measurement.Minimum,10:F2}{Ratio(measurement, crun),9}{Ratio(measurement, newest),9}{Ratio(measurement, floor),9}{measurement.CpuMilliseconds,10:F2}{measurement.Faults,9}{measurement.PeakKibibytes / 1024.0,10:F1}"));
        }

        Console.WriteLine();
    }

    private static string Ratio(Measurement measurement, Measurement? reference) =>
        reference is null ? "-" : (measurement.Median / reference.Median).ToString("F2", CultureInfo.InvariantCulture);
}
