using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Hull.Oci;

/// <summary>
/// Writes the documents of the runtime. Absent properties are left out. A configuration and features are written by code that the compiler
/// generates from the records; a state, which hooks and engines wait for, by <see cref="StateWriter"/>. Documents are read by
/// <see cref="ConfigDocument"/> and its neighbours, which are stricter and, at a first use, faster.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Config))]
[JsonSerializable(typeof(Seccomp))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(ContainerProcessState))]
[JsonSerializable(typeof(Features))]
public sealed partial class Json : JsonSerializerContext
{
    /// <summary>A configuration as UTF-8, indented by tabs as the other runtimes' <c>spec</c> does.</summary>
    public static byte[] Write(Config config) => Write(config, Default.Config, Indented('\t', 1));

    /// <summary>A seccomp profile as UTF-8, indented like the configuration that it belongs into.</summary>
    public static byte[] Write(Seccomp profile) => Write(profile, Default.Seccomp, Indented('\t', 1));

    /// <summary>A state as UTF-8: on one line for a hook, indented for people.</summary>
    public static byte[] Write(State state, bool indented)
    {
        JsonText text = new(indented);
        StateWriter.Write(text, state);
        return text.ToUtf8();
    }

    /// <summary>Writes the members of an exit into an object that has others as well.</summary>
    public static void WriteMembers(JsonText text, ContainerExit exit) => StateWriter.WriteMembers(text, exit);

    /// <summary>The state of a process as UTF-8, on one line.</summary>
    public static byte[] Write(ContainerProcessState state)
    {
        JsonText text = new(indented: false);
        StateWriter.Write(text, state);
        return text.ToUtf8();
    }

    /// <summary>The features as UTF-8, indented.</summary>
    public static byte[] Write(Features features) => Write(features, Default.Features, Indented(' ', 4));

    private static byte[] Write<T>(T document, JsonTypeInfo<T> type, JsonWriterOptions options)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using Utf8JsonWriter writer = new(buffer, options);
        JsonSerializer.Serialize(writer, document, type);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // The documents are never put into a web page, so only what JSON itself demands is escaped.
    private static JsonWriterOptions Indented(char character, int size) =>
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, IndentCharacter = character, IndentSize = size };
}
