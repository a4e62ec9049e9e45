namespace Hull.Linux;

/// <summary>Whether this process is in a user namespace of its own. user_namespaces(7)</summary>
public static class UserNamespaces
{
    /// <summary>We are in a user namespace other than the host's first one.</summary>
    public static bool IsInsideOne() => !IsIdentity(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/proc/self/uid_map"));

    /// <summary>Every id is itself, as only the first user namespace has it: <c>0 0 4294967295</c>.</summary>
    public static bool IsIdentity(ReadOnlySpan<byte> map)
    {
        // A kernel without user namespaces has no such file.
        if (map.IsEmpty)
        {
            return true;
        }

        int field = 0;
        foreach (Range range in map.SplitAny(" \n"u8))
        {
            ReadOnlySpan<byte> word = map[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (field > 2 || !word.SequenceEqual(field == 2 ? "4294967295"u8 : "0"u8))
            {
                return false;
            }

            field++;
        }

        return field == 3;
    }
}
