using System.Text.RegularExpressions;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Guest;

/// <summary>What became of one check.</summary>
internal sealed record CheckResult(string Outcome, string Text);

/// <summary>
/// A Debian with systemd and cgroup v2 alone, made once from Debian's packages by tests/guest/guest.sh, in which tests/guest/checks.sh runs:
/// in namespaces on this kernel (box), or as a whole machine under emulation (machine). HULL_GUEST=0 leaves it out; HULL_GUEST=1 makes a
/// failure of what is otherwise only skipped.
/// </summary>
internal static partial class GuestSystem
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, (string Verb, int Seconds)> Places = new()
    {
        ["box"] = ("box", 120),
        ["machine"] = ("run", 170),
    };

    private static readonly Dictionary<string, Lazy<Dictionary<string, CheckResult>>> Runs =
        Places.Keys.ToDictionary(place => place, place => new Lazy<Dictionary<string, CheckResult>>(() => Run(place)));

    private static readonly Lazy<string?> Obstacle = new(Prepare);

    private static string Request => Environment.GetEnvironmentVariable("HULL_GUEST") ?? "";

    internal static string Sources { get; } = Locate();

    private static string Cache => Environment.GetEnvironmentVariable("GUEST_CACHE") is { Length: > 0 } given ? given : Path.Combine(Sources, "out/guest");

    private static string Suite => Environment.GetEnvironmentVariable("GUEST_SUITE") is { Length: > 0 } given ? given : "trixie";

    /// <summary>The names of all checks, as the script has them.</summary>
    public static IEnumerable<string> Checks =>
        File.ReadLines(Path.Combine(Sources, "tests/guest/checks.sh")).Select(line => CheckName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

    /// <summary>The result of a check; skips where there can be no guest.</summary>
    public static CheckResult ResultOf(string place, string check)
    {
        Requires.Root();
        Requires.Hull("the checks are about hull");
        Skip.Unless(Request != "0", "HULL_GUEST=0");
        if (Obstacle.Value is { } obstacle)
        {
            Skip.Unless(Request == "1", $"there is no guest: {obstacle}");
            throw new InvalidOperationException(obstacle);
        }

        Dictionary<string, CheckResult> results = Runs[place].Value;
        return results.TryGetValue(check, out CheckResult? result) ? result
            : throw new InvalidOperationException($"the {place} told nothing about this check: {results[""].Text}");
    }

    /// <summary>Why there is no guest, or null. Guests of other releases, which `./build.sh night` makes, are none.</summary>
    private static string? Prepare()
    {
        if (File.Exists(Path.Combine(Cache, Suite, "complete")))
        {
            return null;
        }

        string scratch = Directory.CreateTempSubdirectory("hull-guest-").FullName;
        try
        {
            Outcome built = Guest(scratch, "build").Timeout(BuildLimit).Run();
            return built.Status == 0 ? null : "guest.sh build: " + built.Error.TrimEnd().Split('\n')[^1];
        }
        catch (TimeoutException)
        {
            return $"guest.sh build was not ready after {BuildLimit.TotalMinutes} minutes";
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static Dictionary<string, CheckResult> Run(string place)
    {
        string share = Directory.CreateTempSubdirectory("hull-guest-").FullName;
        try
        {
            // A temporary directory is its owner's alone; in the guest ordinary users run what is in it.
            File.SetUnixFileMode(share, (UnixFileMode)0b111_101_101);
            string scratch = Directory.CreateDirectory(Path.Combine(share, "scratch")).FullName;
            File.Copy(HullBinary.File, Path.Combine(share, "hull"));
            File.Copy(Path.Combine(Sources, "tests/guest/checks.sh"), Path.Combine(share, "checks.sh"));
            (string verb, int seconds) = Places[place];
            string[] other = place == "machine" && Runs["box"].Value.Count > 1 ? ["box"] : [];
            Outcome outcome = Guest(scratch, verb, "--timeout", $"{seconds}", "--share", share,
                "--env", "HULL_FAULTS=" + Environment.GetEnvironmentVariable("HULL_FAULTS"), "--", "bash", "/share/checks.sh", place).With(other)
                .Timeout(TimeSpan.FromSeconds(seconds + 20)).Run();
            var results = new Dictionary<string, CheckResult> { [""] = new("", $"exit status {outcome.Status}: {outcome.Error}{outcome.Output}") };
            foreach (Match match in Result().Matches(outcome.Output))
            {
                results[match.Groups[2].Value] = new CheckResult(match.Groups[1].Value, match.Groups[3].Value.Trim().Replace('~', '\n'));
            }

            return results;
        }
        finally
        {
            Directory.Delete(share, recursive: true);
        }
    }

    private static Command Guest(string scratch, params string[] arguments) =>
        new Command(scratch, "bash", Path.Combine(Sources, "tests/guest/guest.sh")).With(arguments).Environment("GUEST_CACHE", Cache);

    private static string Locate()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Runtime.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the sources are not above the tests");
    }

    [GeneratedRegex(@"^([A-Z][A-Za-z0-9_]*)\(\) \{$")]
    private static partial Regex CheckName();

    [GeneratedRegex(@"^RESULT (ok|failed|skipped) (\S+)(.*)$", RegexOptions.Multiline)]
    private static partial Regex Result();
}
