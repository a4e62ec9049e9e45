using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

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
        Exit = status == ContainerStatus.Stopped ? record.Exit : null,
    };

    /// <summary>The document for people and engines.</summary>
    public static string Text(State state) => Encoding.UTF8.GetString(Json.Write(state, indented: true)) + "\n";

    /// <summary>Several on one line.</summary>
    public static string Text(IEnumerable<State> states) =>
        $"[{string.Join(',', states.Select(state => Encoding.UTF8.GetString(Json.Write(state, indented: false))))}]\n";
}

/// <summary>The names of the host's users.</summary>
internal static class UserNames
{
    // A list of a thousand containers needs the same file a thousand times.
    private static byte[]? _table;

    /// <summary>The name of a user; the number where it has none.</summary>
    public static string Of(uint userId)
    {
        _table ??= HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/etc/passwd");
        return Find(_table, userId) ?? userId.ToString(System.Globalization.CultureInfo.InvariantCulture);
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
                return Encoding.UTF8.GetString(line[..name]);
            }
        }

        return null;
    }
}

/// <summary>The state document that hooks read on standard input (HOOK-03, STATE-01).</summary>
internal static class HookState
{
    /// <param name="record">The container.</param>
    /// <param name="status">Where in its life it is (HOOK-10).</param>
    /// <param name="pid">Its process, as the hook's pid namespace numbers it; 0 when there is none (HOOK-11).</param>
    public static byte[] Of(ContainerRecord record, ContainerStatus status, int pid) => Json.Write(StateOf(record, status, pid), indented: false);

    /// <summary>The same as an object, for a document that it is a part of.</summary>
    public static State StateOf(ContainerRecord record, ContainerStatus status, int pid) => new()
    {
        OciVersion = record.OciVersion,
        Id = record.Id,
        Pid = pid,
        Status = status,
        Bundle = record.Bundle,
        Annotations = record.Annotations.IsEmpty ? null : new Map<string>([.. record.Annotations]),
    };
}
