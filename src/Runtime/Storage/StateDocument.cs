using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Storage;

/// <summary>The state of a container as <c>state</c> and <c>list</c> print it (STATE-01).</summary>
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

    /// <summary>The document, indented.</summary>
    public static string Text(State state) => Encoding.UTF8.GetString(Json.Write(state, indented: true)) + "\n";

    /// <summary>Several on one line.</summary>
    public static string Text(List<State> states) =>
        "[" + string.Join(',', states.ConvertAll(state => Encoding.UTF8.GetString(Json.Write(state, indented: false)))) + "]\n";
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
