using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hull.Harness;

/// <summary>Paths into a document as the specification writes them: "linux.namespaces[2].path". Objects on the way are made.</summary>
public static partial class JsonPath
{
    public static void Set(JsonNode document, string path, JsonNode? value)
    {
        var (parent, last) = Descend(document, path);
        if (last is int index)
        {
            parent.AsArray()[index] = value;
        }
        else
        {
            parent[(string)last] = value;
        }
    }

    public static void Remove(JsonNode document, string path)
    {
        var (parent, last) = Descend(document, path);
        if (last is int index)
        {
            parent.AsArray().RemoveAt(index);
        }
        else
        {
            parent.AsObject().Remove((string)last);
        }
    }

    public static void Add(JsonNode document, string path, JsonNode value)
    {
        var (parent, last) = Descend(document, path);
        if (parent[(string)last] is null)
        {
            parent[(string)last] = new JsonArray();
        }

        parent[(string)last]!.AsArray().Add(value);
    }

    private static (JsonNode Parent, object Last) Descend(JsonNode document, string path)
    {
        object[] steps = [.. Step().Matches(path).Select(match => match.Groups[1].Success
            ? (object)int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : match.Value)];
        var node = document;
        foreach (var step in steps[..^1])
        {
            node = step is int index ? node[index]! : node[(string)step] ?? (node[(string)step] = new JsonObject());
        }

        return (node, steps[^1]);
    }

    [GeneratedRegex(@"\[(\d+)\]|[^.\[\]]+")]
    private static partial Regex Step();
}
