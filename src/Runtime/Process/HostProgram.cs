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

    /// <summary>Runs it and waits for its end.</summary>
    /// <exception cref="RuntimeError">It could not be run.</exception>
    public static (WaitStatus Status, string Output) Run(string name, IReadOnlyList<string> arguments)
    {
        string path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } given ? given : UsualPath;
        ImmutableArray<CString> candidates = [.. path.Split(':').Where(directory => directory.StartsWith('/')).Select(directory => (CString)$"{directory}/{name}")];
        using OwnedFd input = HostFiles.InMemory("input", []);
        using OwnedFd output = HostFiles.InMemory("output", []);
        var slots = new Slots { [Slot.CreateContainerState] = input, [Slot.HookOutput] = output };
        using var channel = new HostChannel(slots);
        ClonedProcess process = Clone.Start(
            [
                new RedirectStandardStreams(Slot.CreateContainerState, Slot.HookOutput),
                new CloseDescriptors(3),
                new FindExecutable(candidates, Searched: true),
                new Execute(candidates, new CStringArray([name, .. arguments]), new CStringArray(OwnEnvironment())),
            ],
            slots,
            new CloneContext(0, [], Fd.None));
        using OwnedFd descriptor = process.Process;
        channel.CloseFarEnd();
        Report? failed = channel.Receive();
        Processes.Wait(descriptor, WaitOptions.Exited, out WaitStatus status).OrThrow("waitid");
        if (failed is { Kind: ReportKind.Failure } report)
        {
            throw new RuntimeError($"run {name}", report.Errno) { Hint = $"{name} must be installed on the host, in {path}" };
        }

        Files.Seek(output, 0, SeekOrigin.Begin).OrThrow("lseek");
        return (status, Encoding.UTF8.GetString(HostFiles.ReadOpened(output, "output")));
    }

    private static string[] OwnEnvironment()
    {
        List<string> entries = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            entries.Add($"{entry.Key}={entry.Value}");
        }

        return [.. entries];
    }
}
