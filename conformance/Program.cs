using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Hull.Conformance.PublicSuite;
using Hull.Conformance.Reports;
using Hull.Conformance.Rules;
using Hull.Conformance.Suite;

[assembly: SupportedOSPlatform("linux")]

namespace Hull.Conformance;

internal static class Program
{
    private const int Interrupted = 130;

    private static readonly CancellationTokenSource Stop = new();

    private static int Main(string[] arguments)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, AskToStop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, AskToStop);
        try
        {
            return Run(Options.Parse(arguments));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("conformance: stopped");
            return Interrupted;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or IOException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine("conformance: " + exception.Message);
            return 2;
        }
    }

    // The cases under way end, and are cleaned up after, before the program does.
    private static void AskToStop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop.Cancel();
    }

    private static int Run(Options options)
    {
        var cases = Case.All.Where(one => options.Filters.Count == 0 || options.Filters.Exists(one.Matches)).ToArray();
        var coverage = new Coverage(ReadChecklist(options), Case.All);
        if (options.Carry is { } carried)
        {
            File.WriteAllText(carried, Checklist.Write(coverage.Rules));
            return 0;
        }

        if (options.List)
        {
            return List(cases, coverage);
        }

        RuntimeUnderTest[] runtimes =
        [
            .. options.Runtimes.Select(path => options.Without is { } calls
                ? RuntimeUnderTest.At(WithoutCalls.Wrap(Path.GetFullPath(path), calls)) with { LacksCalls = true }
                : RuntimeUnderTest.At(path)),
        ];
        if (options.RuntimeTools is { } checkout)
        {
            return new ValidationSuite(checkout, options).Run(runtimes);
        }

        if (runtimes.Length == 0 || cases.Length == 0)
        {
            throw new ArgumentException(runtimes.Length == 0 ? "no runtime: name one with --runtime" : "no case matches the filter");
        }

        // The harness looks for a runtime of its own accord, too; here every bundle is given one.
        Environment.SetEnvironmentVariable("HULL_BINARY", runtimes[0].Path);
        var results = runtimes.SelectMany(runtime => RunOne(runtime, cases, options)).ToArray();
        var matrix = new Matrix(runtimes, results, coverage);
        File.WriteAllText(Path.Combine(options.Results, "conformance.md"), matrix.Markdown() + matrix.Failures());
        File.WriteAllText(Path.Combine(options.Results, "conformance.html"), matrix.Html());
        if (options.Readme is { } readme)
        {
            Readme.Replace(readme, "table", matrix.Markdown() + matrix.Failures());
            Readme.Replace(readme, "uncovered", matrix.UncoveredRules());
        }

        Console.WriteLine(coverage.Summary + "; tables and TAP and JUnit files are in " + options.Results);
        Console.WriteLine(Lines.Summary(results));
        return results.Any(result => result.Verdict == Verdict.Failed || result.Left.Count > 0) ? 1 : 0;
    }

    private static IReadOnlyList<Result> RunOne(RuntimeUnderTest runtime, Case[] cases, Options options)
    {
        Console.WriteLine($"== {runtime.Version} ({runtime.Path}), {cases.Length} cases");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var results = new Runner(runtime, options.Jobs, result => Console.WriteLine(Lines.Of(result)), Stop.Token).Run(cases);
        Directory.CreateDirectory(options.Results);
        File.WriteAllText(Path.Combine(options.Results, runtime.Name + ".tap"), Tap.Of(results));
        File.WriteAllText(Path.Combine(options.Results, runtime.Name + ".xml"), JUnit.Of(runtime, results));
        Console.WriteLine($"== {runtime.Name}: {Lines.Summary(results)} in {watch.Elapsed.TotalSeconds:F0} s"
            + $" ({Lines.Count(results, Verdict.Newer)} of the skipped failed on rules newer than the specification {runtime.Specification} it says it implements)");
        return results;
    }

    private static System.Collections.Immutable.ImmutableArray<ChecklistRule> ReadChecklist(Options options) =>
        options.Checklist is { } path && File.Exists(path) ? Checklist.Read(File.ReadAllText(path)) : Checklist.Carried;

    private static int List(Case[] cases, Coverage coverage)
    {
        Array.ForEach(cases, one => Console.WriteLine($"{one.Chapter}\t{string.Join(',', one.Rules)}\t{one.Sentence}"));
        foreach (var (rule, reason) in coverage.Uncovered)
        {
            Console.WriteLine($"no case\t{rule.Id}\t{rule.Level}\t{reason}\t{rule.Sentence}");
        }

        foreach (var id in coverage.Unknown)
        {
            Console.WriteLine($"unknown rule\t{id}");
        }

        Console.WriteLine($"{cases.Length} cases; {coverage.Summary}");
        return coverage.Unknown.IsEmpty ? 0 : 1;
    }
}
