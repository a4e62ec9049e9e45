using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The program criu of this host: found in PATH, as a shell would.</summary>
internal sealed class CriuProgram
{
    /// <summary>CRIU 3.16, which knows the options that engines use; earlier ones do not know today's kernels either.</summary>
    public const int OldestVersion = 31600;

    private const string Name = "criu";

    private CriuProgram(string path) => Path = path;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Finds it.</summary>
    /// <exception cref="RuntimeError">There is none.</exception>
    public static CriuProgram Find() => HostProgram.Find(Name) is { } path
        ? new CriuProgram(path)
        : throw new RuntimeError($"checkpoint and restore need CRIU, and there is no criu in PATH ({HostProgram.SearchPath})") { Hint = "install the package criu" };

    /// <summary>The last operation of a process: to become criu, which talks on this descriptor.</summary>
    public Execute Execute(Fd socket) => new(
        [Path],
        new CStringArray([Name, "swrk", socket.Number.ToString(CultureInfo.InvariantCulture)]),
        new CStringArray(HostProgram.OwnEnvironment()));

    /// <summary>Its version: 4.2.1 is 40201.</summary>
    /// <exception cref="RuntimeError">It is too old, or does not say.</exception>
    public int Version()
    {
        CriuResponse answer = AskOnce(CriuRequest.Version());
        return answer.Version >= OldestVersion
            ? answer.Version
            : throw new RuntimeError($"{Path} is version {VersionText(answer.Version)}: hull needs CRIU {VersionText(OldestVersion)} or later")
            {
                Hint = "install a newer package criu",
            };
    }

    /// <summary>Which of the features that are asked about the kernel has.</summary>
    public CriuResponse Features() => AskOnce(CriuRequest.Features());

    /// <summary>CRIU finds all that it needs in this kernel.</summary>
    public bool Works() => AskOnce(CriuRequest.Check()).Success;

    /// <summary>As people write it.</summary>
    public static string VersionText(int version)
    {
        int patch = version % 100;
        string text = string.Create(CultureInfo.InvariantCulture, $"{version / 10000}.{version / 100 % 100}");
        return patch == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}.{patch}");
    }

    private CriuResponse AskOnce(byte[] request)
    {
        using var process = CriuProcess.Start(this);
        try
        {
            return process.Connection.Ask(request, (_, _) => true);
        }
        catch (CriuGoneException gone)
        {
            throw new RuntimeError($"{Path}: {gone.Message}{process.Said()}") { Hint = process.WhyItEnds() };
        }
    }
}

/// <summary>A running <c>criu swrk</c> that has nothing of ours open but its socket. Ends with this object.</summary>
internal sealed class CriuProcess : IDisposable
{
    private const int KeptOutput = 4096;

    private readonly OwnedFd _output;
    private readonly OwnedFd _process;
    private bool _ended;

    private CriuProcess(CriuConnection connection, OwnedFd output, OwnedFd process)
    {
        Connection = connection;
        connection.Program = process;
        _output = output;
        _process = process;
    }

    /// <summary>The conversation with it.</summary>
    public CriuConnection Connection { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="RuntimeError">It cannot be run.</exception>
    public static CriuProcess Start(CriuProgram program)
    {
        var connection = CriuConnection.Open();
        OwnedFd? output = null;
        try
        {
            using OwnedFd input = HostFiles.InMemory("criu-input", []);
            output = HostFiles.InMemory("criu-output", []);
            var slots = new Slots { [Slot.CreateContainerState] = input, [Slot.HookOutput] = output, [Slot.CriuSocket] = connection.Far };
            using var channel = new HostChannel(slots);
            Operation[] operations =
                [new RedirectStandardStreams(Slot.CreateContainerState, Slot.HookOutput), new CloseDescriptors(3), program.Execute(connection.Far)];
            ClonedProcess process = Clone.Start(operations, slots, new CloneContext(0, [], Fd.None));
            channel.CloseFarEnd();
            connection.CloseFarEnd();
            var criu = new CriuProcess(connection, output, process.Process);
            if (channel.Receive() is { Kind: ReportKind.Failure } report)
            {
                criu.Dispose();
                throw new RuntimeError($"run {program.Path}", report.Errno);
            }

            return criu;
        }
        catch
        {
            connection.Dispose();
            output?.Dispose();
            throw;
        }
    }

    /// <summary>What it wrote to its standard streams, with a colon before it; empty for nothing.</summary>
    public string Said()
    {
        nint length = Files.Seek(_output, 0, SeekOrigin.End).OrThrow("lseek");
        Files.Seek(_output, Math.Max(0, length - KeptOutput), SeekOrigin.Begin).OrThrow("lseek");
        byte[] text = HostFiles.ReadOpened(_output, "criu-output");
        IReadOnlyList<string> errors = CriuLog.Errors(text);
        string said = errors.Count > 0 ? errors[0] : CallerText.Printable(Encoding.UTF8.GetString(text).Trim().ReplaceLineEndings("; "), KeptOutput);
        return said.Length == 0 ? "" : ": " + said;
    }

    /// <summary>What can be done about what it wrote.</summary>
    public string? WhyItEnds() => CriuLog.HintFor(Said());

    /// <summary>Ends it, if it still runs, and waits for that.</summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            Connection.Dispose();

            // After its answer it ends by itself; one that does not answer must not stay.
            if (!ProcessEnd.HasCome(_process, EndMilliseconds))
            {
                Processes.SendSignal(_process, (int)Signal.SIGKILL);
            }

            Processes.Wait(_process, WaitOptions.Exited, out _);
        }
    }

    public void Dispose()
    {
        End();
        _process.Dispose();
        _output.Dispose();
    }

    private const int EndMilliseconds = 2000;
}
