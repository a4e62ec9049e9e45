using System.Text.Json;

namespace Hull.Runtime;

/// <summary>How long each step of a plan took, as a trace tells it.</summary>
internal sealed class MeasuredTimes
{
    private readonly Dictionary<(string List, int Step), double> _microseconds = [];

    /// <summary>None: nothing was measured.</summary>
    public static MeasuredTimes None { get; } = new();

    /// <summary>The longest step, in microseconds; 0 for none.</summary>
    public double Longest => _microseconds.Count == 0 ? 0 : _microseconds.Values.Max();

    /// <summary>All steps of a list together, in microseconds.</summary>
    public double Sum(string list) => _microseconds.Where(one => one.Key.List == list).Sum(one => one.Value);

    /// <summary>How long a step took, in microseconds; null where the trace does not say.</summary>
    public double? Of(string list, int step) => _microseconds.TryGetValue((list, step), out double time) ? time : null;

    /// <summary>Reads a trace of <c>create</c> or <c>run</c>.</summary>
    /// <exception cref="RuntimeError">It is none.</exception>
    public static MeasuredTimes Parse(string file, byte[] document)
    {
        var times = new MeasuredTimes();
        try
        {
            times.Read(document);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            throw new RuntimeError($"option --trace: {CallerText.Quote(file)} is not a trace: {broken.Message}");
        }

        return times._microseconds.Count > 0 ? times : throw new RuntimeError($"option --trace: {CallerText.Quote(file)} has no step of a plan")
        {
            Hint = "hull create --trace FILE or hull run --trace FILE writes one",
        };
    }

    private void Read(byte[] document)
    {
        var json = new Utf8JsonReader(document);
        string member = "", list = "";
        double duration = 0;
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName: member = json.GetString()!; break;
                case JsonTokenType.Number when member == "dur": duration = json.GetDouble(); break;
                case JsonTokenType.String when member == "list": list = json.GetString()!; break;
                case JsonTokenType.Number when member == "step" && list.Length > 0:
                    _microseconds[(list, json.GetInt32())] = duration;
                    list = "";
                    break;
            }
        }
    }
}
