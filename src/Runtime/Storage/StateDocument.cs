using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Storage;

/// <summary>The state of a container as a document (STATE-01), its members in runc's order, which callers' tests know.</summary>
internal static class StateDocument
{
    /// <summary>What <c>state</c> and <c>list</c> tell of a container.</summary>
    public static State Of(ContainerRecord record, ContainerStatus status) => new()
    {
        OciVersion = record.OciVersion,
        Id = record.Id,
        Pid = status is ContainerStatus.Stopped or ContainerStatus.Creating ? 0 : record.Process.Pid,
        Status = status,
        Bundle = record.Bundle,
        Rootfs = record.Rootfs,
        Created = record.Created,
        Annotations = record.Annotations.IsEmpty ? null : new Map<string>([.. record.Annotations]),
        Owner = UserNames.Of(record.OwnerUserId),
    };

    /// <summary>The document on one line, for hooks.</summary>
    public static byte[] Bytes(State state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options(indented: false));
        Write(json, state);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The document for people and engines.</summary>
    public static string Text(State state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options(indented: true));
        Write(json, state);
        json.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Several on one line.</summary>
    public static string Text(IEnumerable<State> states)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, Options(indented: false));
        json.WriteStartArray();
        foreach (State state in states)
        {
            Write(json, state);
        }

        json.WriteEndArray();
        json.Flush();
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, State state)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion"u8, state.OciVersion);
        json.WriteString("id"u8, state.Id);
        if (state.Pid is { } pid)
        {
            json.WriteNumber("pid"u8, pid);
        }

        json.WriteString("status"u8, state.Status.Word());
        json.WriteString("bundle"u8, state.Bundle);
        WriteIfGiven(json, "rootfs"u8, state.Rootfs);
        WriteIfGiven(json, "created"u8, state.Created);
        if (state.Annotations is { Count: > 0 } annotations)
        {
            json.WriteStartObject("annotations"u8);
            foreach (KeyValuePair<string, string> annotation in annotations.Entries)
            {
                json.WriteString(annotation.Key, annotation.Value);
            }

            json.WriteEndObject();
        }

        WriteIfGiven(json, "owner"u8, state.Owner);
        json.WriteEndObject();
    }

    private static void WriteIfGiven(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static JsonWriterOptions Options(bool indented) =>
        new() { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}

/// <summary>The names of the host's users.</summary>
internal static class UserNames
{
    /// <summary>The name of a user; the number where it has none.</summary>
    public static string Of(uint userId)
    {
        byte[]? table = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/etc/passwd");
        return Find(table, userId) ?? userId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // root:x:0:0:root:/root:/bin/bash
    internal static string? Find(ReadOnlySpan<byte> table, uint userId)
    {
        while (!table.IsEmpty)
        {
            int end = table.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? table : table[..end];
            table = end < 0 ? default : table[(end + 1)..];
            int name = line.IndexOf((byte)':');
            int password = name < 0 ? -1 : line[(name + 1)..].IndexOf((byte)':');
            if (password >= 0
                && System.Buffers.Text.Utf8Parser.TryParse(line[(name + password + 2)..], out uint number, out _) && number == userId)
            {
                return System.Text.Encoding.UTF8.GetString(line[..name]);
            }
        }

        return null;
    }
}
