using System.Diagnostics;
using System.Globalization;

namespace Hull.Bench;

/// <summary>What no load of the machine changes: the system calls of a command and of what it starts, counted once by strace.</summary>
internal static class CallCounts
{
    public static void Print(Contender[] runtimes)
    {
        Console.WriteLine("system calls of the runtime, its container process and `true`");
        Console.WriteLine($"  {"",-14}{"run",8}{"exec",8}{"state",8}{"kill",8}{"list",8}");
        foreach (var runtime in runtimes)
        {
            var run = Count(runtime.Arguments(runtime.Run));
            runtime.Begin();
            try
            {
                int[] counts =
                [
                    run, Count(runtime.Arguments(runtime.Exec)), Count(runtime.Arguments(runtime.State)),
                    Count(runtime.Arguments(runtime.Signal)), Count(runtime.Arguments(runtime.List)),
                ];
                Console.WriteLine($"  {runtime.Name,-14}{string.Concat(counts.Select(count => count.ToString(CultureInfo.InvariantCulture).PadLeft(8)))}");
            }
            finally
            {
                runtime.End();
            }
        }

        Console.WriteLine();
    }

    private static int Count(string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("strace") { RedirectStandardOutput = true, RedirectStandardError = true };
            Array.ForEach(["-f", "-qq", "--signal=none", "-o", file, .. command], start.ArgumentList.Add);
            using var process = Process.Start(start)!;

            // A list of a thousand containers is more than a pipe holds.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return File.ReadLines(file).Count(line => !line.Contains(" resumed>", StringComparison.Ordinal) && !line.Contains("+++", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
