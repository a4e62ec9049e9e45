using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hull.Harness;

/// <summary>How a program ended and what it wrote.</summary>
public sealed record Outcome(string Line, int Status, string Output, string Error)
{
    public Outcome ShouldSucceed()
    {
        Status.Should().Be(0, "`{0}` should succeed; it wrote: {1}", Line, Error + Output);
        return this;
    }

    /// <summary>Where standard output went: what a container that outlives the command writes comes later.</summary>
    public required string OutputFile { get; init; }

    public string OutputNow() => File.ReadAllText(OutputFile);

    public override string ToString() => $"`{Line}` ended with {Status}\nstdout: {Output}\nstderr: {Error}";
}

/// <summary>
/// A program to run. Its output goes to files, not pipes: a container that outlives the command holds its ends open, and reading a
/// pipe would then wait for the container. A shell sets up what <see cref="Process"/> cannot (descriptors, umask, limits) and
/// replaces itself by the program, so that the process id and the signals are the program's.
/// </summary>
public sealed class Command
{
    private static int _counter;

    private readonly List<string> _arguments = [];
    private readonly List<string> _prelude = [];
    private readonly Dictionary<string, string?> _environment = [];
    private readonly string _scratch;
    private string _input = "/dev/null";
    private string? _workingDirectory;
    private bool _emptyEnvironment;
    private TimeSpan _timeout = Patience.Limit;

    /// <param name="scratch">A directory of the test's own, where the output files go.</param>
    public Command(string scratch, params string[] arguments)
    {
        _scratch = scratch;
        _arguments.AddRange(arguments);
    }

    public Command With(params string[] arguments)
    {
        _arguments.AddRange(arguments);
        return this;
    }

    public Command Environment(string name, string? value)
    {
        _environment[name] = value;
        return this;
    }

    public Command EmptyEnvironment()
    {
        _emptyEnvironment = true;
        return this;
    }

    public Command In(string directory)
    {
        _workingDirectory = directory;
        return this;
    }

    public Command Input(string text)
    {
        _input = NewFile("in");
        File.WriteAllText(_input, text);
        return this;
    }

    /// <summary>A line of shell before the program replaces the shell: `umask 077`, `ulimit -n 100`, `exec 3&lt;/some/file`.</summary>
    public Command Prelude(string line)
    {
        _prelude.Add(line);
        return this;
    }

    public Command Timeout(TimeSpan timeout)
    {
        _timeout = timeout;
        return this;
    }

    public Outcome Run() => Start().Wait();

    public RunningCommand Start()
    {
        string output = NewFile("out"), error = NewFile("err");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(string.Join('\n', [.. _prelude, $"exec \"$@\" <'{_input}' >'{output}' 2>'{error}'"]));
        start.ArgumentList.Add("sh");
        _arguments.ForEach(start.ArgumentList.Add);
        if (_workingDirectory is not null)
        {
            start.WorkingDirectory = _workingDirectory;
        }

        if (_emptyEnvironment)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return new RunningCommand(Process.Start(start)!, string.Join(' ', _arguments), output, error, _timeout);
    }

    private string NewFile(string kind) => Path.Combine(
        _scratch, string.Create(CultureInfo.InvariantCulture, $"command-{Interlocked.Increment(ref _counter)}.{kind}"));
}

/// <summary>A program that was started and has not been waited for.</summary>
public sealed class RunningCommand(Process process, string line, string output, string error, TimeSpan timeout)
{
    public int ProcessId => process.Id;

    public string Output => Read(output);

    public string Error => Read(error);

    public bool HasEnded => process.HasExited;

    /// <summary>Waits for the end; after the timeout kills the process with its descendants, which are all the test's own, and fails.</summary>
    public Outcome Wait()
    {
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException($"`{line}` did not end within {timeout.TotalSeconds} s; stderr: {Error} stdout: {Output}");
        }

        return new Outcome(line, process.ExitCode, Output, Error) { OutputFile = output };
    }

    /// <summary>Waits until it waits for its descriptors: then it has all of them.</summary>
    public void WaitUntilPolling()
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/wchan");
        Eventually.Holds(() => HasEnded || File.ReadAllText(place).Contains("poll", StringComparison.Ordinal), () => Error);
        HasEnded.Should().BeFalse(Error);
    }

    public void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: false);
        }

        process.WaitForExit();
    }

    private static string Read(string path) => File.Exists(path) ? Encoding.UTF8.GetString(File.ReadAllBytes(path)) : "";
}
