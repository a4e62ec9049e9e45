using System.Text.Json;

namespace Hull.Oci;

/// <summary>
/// Writes a state by hand, because hooks and engines wait for it: the generated code first builds its metadata, for half a millisecond.
/// A test proves that both write the same.
/// </summary>
internal static class StateWriter
{
    internal static void Write(Utf8JsonWriter writer, State state)
    {
        writer.WriteStartObject();
        writer.WriteString("ociVersion", state.OciVersion);
        writer.WriteString("id", state.Id);
        if (state.Pid is int pid)
        {
            writer.WriteNumber("pid", pid);
        }

        writer.WriteString("status", SpecNames.At(SpecNames.ContainerStatuses, (int)state.Status));
        writer.WriteString("bundle", state.Bundle);
        WriteOptional(writer, "rootfs", state.Rootfs);
        WriteOptional(writer, "created", state.Created);
        if (state.Annotations is Map<string> annotations)
        {
            writer.WriteStartObject("annotations");
            foreach (KeyValuePair<string, string> annotation in annotations.Entries)
            {
                writer.WriteString(annotation.Key, annotation.Value);
            }

            writer.WriteEndObject();
        }

        WriteOptional(writer, "owner", state.Owner);
        writer.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter writer, ContainerProcessState state)
    {
        writer.WriteStartObject();
        writer.WriteString("ociVersion", state.OciVersion);
        writer.WriteStartArray("fds");
        foreach (string descriptor in state.Fds)
        {
            writer.WriteStringValue(descriptor);
        }

        writer.WriteEndArray();
        writer.WriteNumber("pid", state.Pid);
        WriteOptional(writer, "metadata", state.Metadata);
        writer.WritePropertyName("state");
        Write(writer, state.State);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
