using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>How a line of the log is written: as Go's logrus does, or as a JSON object.</summary>
internal enum LogFormat { Text, Json }

/// <summary>How much a line of the log matters, the most first. Engines say <c>warn</c> and <c>trace</c> as well.</summary>
internal enum LogLevel { Error, Warning, Warn = Warning, Info, Debug, Trace = Debug }

/// <summary>
/// Lines for the caller: in the file of --log, else on stderr. Engines read the file as JSON objects, one per line, and
/// podman takes it whole for a single one, so a command that succeeds writes nothing. The file is opened for each line:
/// most calls have none, and no descriptor of it can reach a container.
/// </summary>
/// <param name="path">The file of --log; null for standard error.</param>
/// <param name="format">Of --log-format.</param>
/// <param name="threshold">The least important level that is still written.</param>
/// <param name="journal">Of --systemd-log: systemd's journal gets every line as well.</param>
internal sealed class Log(string? path, LogFormat format, LogLevel threshold, bool journal = false)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Why nothing could be written to the file; null when it can, or when there is none. Asked before a command does anything: an engine that
    /// cannot read why a container failed should be told so, not later.
    /// </summary>
    public RuntimeError? Unwritable
    {
        get
        {
            if (journal && Journal.Refusal() is { } refusal)
            {
                return refusal;
            }

            if (path is null)
            {
                return null;
            }

            // The file itself is made by its first line.
            SyscallResult allowed = Files.Access(Fd.CurrentDirectory, path, AccessMode.Write, AtFlags.EffectiveAccess);
            if (allowed.Errno == Errno.ENOENT)
            {
                string directory = path.LastIndexOf('/') is var slash and >= 0 ? path[..(slash + 1)] : ".";
                allowed = Files.Access(Fd.CurrentDirectory, directory, AccessMode.Write, AtFlags.EffectiveAccess);
            }

            return allowed.Failed ? new RuntimeError($"opening the log file {path}", allowed.Errno) : null;
        }
    }

    public bool IsDebug => threshold >= LogLevel.Debug;

    public void Debug(string message) => Write(LogLevel.Debug, message);

    public void Warning(string message) => Write(LogLevel.Warning, message);

    /// <summary>The reason why the program fails: once in the log, and its text alone on stderr for the caller.</summary>
    public void Failure(string message, RuntimeError? error = null)
    {
        message = Shortened(message);
        ToJournal(LogLevel.Error, message, error);
        if (path is null)
        {
            StandardStreams.WriteError(ForStandardError(LogLevel.Error, message, error));
            return;
        }

        string line = Line(LogLevel.Error, message, error);

        StandardStreams.WriteError($"{Harmless(message)}\n");
        if (Append(line) is { } unwritable)
        {
            StandardStreams.WriteError($"{unwritable.Message}\n");
        }
    }

    private void Write(LogLevel level, string message)
    {
        if (level > threshold)
        {
            return;
        }

        ToJournal(level, message, error: null);
        if (path is null)
        {
            StandardStreams.WriteError(ForStandardError(level, message, error: null));
        }
        else if (Append(Line(level, message, error: null)) is { } unwritable)
        {
            throw unwritable;
        }
    }

    private void ToJournal(LogLevel level, string message, RuntimeError? error)
    {
        if (journal)
        {
            Journal.Write(level, Harmless(message), error);
        }
    }

    /// <summary>For a person in front of a terminal the message is enough; programs get the form they know.</summary>
    private string ForStandardError(LogLevel level, string message, RuntimeError? error) =>
        format == LogFormat.Text && Colours.AreSeenAt(new Fd(2))
            ? $"hull: {Colours.Level(level, NameOf(level))}: {Harmless(message)}\n"
            : Line(level, message, error);

    /// <summary>A caller's path may be endless; what is wrong with it stands before or after.</summary>
    private static string Shortened(string message)
    {
        const int Enough = 8000, Kept = 3000;
        return message.Length <= Enough ? message : $"{message[..Kept]}…{message[^Kept..]}";
    }

    /// <summary>A caller's text may neither add lines nor move a terminal's cursor.</summary>
    private static string Harmless(string message) =>
        string.Concat(message.Select(character => character is '\t' or '\n' ? ' ' : char.IsControl(character) ? '?' : character));

    private RuntimeError? Append(string line)
    {
        SyscallResult opened = Files.OpenAt(
            Fd.CurrentDirectory, path!, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append, mode: 0b110_100_100);
        if (opened.Failed)
        {
            return new RuntimeError($"opening the log file {path}", opened.Errno);
        }

        using var file = new OwnedFd(opened.Fd.Number);
        SyscallResult written = StandardOutput.WriteAll(file, line);
        return written.Failed ? new RuntimeError($"writing to the log file {path}", written.Errno) : null;
    }

    private string Line(LogLevel level, string message, RuntimeError? error)
    {
        // UTC: the time zone's rules would have to be read from files, which any user may have written.
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string name = NameOf(level);
        (string Key, string? Value)[] extras =
        [
            ("property", error?.Property),
            ("errno", error is null or { Errno: Errno.None } ? null : error.Errno.ToString()),
            ("step", error?.Step?.ToString(CultureInfo.InvariantCulture)),
        ];
        return format == LogFormat.Json
            ? JsonLine([("level", name), ("msg", message), ("time", time), .. extras])
            : TextLine([("time", time), ("level", name), ("msg", message), .. extras]);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Info => "info",
        LogLevel.Debug => "debug",
    };

    private static string JsonLine((string Key, string? Value)[] members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            foreach ((string key, string? value) in members)
            {
                if (key == "step" && value is not null)
                {
                    writer.WritePropertyName(key);
                    writer.WriteRawValue(value);
                }
                else if (value is not null)
                {
                    writer.WriteString(key, value);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>The form of Go's logrus, which runc's callers know.</summary>
    private static string TextLine((string Key, string? Value)[] members) =>
        string.Join(' ', members.Where(member => member.Value is not null).Select(member => $"{member.Key}={Quoted(member.Value!)}")) + "\n";

    private static string Quoted(string value) => value.Length > 0 && value.All(IsPlain) ? value : GoLiteral(value);

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || "-._/@^+".Contains(character, StringComparison.Ordinal);

    private static string GoLiteral(string value)
    {
        var literal = new StringBuilder("\"");
        foreach (char character in value)
        {
            literal.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(character) => $"\\u{(int)character:x4}",
                _ => character.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }
}
