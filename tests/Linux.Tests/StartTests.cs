using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hull.Linux.Tests;

/// <summary>src/Runtime/start.c against the published binary.</summary>
public sealed partial class StartTests
{
    /// <summary>The linker drops what is not called: where a newer runtime gave the function another name, its replacement is missing.</summary>
    [Fact]
    public void Every_function_that_replaces_one_of_the_runtimes_is_called()
    {
        var symbols = PublishedBinary.Symbols();
        var source = PublishedBinary.FindUpwards("src/Runtime/start.c");
        Skip.Unless(source is not null, "needs the source tree beside the tests");
        var replacements = Replacement().Matches(File.ReadAllText(source!)).Select(match => match.Value).ToList();
        replacements.Should().HaveCountGreaterThan(4);
        replacements.Should().AllSatisfy(name => symbols.Should().MatchRegex(@"\b" + name + @"\b", "the linker should have kept {0}", name));
    }

    // Podman, conmon and services of .NET hand such variables on.
    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump", "1")]
    [InlineData("DOTNET_GCLargePages", "1")]
    [InlineData("DOTNET_GCHeapHardLimit", "1")]
    [InlineData("DOTNET_GCHeapHardLimit", "100")]
    [InlineData("DOTNET_GCHeapHardLimitSOH", "1")]
    [InlineData("DOTNET_GCHeapHardLimitSOHPercent", "1")]
    [InlineData("DOTNET_GCRegionRange", "1000")]
    [InlineData("DOTNET_GCRegionSize", "10")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("COMPlus_GCHeapHardLimit", "1")]
    public void Nothing_in_the_environment_steers_the_runtime_of_our_own(string name, string value)
    {
        var (status, output, _) = Version($"export {name}={value}");

        status.Should().Be(0);
        output.Should().StartWith("hull version");
    }

    [Fact]
    public void A_start_that_fails_says_why()
    {
        var (status, _, error) = Version("ulimit -v 20000");

        status.Should().Be(255);
        error.Should().Be("hull: the .NET runtime cannot start: too little address space; raise RLIMIT_AS (ulimit -v)\n");
    }

    [Theory]
    [InlineData("ulimit -d 30000")] // less than a window of the collector's memory
    [InlineData("ulimit -s 1024")]
    [InlineData("ulimit -s unlimited")]
    [InlineData("ulimit -v 3000000")]
    public void Limits_that_leave_room_for_the_program_do_not_keep_it_from_starting(string prelude)
    {
        var (status, output, error) = Version(prelude);

        error.Should().BeEmpty();
        status.Should().Be(0);
        output.Should().StartWith("hull version");
    }

    private static (int Status, string Output, string Error) Version(string prelude)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{prelude}; exec '{PublishedBinary.Path()}' --version");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [GeneratedRegex(@"\b__wrap_\w+")]
    private static partial Regex Replacement();
}
