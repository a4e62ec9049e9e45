using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>Writes and reads an enumeration by the specification's names (<see cref="SpecNames"/>); any other name is an error.</summary>
internal sealed class SpecNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        int index = SpecNames.IndexOf(SpecNames.Of<T>(), reader.GetString());
        return index >= 0 ? Unsafe.BitCast<int, T>(index) : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(SpecNames.At(SpecNames.Of<T>(), Unsafe.BitCast<T, int>(value)));
}
