using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Hull.Bench;

/// <summary>One process with much memory is saved and goes on: how long it stands still, and how long everything takes.</summary>
internal static class CheckpointBench
{
    private const int Mebibytes = 256;

    private sealed record Round(double Checkpoint, double Frozen, double Digest, double Restore);

    public static void Run(Workplace place, Contender[] runtimes, int rounds)
    {
        var bundle = place.MakeMemoryBundle(Mebibytes);
        var bundles = runtimes.ToDictionary(runtime => runtime, runtime => place.For(bundle, runtime.Name));
        var measured = runtimes.ToDictionary(runtime => runtime, _ => new List<Round>());
        Console.WriteLine($"checkpoint and restore of one process with {Mebibytes} MiB, {rounds} interleaved rounds");
        for (var round = 0; round <= rounds; round++)
        {
            for (var turn = 0; turn < runtimes.Length; turn++)
            {
                var runtime = runtimes[(round + turn) % runtimes.Length];
                if (measured.TryGetValue(runtime, out var rows) && Measure(place, runtime, bundles[runtime]) is { } row)
                {
                    // The first round warms the caches.
                    rows.AddRange(round > 0 ? [row] : []);
                }
                else
                {
                    measured.Remove(runtime);
                }
            }
        }

        Print(measured);
    }

    private static Round? Measure(Workplace place, Contender runtime, string bundle)
    {
        var images = Path.Combine(place.Home, "images-" + runtime.Name);
        try
        {
            runtime.BeginIn(bundle);
            WaitForMemory(runtime.ProcessId());
            bool tells = runtime.Name is "hull" or "beside";
            var checkpoint = runtime.Checkpoint(images, tells ? ["--format", "json"] : []);
            var digest = tells ? (long)JsonNode.Parse(runtime.Output())!["digestMicroseconds"]! / 1e3 : 0;
            var frozen = FrozenMicroseconds(File.ReadAllBytes(Path.Combine(images, "stats-dump"))) / 1e3;
            var restore = runtime.Restore(bundle, images);
            return new Round(checkpoint.Milliseconds, frozen, digest, restore.Milliseconds);
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine(exception.Message.TrimEnd());
            return null;
        }
        finally
        {
            runtime.TryEnd();
            if (Directory.Exists(images))
            {
                Directory.Delete(images, recursive: true);
            }
        }
    }

    private static void WaitForMemory(int pid)
    {
        while (true)
        {
            var status = File.ReadAllText($"/proc/{pid}/status");
            var line = status.Split('\n').FirstOrDefault(text => text.StartsWith("RssAnon:", StringComparison.Ordinal))
                ?? throw new InvalidOperationException("the program has ended");
            if (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >= Mebibytes * 1024L)
            {
                return;
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>stats-dump: three numbers of 32 bits, then stats_entry { dump 1 { frozen_time 2 } } of criu's stats.proto.</summary>
    private static long FrozenMicroseconds(ReadOnlySpan<byte> file)
    {
        var rest = file.Slice(12, (int)BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
        Varint(ref rest);
        Varint(ref rest);
        while (!rest.IsEmpty)
        {
            var (key, value) = (Varint(ref rest), Varint(ref rest));
            if (key >> 3 == 2)
            {
                return value;
            }
        }

        throw new InvalidOperationException("stats-dump has no frozen_time");
    }

    private static long Varint(ref ReadOnlySpan<byte> rest)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private static void Print(Dictionary<Contender, List<Round>> measured)
    {
        Console.WriteLine($"  {"median ms",-14}{"frozen",10}{"checkpoint",12}{"digest",10}{"without",10}{"restore",10}");
        foreach (var (runtime, rows) in measured.Where(entry => entry.Value.Count > 0))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {runtime.Name,-14}{Median(rows, row => row.Frozen),10:F1}{Median(rows, row => row.Checkpoint),12:F1}{Median(rows, row => row.Digest),10:F1}{Median(rows, row => row.Checkpoint - row.Digest),10:F1}{Median(rows, row => row.Restore),10:F1}"));
        }

        Console.WriteLine();
    }

    private static double Median(List<Round> rows, Func<Round, double> value) => rows.Select(value).Order().ElementAt(rows.Count / 2);
}
