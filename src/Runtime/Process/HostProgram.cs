using System.Collections;
using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Runs a program of the host and keeps what it wrote. Cloned like a hook: .NET's Process class would start threads.</summary>
internal static class HostProgram
{
    // What a shell without PATH would take, and engines call us without one.
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where programs are looked for.</summary>
    public static string SearchPath => Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } given ? given : UsualPath;

    /// <summary>Runs it and waits for its end.</summary>
    /// <exception cref="RuntimeError">It could not be run.</exception>
    public static (WaitStatus Status, string Output) Run(string name, IReadOnlyList<string> arguments)
    {
        ImmutableArray<CString> candidates = [.. Candidates(name).Select(path => (CString)path)];
        using OwnedFd input = HostFiles.InMemory("input", []);
        using OwnedFd output = HostFiles.InMemory("output", []);
        using OwnedFd process = Start(
            input,
            output,
            new FindExecutable(candidates, Searched: true),
            new Execute(candidates, new CStringArray([name, .. arguments]), new CStringArray(OwnEnvironment())),
            out Errno refused);
        Processes.Wait(process, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
        if (refused != Errno.None)
        {
            throw new RuntimeError($"run {name}", refused) { Hint = $"{name} must be installed on the host, in {SearchPath}" };
        }

        Files.Seek(output, 0, SeekOrigin.Begin).OrThrow("lseek");
        return (status, Encoding.UTF8.GetString(HostFiles.ReadOpened(output, "output")));
    }

    /// <summary>Starts a program of the host with nothing of ours open.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="output">Its standard output and error.</param>
    /// <param name="prepare">What the process does before it becomes the program.</param>
    /// <param name="execute">The program.</param>
    /// <param name="refused">Why it could not become the program; it has ended then.</param>
    /// <returns>A pidfd of the process, which is still to be waited for.</returns>
    public static OwnedFd Start(Fd input, Fd output, Operation prepare, Execute execute, out Errno refused)
    {
        var slots = new Slots { [Slot.CreateContainerState] = input, [Slot.HookOutput] = output };
        using var channel = new HostChannel(slots);
        ClonedProcess process = Clone.Start(
            [new RedirectStandardStreams(Slot.CreateContainerState, Slot.HookOutput), new CloseDescriptors(3), prepare, execute], slots, new CloneContext(0, [], Fd.None));
        channel.CloseFarEnd();
        refused = channel.Receive() is { Kind: ReportKind.Failure } report ? report.Errno : Errno.None;
        return process.Process;
    }

    /// <summary>Where a program of the host is; null when it is not installed.</summary>
    public static string? Find(string name) =>
        Candidates(name).FirstOrDefault(path => !Files.Access(Fd.CurrentDirectory, path, AccessMode.Execute, AtFlags.EffectiveAccess).Failed);

    private static IEnumerable<string> Candidates(string name) =>
        SearchPath.Split(':').Where(directory => directory.StartsWith('/')).Select(directory => $"{directory}/{name}");

    /// <summary>Our own environment, with a PATH in any case.</summary>
    public static string[] OwnEnvironment()
    {
        List<string> entries = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            entries.Add($"{entry.Key}={entry.Value}");
        }

        if (!entries.Exists(entry => entry.StartsWith("PATH=", StringComparison.Ordinal)))
        {
            entries.Add($"PATH={UsualPath}");
        }

        return [.. entries];
    }
}
