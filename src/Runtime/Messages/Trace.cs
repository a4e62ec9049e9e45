using System.Globalization;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A command that can write down what it spends its time on.</summary>
internal interface ITraced
{
    /// <summary>What the option says of itself.</summary>
    const string HelpText = "write what it spends its time on into this file: trace events for Perfetto and chrome://tracing";

    /// <summary>The file of the trace; null for none.</summary>
    string? Trace { get; }
}

/// <summary>
/// What a command spent its time on, step by step, as trace events: a JSON document that Perfetto and chrome://tracing open. Both processes have
/// one clock (<see cref="StepTimes"/>). Without <c>--trace</c> there is none, and nothing is measured.
/// </summary>
internal sealed class Trace
{
    /// <summary>The environment's name of the caller's trace. W3C Trace Context</summary>
    public const string ParentVariable = "TRACEPARENT";

    /// <summary>The annotation that has it where the environment does not.</summary>
    public const string ParentAnnotation = "run.hull.traceparent";

    private readonly string _file;
    private readonly string _command;
    private readonly long _begin = Now();
    private readonly List<Span> _spans = new(256);
    private string? _parent;

    private Trace(string file, string command)
    {
        _file = file;
        _command = command;
        Parent = Environment.GetEnvironmentVariable(ParentVariable);
    }

    /// <summary>The trace of this command; null for none. One command is one process.</summary>
    public static Trace? Current { get; private set; }

    /// <summary>The caller's span, <c>00-TRACE-SPAN-FLAGS</c>: the first that is one stays.</summary>
    public string? Parent
    {
        get => _parent;
        set => _parent ??= IsParent(value) ? value : null;
    }

    /// <summary>From now on this command is traced.</summary>
    /// <exception cref="RuntimeError">The file cannot be written: nothing has been done yet.</exception>
    public static void Begin(string file, string command)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, file, OpenFlags.WriteOnly | OpenFlags.Create, 0x180);
        if (opened.Failed)
        {
            throw new RuntimeError($"option --trace: open {CallerText.Quote(file)}", opened.Errno);
        }

        // Closed again: what the caller hands over keeps its numbers.
        Files.Close(opened.Fd);
        Current = new Trace(file, command);
    }

    /// <summary>The clock of all spans, in nanoseconds.</summary>
    public static long Now() => Polling.RealTimeNanoseconds();

    /// <summary>Something has ended.</summary>
    public void Add(in Span span) => _spans.Add(span);

    /// <summary>The same, of this process, just now.</summary>
    public void Add(string name, string property, long begin) => _spans.Add(new Span(name, property, "", "", -1, 0, begin, Now()));

    /// <summary>Writes the file.</summary>
    /// <param name="status">What the command ends with.</param>
    /// <exception cref="RuntimeError">It cannot be written.</exception>
    public void Write(int status)
    {
        long end = Now();
        var json = new JsonText(indented: false);
        json.Open('{');
        json.Name("traceEvents");
        json.Open('[');
        int own = Processes.ProcessId();
        WriteName(json, own, $"hull {_command}");
        foreach (int pid in _spans.Select(span => span.Pid).Where(pid => pid != 0).Distinct())
        {
            WriteName(json, pid, "container process");
        }

        Write(json, new Span($"hull {_command}", "", "", "", -1, own, _begin, end), own);
        foreach (Span span in _spans)
        {
            Write(json, span, own);
        }

        json.Close(']');
        json.Member("displayTimeUnit", "ms");
        json.Name("otherData");
        json.Open('{');
        json.Member("command", _command);
        json.Member("begin", DateTime.UnixEpoch.AddTicks(_begin / 100).ToString("O", CultureInfo.InvariantCulture));
        json.Member("status", status);
        if (_parent is { } parent)
        {
            json.Member("traceparent", parent);
            json.Member("traceId", parent.Split('-')[1]);
        }

        json.Close('}');
        json.Close('}');
        Store(json.ToUtf8());
    }

    /// <summary>version 00, a trace and a span that are not zero, flags.</summary>
    internal static bool IsParent(string? text) => text?.Split('-') is [{ Length: 2 } version, { Length: 32 } trace, { Length: 16 } span, { Length: 2 } flags]
        && version != "ff" && $"{version}{trace}{span}{flags}".All(char.IsAsciiHexDigitLower) && trace.Trim('0').Length > 0 && span.Trim('0').Length > 0;

    private void Store(byte[] document)
    {
        SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, _file, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x180);
        SyscallResult written = opened.Failed ? opened : StandardOutput.WriteAll(opened.Fd, document);
        if (written.Failed)
        {
            throw new RuntimeError($"option --trace: write {CallerText.Quote(_file)}", written.Errno);
        }

        Files.Close(opened.Fd);
    }

    private static void WriteName(JsonText json, int pid, string name)
    {
        json.Open('{');
        json.Member("name", "process_name");
        json.Member("ph", "M");
        json.Member("pid", pid);
        json.Name("args");
        json.Open('{');
        json.Member("name", name);
        json.Close('}');
        json.Close('}');
    }

    private void Write(JsonText json, in Span span, int own)
    {
        json.Open('{');
        json.Member("name", span.Name);
        json.Member("cat", span.Pid == 0 || span.Pid == own ? "host" : "container");
        json.Member("ph", "X");
        json.Number("ts", (span.Begin - _begin) / 1000.0);
        json.Number("dur", Math.Max(0, span.End - span.Begin) / 1000.0);
        json.Member("pid", span.Pid == 0 ? own : span.Pid);
        json.Member("tid", 1);
        json.Name("args");
        json.Open('{');
        json.Member("property", span.Property.Length == 0 ? null : span.Property);
        json.Member("rule", span.Rule.Length == 0 ? null : span.Rule);
        if (span.List.Length > 0)
        {
            json.Member("list", span.List);
            json.Member("step", span.Step);
        }

        json.Close('}');
        json.Close('}');
    }

    /// <summary>From when to when something was done.</summary>
    /// <param name="Name">What.</param>
    /// <param name="Property">The property of the configuration that asked for it; empty for none.</param>
    /// <param name="Rule">The rule; empty for none.</param>
    /// <param name="List">Which list of a plan it is a step of: hostBefore, host, container; empty for none.</param>
    /// <param name="Step">Its index there.</param>
    /// <param name="Pid">Who did it; 0 for this process.</param>
    internal readonly record struct Span(string Name, string Property, string Rule, string List, int Step, int Pid, long Begin, long End);
}
