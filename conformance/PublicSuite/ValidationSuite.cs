using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hull.Conformance.Reports;
using Hull.Conformance.Suite;

namespace Hull.Conformance.PublicSuite;

/// <summary>What a test of the public suite made of a runtime.</summary>
internal sealed record ValidationResult(string Test, RuntimeUnderTest Runtime, bool Passed, int ExitStatus, TapOutput Output, TimeSpan Duration);

/// <summary>
/// Runs a built checkout of opencontainers/runtime-tools one test at a time. The tests were written for a machine to throw away:
/// they bind the host's /etc into bundles, let runtimes mount in the caller's mount namespace and remove directories across those
/// mounts. So each runs in a mount namespace and a process namespace of its own, on a copy of /etc, with its bundles and the
/// runtime's state in a directory of ours; when its first process ends, so does everything it started.
/// </summary>
internal sealed class ValidationSuite(string checkout, Options options)
{
    private const int TimeLimit = 60;

    private readonly string _checkout = Path.GetFullPath(checkout);

    public int Run(IReadOnlyList<RuntimeUnderTest> runtimes)
    {
        Check();
        string[] tests = [.. Directory.EnumerateFiles(Path.Combine(_checkout, "validation"), "*.t", SearchOption.AllDirectories)
            .Where(path => options.Filters.Count == 0 || options.Filters.Exists(filter => Path.GetFileName(path).Contains(filter, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];
        if (tests.Length == 0)
        {
            throw new ArgumentException($"{_checkout}/validation has no built tests (*.t): build the checkout first");
        }

        ValidationResult[] results = [.. runtimes.SelectMany(runtime => tests.Select(test => Show(RunOne(runtime, test))))];
        Report(runtimes, tests, results);
        return results.All(result => result.Passed) ? 0 : 1;
    }

    private void Check()
    {
        if (Environment.UserName != "root")
        {
            throw new ArgumentException("the public suite needs root");
        }

        if (!File.Exists(Path.Combine(_checkout, "runtimetest")))
        {
            throw new ArgumentException($"{_checkout} has no runtimetest: build the checkout first");
        }
    }

    private ValidationResult RunOne(RuntimeUnderTest runtime, string test)
    {
        var home = Directory.CreateTempSubdirectory("hull-runtime-tools-").FullName;
        var top = TopCgroups("cgrouptest");
        var watch = Stopwatch.StartNew();
        try
        {
            var wrapper = Prepare(home, runtime);
            var outcome = new Command(home, "unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--propagation", "private",
                    "bash", "-c", Script, "bash", home, test, TimeLimit.ToString(CultureInfo.InvariantCulture))
                .In(_checkout).Environment("RUNTIME", wrapper).Environment("TMPDIR", home + "/bundles").Timeout(TimeSpan.FromSeconds(TimeLimit + 30)).Run();
            var output = TapOutput.Parse(outcome.Output);
            File.WriteAllText(LogOf(runtime, test), outcome.Output + outcome.Error);
            return new ValidationResult(Path.GetFileNameWithoutExtension(test), runtime,
                outcome.Status == 0 && output.NotOk == 0 && output.Failures.Count == 0, outcome.Status, output, watch.Elapsed);
        }
        finally
        {
            CleanUp(home, runtime, top);
        }
    }

    // $1 home, $2 test, $3 seconds. The shell is the first process of the namespace: it also buries what the runtime leaves behind.
    private const string Script = """
        mount --bind "$1/etc" /etc || exit 99
        timeout --kill-after=5 "$3" "$2"
        status=$?
        exit $status
        """;

    // The suite calls the runtime without global options; the wrapper gives it a state directory of our own.
    private static string Prepare(string home, RuntimeUnderTest runtime)
    {
        // Users that a container maps must be able to reach its bundle.
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(home, open);
        Directory.CreateDirectory(home + "/bundles", open);
        Directory.CreateDirectory(home + "/state");
        new Command(home, "cp", "-a", "/etc", home + "/etc").Run();
        var wrapper = home + "/" + runtime.Name;
        File.WriteAllText(wrapper, $"#!/bin/sh\nexec '{runtime.Path}' --root '{home}/state' \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return wrapper;
    }

    private static void CleanUp(string home, RuntimeUnderTest runtime, List<string> top)
    {
        string[] ids = [.. Directory.EnumerateFileSystemEntries(home + "/state").Select(Path.GetFileName).OfType<string>()];
        foreach (var id in ids)
        {
            new Command(home, runtime.Path, "--root", home + "/state", "delete", "--force", id).Run();
        }

        // Only what the suite is known to make and was not there before.
        foreach (var directory in TopCgroups(["cgrouptest", .. ids]).Except(top).OrderByDescending(directory => directory.Length))
        {
            new Command(home, "rmdir", directory).Run();
        }

        // The namespaces are gone, and with them every mount; a recursive removal still stays on one file system.
        if (MountTable.Below(home).Count == 0)
        {
            using var removal = Process.Start("rm", ["-rf", "--one-file-system", home]);
            removal.WaitForExit();
        }
    }

    private static List<string> TopCgroups(params string[] names) =>
    [
        .. MountTable.Read().Where(mount => mount.Type is "cgroup" or "cgroup2").SelectMany(mount => names.Select(name => mount.Point + "/" + name))
            .Where(Directory.Exists).SelectMany(top => Directory.EnumerateDirectories(top, "*", SearchOption.AllDirectories).Append(top)),
    ];

    private string LogOf(RuntimeUnderTest runtime, string test)
    {
        var directory = Directory.CreateDirectory(Path.Combine(options.Results, "runtime-tools", runtime.Name)).FullName;
        return Path.Combine(directory, Path.GetFileNameWithoutExtension(test) + ".tap");
    }

    private static ValidationResult Show(ValidationResult result)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(result.Passed ? "ok   " : "FAIL ")} {result.Runtime.Name} {result.Test} {Counts(result)} ({result.Duration.TotalSeconds:F1} s)"));
        foreach (var failure in result.Passed ? [] : result.Output.Failures.Take(3))
        {
            Console.WriteLine("        " + failure);
        }

        return result;
    }

    private static string Counts(ValidationResult result) => string.Create(
        CultureInfo.InvariantCulture, $"{result.Output.Ok}/{result.Output.NotOk}{(result.ExitStatus == 0 ? "" : $" exit {result.ExitStatus}")}");

    private void Report(IReadOnlyList<RuntimeUnderTest> runtimes, string[] tests, ValidationResult[] results)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}: {string.Join("; ", runtimes.Select(runtime => runtime.Version))}.\n\n");
        text.Append("| test | ").AppendJoin(" | ", runtimes.Select(runtime => runtime.Name)).Append(" |\n|---|").Insert(text.Length, "---|", runtimes.Count).Append('\n');
        text.Append("| **passed** | ").AppendJoin(" | ", runtimes.Select(runtime => string.Create(
            CultureInfo.InvariantCulture, $"{results.Count(result => result.Runtime == runtime && result.Passed)} of {tests.Length}"))).Append(" |\n");
        foreach (var test in results.GroupBy(result => result.Test))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {test.Key} | ")
                .AppendJoin(" | ", test.Select(result => result.Passed ? Counts(result) : $"**{Counts(result)}**")).Append(" |\n");
        }

        File.WriteAllText(Path.Combine(options.Results, "runtime-tools.md"), text.ToString());
        if (options.Readme is { } readme)
        {
            Readme.Replace(readme, "runtime-tools", text.ToString());
        }

        foreach (var runtime in runtimes)
        {
            Console.WriteLine($"== {runtime.Name}: {results.Count(result => result.Runtime == runtime && result.Passed)} of {tests.Length} tests of the public suite passed");
        }
    }
}
