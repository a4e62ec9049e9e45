using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.Schemas;

/// <summary>
/// A checker for what the specification's schemas use of JSON Schema, draft 4. A keyword that it does not know is an error of its own,
/// so that no schema is taken for looser than it is.
/// </summary>
internal sealed class JsonSchema
{
    private static readonly HashSet<string> WithoutMeaning = ["description", "$schema", "definitions", "title", "id", "format", "default"];

    private readonly string _folder;
    private readonly JsonNode _root;

    private JsonSchema(string file)
    {
        _folder = Path.GetDirectoryName(file)!;
        _root = JsonNode.Parse(File.ReadAllBytes(file))!;
    }

    /// <summary>Everything in which a document differs from a schema, each with its place.</summary>
    internal static List<string> Check(string schema, JsonNode? document)
    {
        var faults = new List<string>();
        var root = new JsonSchema(schema);
        root.Check(root._root.AsObject(), document, "", faults);
        return faults;
    }

    private void Check(JsonObject schema, JsonNode? value, string place, List<string> faults)
    {
        foreach ((string keyword, JsonNode? argument) in schema)
        {
            switch (keyword)
            {
                case "$ref": CheckReference((string)argument!, value, place, faults); break;
                case "type": CheckType(argument!, value, place, faults); break;
                case "properties" or "patternProperties" or "additionalProperties": break;
                case "required": CheckRequired(argument!.AsArray(), value, place, faults); break;
                case "items": CheckItems(argument!.AsObject(), value, place, faults); break;
                case "enum": Unless(argument!.AsArray().Any(one => JsonNode.DeepEquals(one, value)), $"is none of {argument.ToJsonString()}", place, faults); break;
                case "minimum": Unless(NumberOf(value) is not { } least || least >= (decimal)argument!, $"is below {argument}", place, faults); break;
                case "maximum": Unless(NumberOf(value) is not { } most || most <= (decimal)argument!, $"is above {argument}", place, faults); break;
                case "pattern": Unless(value is not JsonValue text || !text.TryGetValue(out string? word) || Regex.IsMatch(word, (string)argument!), $"does not match {argument}", place, faults); break;
                case "minItems": Unless(value is not JsonArray list || list.Count >= (int)argument!, $"has less than {argument} items", place, faults); break;
                case "anyOf": Unless(argument!.AsArray().Any(one => Accepts(one!, value)), "fits none of the choices", place, faults); break;
                case "allOf": argument!.AsArray().ToList().ForEach(one => Check(one!.AsObject(), value, place, faults)); break;
                case "oneOf": Unless(argument!.AsArray().Count(one => Accepts(one!, value)) == 1, "does not fit exactly one of the choices", place, faults); break;
                case "not": Unless(!Accepts(argument!, value), "is what it must not be", place, faults); break;
                default:
                    Unless(WithoutMeaning.Contains(keyword), $"is under a keyword that this checker does not know: {keyword}", place, faults);
                    break;
            }
        }

        CheckMembers(schema, value, place, faults);
    }

    private void CheckMembers(JsonObject schema, JsonNode? value, string place, List<string> faults)
    {
        if (value is not JsonObject members)
        {
            return;
        }

        foreach ((string name, JsonNode? member) in members)
        {
            string path = $"{place}/{name}";
            JsonNode[] schemas =
            [
                .. schema["properties"]?[name] is { } known ? [known] : Array.Empty<JsonNode>(),
                .. (schema["patternProperties"]?.AsObject() ?? []).Where(pattern => Regex.IsMatch(name, pattern.Key)).Select(pattern => pattern.Value!),
            ];
            schemas.ToList().ForEach(one => Check(one.AsObject(), member, path, faults));
            if (schemas.Length == 0 && schema["additionalProperties"] is { } rest)
            {
                Unless(rest is not JsonValue || (bool)rest, "is not allowed", path, faults);
                if (rest is JsonObject)
                {
                    Check(rest.AsObject(), member, path, faults);
                }
            }
        }
    }

    private void CheckReference(string reference, JsonNode? value, string place, List<string> faults)
    {
        string[] parts = reference.Split('#');
        JsonSchema target = parts[0].Length == 0 ? this : new JsonSchema(Path.Combine(_folder, parts[0]));
        JsonNode node = target._root;
        foreach (string step in (parts.Length > 1 ? parts[1] : "").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node[step] ?? throw new InvalidOperationException($"{reference} leads nowhere");
        }

        target.Check(node.AsObject(), value, place, faults);
    }

    private void CheckItems(JsonObject schema, JsonNode? value, string place, List<string> faults)
    {
        for (int i = 0; i < ((value as JsonArray)?.Count ?? 0); i++)
        {
            Check(schema, value![i], string.Create(CultureInfo.InvariantCulture, $"{place}/{i}"), faults);
        }
    }

    private static void CheckRequired(JsonArray names, JsonNode? value, string place, List<string> faults)
    {
        foreach (JsonNode? name in names)
        {
            Unless(value is not JsonObject members || members.ContainsKey((string)name!), $"has no {name}", place, faults);
        }
    }

    private static void CheckType(JsonNode type, JsonNode? value, string place, List<string> faults)
    {
        string[] types = type is JsonArray list ? [.. list.Select(one => (string)one!)] : [(string)type!];
        Unless(types.Any(one => IsOf(one, value)), $"is not of the type {string.Join(" or ", types)}", place, faults);
    }

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "null" => value is null,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => NumberOf(value) is { } number && decimal.Truncate(number) == number,
        "number" => NumberOf(value) is not null,
        _ => throw new InvalidOperationException($"no type {type}"),
    };

    private bool Accepts(JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema.AsObject(), value, "", faults);
        return faults.Count == 0;
    }

    private static decimal? NumberOf(JsonNode? value) =>
        value?.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;

    private static void Unless(bool good, string fault, string place, List<string> faults)
    {
        if (!good)
        {
            faults.Add($"{(place.Length == 0 ? "the document" : place)} {fault}");
        }
    }
}
