using System.Globalization;
using System.Text;
using CommandLine;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("wait", HelpText = "wait for the end of a container's program, and tell its status")]
[Example("web", "print the exit status of web as soon as it has ended")]
[Example("--format json web", "with its signal, the time, and the memory and processor time that it used")]
[EndsWith("the program's own; 128 and the signal's number when a signal ended it; 254 when it has ended and its status is known to its parent alone; 255 when hull failed")]
internal sealed class WaitCommandOptions : ContainerOptions
{
    [Option('f', "format", MetaValue = "text|json", HelpText = "how to print it")]
    public TextFormat Format { get; set; }

    /// <inheritdoc/>
    public override int FailureStatus => ExitStatus.FailureBesideProgram;

    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => WaitCommand.Run(global, this, log);
}

/// <summary>
/// <c>hull wait</c>: blocks until a container's program has ended, then tells how. Any process may ask, several at once, also after the end;
/// without its parent's help that is possible as <see cref="ProgramEnd"/> says.
/// </summary>
internal static class WaitCommand
{
    internal static int Run(GlobalOptions global, WaitCommandOptions options, Log log)
    {
        using ContainerDirectory directory = ContainerStore.Get(StoreRoot.Choose(global.Root), options.ContainerId);
        ContainerRecord record = directory.ReadCompleteRecord();
        string unknown = "it ended before it was waited for";
        if ((record.Exit ?? Await(directory, record, log, ref unknown)) is not { } exit)
        {
            Print(options, record.Id, exit: null);
            log.Failure($"container \"{record.Id}\" has ended; its status is known to its parent alone: {unknown}");
            return ExitStatus.StatusUnknown;
        }

        Print(options, record.Id, exit);
        return exit.Status;
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="unknown">Why nothing is known of it, when nothing is.</param>
    private static ContainerExit? Await(ContainerDirectory directory, ContainerRecord record, Log log, ref string unknown)
    {
        CgroupStatisticsFiles files = ExitFigures.FilesOf(record.Cgroups, HostProbe.ProbeCgroups());
        using OwnedFd? process = record.Process.OpenEvenEnded();
        if (process is not null)
        {
            ProcessEnd.HasCome(process, timeoutMilliseconds: -1);

            // First of all: the cgroups may be gone as soon as the process is.
            ExitFigures figures = ExitFigures.Read(files);
            if (ProgramEnd.Learn(record, process, out unknown) is { } status)
            {
                ContainerExit exit = ProgramEnd.Describe(status, figures);
                ProgramEnd.Keep(directory, exit, log);
                return exit;
            }
        }

        // Another command may have learned it meanwhile.
        return directory.ReadRecord()?.Exit;
    }

    private static void Print(WaitCommandOptions options, string id, ContainerExit? exit)
    {
        if (options.Format == TextFormat.Json)
        {
            var json = new JsonText(indented: false);
            json.Open('{');
            json.Member("id", id);
            if (exit is not null)
            {
                Json.WriteMembers(json, exit);
            }

            json.Close('}');
            StandardStreams.WriteOut(json.ToString());
        }
        else if (exit is not null)
        {
            StandardStreams.WriteOut(exit.Status.ToString(CultureInfo.InvariantCulture) + "\n");
        }
    }
}
