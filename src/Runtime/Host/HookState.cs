using System.Text.Json;
using Hull.Oci;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Host;

/// <summary>The state document that hooks read on standard input (HOOK-03, STATE-01).</summary>
internal static class HookState
{
    /// <param name="record">The container.</param>
    /// <param name="status">Where in its life it is (HOOK-10).</param>
    /// <param name="pid">Its process, as the hook's pid namespace numbers it; 0 when there is none (HOOK-11).</param>
    public static byte[] Of(ContainerRecord record, string status, int pid)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("ociVersion", record.OciVersion);
        json.WriteString("id", record.Id);
        json.WriteString("status", status);
        json.WriteNumber("pid", pid);
        json.WriteString("bundle", record.Bundle);
        json.WriteStartObject("annotations");
        foreach ((string key, string value) in record.Annotations)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
