namespace Hull.Oci;

/// <summary>The two ways to write the name of a kernel parameter (SYSC-01).</summary>
public static class SysctlName
{
    /// <summary>The path of <c>kernel.pid_max</c>, the highest pid.</summary>
    public const string PidMaximum = "kernel/pid_max";

    /// <summary>
    /// The path below <c>/proc/sys</c>. The first separator decides: after a dot the other separator stands for a dot inside a component
    /// (<c>net.ipv4.conf.eth0/100.forwarding</c>), after a slash dots are literal (<c>net/ipv4/conf/eth0.100/forwarding</c>).
    /// </summary>
    /// <returns>Null when the name has no separator, or an empty component, or one that leads elsewhere.</returns>
    public static string? ToPath(string name)
    {
        int first = name.AsSpan().IndexOfAny('.', '/');
        if (first < 0)
        {
            return null;
        }

        string path = name;
        if (name[first] == '.')
        {
            Span<char> letters = name.ToCharArray();
            for (int index = 0; index < letters.Length; index++)
            {
                letters[index] = letters[index] switch { '.' => '/', '/' => '.', char letter => letter };
            }

            path = new string(letters);
        }

        return HasOddComponent(path) ? null : path;
    }

    /// <summary>The kind of namespace that a parameter belongs to; null when it is one of the whole machine (SYSC-02).</summary>
    /// <param name="path">As <see cref="ToPath"/> returns it.</param>
    public static NamespaceType? NamespaceOf(string path)
    {
        if (path.StartsWith("net/", StringComparison.Ordinal))
        {
            return NamespaceType.Network;
        }

        if (path.StartsWith("fs/mqueue/", StringComparison.Ordinal))
        {
            return NamespaceType.Ipc;
        }

        if (path.StartsWith("user/", StringComparison.Ordinal))
        {
            return NamespaceType.User;
        }

        return path switch
        {
            "kernel/domainname" => NamespaceType.Uts,

            // Since Linux 6.14; before, it is the whole machine's, and planning refuses it.
            PidMaximum => NamespaceType.Pid,
            "kernel/msgmax" or "kernel/msgmnb" or "kernel/msgmni" or "kernel/sem" or "kernel/shmall" or "kernel/shmmax" or "kernel/shmmni"
                or "kernel/shm_rmid_forced" => NamespaceType.Ipc,
            _ => null,
        };
    }

    private static bool HasOddComponent(ReadOnlySpan<char> path)
    {
        while (true)
        {
            int slash = path.IndexOf('/');
            if ((slash < 0 ? path : path[..slash]) is "" or "." or "..")
            {
                return true;
            }

            if (slash < 0)
            {
                return false;
            }

            path = path[(slash + 1)..];
        }
    }
}
