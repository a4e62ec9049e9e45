using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Something that happened to a container: one line of <c>events</c>.</summary>
/// <param name="Type">Its stable name.</param>
/// <param name="Id">The container.</param>
/// <param name="Time">When it was seen, RFC 3339.</param>
internal abstract record ContainerEvent(string Type, string Id, string Time)
{
    /// <summary>A line for programs: runc's members type, id and data, and the time.</summary>
    public string ToJson()
    {
        var json = new JsonText(indented: false);
        json.Open('{');
        json.Member("type", Type);
        json.Member("id", Id);
        json.Member("time", Time);
        json.Name("data");
        json.Open('{');
        WriteData(json);
        json.Close('}');
        json.Close('}');
        return json.ToString();
    }

    /// <summary>A line for people.</summary>
    public string ToText() => $"{Time[..Math.Min(Time.Length, "2026-11-30T12:00:00".Length)]}Z {Id}: {Describe()}\n";

    /// <summary>The members of its data.</summary>
    protected abstract void WriteData(JsonText json);

    /// <summary>What happened, for people.</summary>
    protected abstract string Describe();

    /// <summary>A size as people read it.</summary>
    protected static string Size(ulong bytes) => bytes >= 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB");
}

/// <summary>It has come to another place in its life: created, started, paused, resumed or deleted.</summary>
/// <param name="Pid">The container process; 0 where it says nothing.</param>
internal sealed record LifeEvent(string Type, string Id, string Time, int Pid) : ContainerEvent(Type, Id, Time)
{
    public const string Created = "created", Deleted = "deleted";

    protected override void WriteData(JsonText json)
    {
        if (Pid > 0)
        {
            json.Member("pid", Pid);
        }
    }

    protected override string Describe() => Pid > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Type}, process {Pid}") : Type;
}

/// <summary>Another program runs in it.</summary>
internal sealed record ExecEvent(string Id, string Time, int Pid, ImmutableArray<string> Arguments) : ContainerEvent(Notices.Exec, Id, Time)
{
    protected override void WriteData(JsonText json)
    {
        json.Member("pid", Pid);
        EventText.List(json, "args", Arguments);
    }

    protected override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"exec {string.Join(' ', Arguments.Select(word => CallerText.Printable(word, 200)))}, process {Pid}");
}

/// <summary>Limits of it were changed.</summary>
/// <param name="Properties">Those of the configuration that changed something.</param>
internal sealed record UpdatedEvent(string Id, string Time, ImmutableArray<string> Properties) : ContainerEvent(Notices.Updated, Id, Time)
{
    protected override void WriteData(JsonText json) => EventText.List(json, "properties", Properties);

    protected override string Describe() => Properties.IsEmpty ? "updated" : $"updated: {string.Join(", ", Properties)}";
}

/// <summary>The kernel has found no more memory within its limit.</summary>
/// <param name="Limit">In bytes; null without one.</param>
/// <param name="Peak">The most memory that it used so far, in bytes; null where the kernel does not tell.</param>
/// <param name="Largest">The largest kinds of what it uses, in bytes.</param>
/// <param name="Victim">What was killed; null where that could not be read.</param>
internal sealed record OutOfMemoryEvent(
    string Id, string Time, ulong? Limit, ulong? Peak, ImmutableArray<(string Name, ulong Bytes)> Largest, OutOfMemoryVictim? Victim)
    : ContainerEvent("oom", Id, Time)
{
    protected override void WriteData(JsonText json)
    {
        EventText.Optional(json, "limit", Limit);
        EventText.Optional(json, "peak", Peak);
        json.Name("largest");
        json.Open('{');
        foreach ((string name, ulong bytes) in Largest)
        {
            json.Member(name, bytes);
        }

        json.Close('}');
        if (Victim is { } victim)
        {
            json.Name("victim");
            json.Open('{');
            json.Member("pid", victim.Pid);
            json.Member("name", victim.Name);
            json.Close('}');
        }
    }

    protected override string Describe()
    {
        var text = new StringBuilder("out of memory");
        text.Append(Limit is { } limit ? $": limit {Size(limit)}" : ": no limit of its own");
        text.Append(Peak is { } peak ? $", peak {Size(peak)}" : "");
        foreach ((string name, ulong bytes) in Largest)
        {
            text.Append(", ").Append(name).Append(' ').Append(Size(bytes));
        }

        return Victim is { } victim
            ? text.Append(CultureInfo.InvariantCulture, $"; killed process {victim.Pid} ({CallerText.Printable(victim.Name, 64)})").ToString()
            : text.ToString();
    }
}

/// <summary>A limit has slowed it down or refused it something, so many times since the last such event.</summary>
/// <param name="Type"><see cref="MemoryHigh"/> or <see cref="PidsLimit"/>.</param>
/// <param name="Count">How many times.</param>
/// <param name="Limit">The limit; null where it has gone meanwhile.</param>
internal sealed record LimitEvent(string Type, string Id, string Time, ulong Count, ulong? Limit) : ContainerEvent(Type, Id, Time)
{
    public const string MemoryHigh = "memoryHigh", PidsLimit = "pidsLimit";

    protected override void WriteData(JsonText json)
    {
        json.Member("count", Count);
        EventText.Optional(json, "limit", Limit);
    }

    protected override string Describe() => Type == MemoryHigh
        ? string.Create(CultureInfo.InvariantCulture, $"over memory.high{(Limit is { } high ? $" of {Size(high)}" : "")}, {Count} times")
        : string.Create(CultureInfo.InvariantCulture, $"over the limit of processes{(Limit is { } most ? $", {most}" : "")}, {Count} times");
}

/// <summary>It waited for a resource longer than a threshold allows. Documentation/accounting/psi.rst</summary>
internal sealed record PressureEvent(string Id, string Time, PressureThreshold Threshold, PressureLine Now) : ContainerEvent("pressure", Id, Time)
{
    protected override void WriteData(JsonText json)
    {
        json.Member("resource", Threshold.Resource);
        json.Member("kind", Threshold.Kind);
        json.Member("stall", Threshold.StallMicroseconds);
        json.Member("window", Threshold.WindowMicroseconds);
        json.Member("total", Now.Total);
    }

    protected override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Threshold.Kind} of it waited for {Threshold.Resource} for more than {Threshold.StallMicroseconds / 1000.0} ms of {Threshold.WindowMicroseconds / 1000.0} ms; {Now.Average10} % of the last 10 s");
}

/// <summary>Its program has ended.</summary>
/// <param name="Exit">How; null where nobody could learn it.</param>
internal sealed record ExitedEvent(string Id, string Time, ContainerExit? Exit) : ContainerEvent("exited", Id, Time)
{
    protected override void WriteData(JsonText json)
    {
        if (Exit is { } exit)
        {
            Json.WriteMembers(json, exit);
        }
    }

    protected override string Describe()
    {
        if (Exit is not { } exit)
        {
            return "exited; its status is known to its parent alone";
        }

        string signal = exit.Signal is { } number ? string.Create(CultureInfo.InvariantCulture, $", killed by signal {number}") : "";
        string memory = exit.OomKilled == true ? ", a process of it was killed for want of memory" : "";
        return string.Create(CultureInfo.InvariantCulture, $"exited with status {exit.Status}{signal}{memory}");
    }
}

/// <summary>Parts of an event's data.</summary>
internal static class EventText
{
    /// <summary>A list of texts.</summary>
    public static void List(JsonText json, string name, ImmutableArray<string> words)
    {
        json.Name(name);
        json.Open('[');
        foreach (string word in words)
        {
            json.Value(word);
        }

        json.Close(']');
    }

    /// <summary>A number, unless it is absent.</summary>
    public static void Optional(JsonText json, string name, ulong? value)
    {
        if (value is { } known)
        {
            json.Member(name, known);
        }
    }
}
