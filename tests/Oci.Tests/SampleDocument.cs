using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hull.Oci.Tests;

/// <summary>
/// A document in which every property of every record is given, made from the types alone. No text or number occurs twice, so that a
/// property that was read into another one shows.
/// </summary>
internal sealed class SampleDocument
{
    private int count;

    /// <summary>The document of a record.</summary>
    internal static JsonNode Of(Type record) => new SampleDocument().Value(record);

    /// <summary>What a record holds, as the document it was read from; absent properties are null.</summary>
    internal static JsonNode? Read(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        Enum name => JsonSerializer.SerializeToNode(name, name.GetType()),
        IEnumerable map when IsMap(map.GetType()) => new JsonObject(map.Cast<object>().Select(entry => new KeyValuePair<string, JsonNode?>(
            (string)entry.GetType().GetProperty("Key")!.GetValue(entry)!, Read(entry.GetType().GetProperty("Value")!.GetValue(entry))))),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Read)]),
        _ when value.GetType().IsPrimitive => JsonSerializer.SerializeToNode(value, value.GetType()),
        _ => new JsonObject(Properties(value.GetType()).Select(property =>
            new KeyValuePair<string, JsonNode?>(NameOf(property), Read(property.GetValue(value))))),
    };

    private JsonNode Value(Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        count++;
        if (type == typeof(string))
        {
            return $"text {count}";
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type.IsEnum)
        {
            Array values = Enum.GetValues(type);
            return JsonSerializer.SerializeToNode(values.GetValue(values.Length - 1), type)!;
        }

        if (type.IsPrimitive)
        {
            return count;
        }

        if (IsMap(type))
        {
            return new JsonObject { ["key"] = Value(type.GetGenericArguments()[0]) };
        }

        return type.IsGenericType
            ? new JsonArray(Value(type.GetGenericArguments()[0]), Value(type.GetGenericArguments()[0]))
            : new JsonObject(Properties(type).Select(property => new KeyValuePair<string, JsonNode?>(NameOf(property), Value(property.PropertyType))));
    }

    private static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Map<>);

    private static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
