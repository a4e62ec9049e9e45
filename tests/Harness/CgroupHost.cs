namespace Hull.Harness;

/// <summary>
/// A host with other cgroups than this one, for one program: in a mount namespace of its own other hierarchies are mounted on
/// /sys/fs/cgroup. They are the kernel's own, so that what is made in one such namespace is there in the next one.
/// </summary>
public static class CgroupHost
{
    /// <summary>Every hierarchy of version 1 and none of version 2.</summary>
    public static string[] Version1Alone { get; } = With("v1");

    /// <summary>One named hierarchy, without a controller.</summary>
    public static string[] NamedAlone { get; } = With("named");

    /// <summary>Nothing at all.</summary>
    public static string[] Nothing { get; } = With("nothing");

    // What the kernel offers a mount, and how controllers are joined, stands in /proc/self/cgroup: 9:name=systemd:/  4:cpu,cpuacct:/  0::/
    private const string Script = """
        host=$1; shift
        umount -R /sys/fs/cgroup || exit 90
        mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup || exit 91
        while IFS=: read -r number hierarchy place; do
            case $host:$hierarchy in
                v1:name=* | named:name=*) options=none,$hierarchy ;;
                v1:?*) options=$hierarchy ;;
                *) continue ;;
            esac
            mkdir "/sys/fs/cgroup/${hierarchy#name=}" && mount -t cgroup -o "$options" cgroup "/sys/fs/cgroup/${hierarchy#name=}" || exit 92
        done </proc/self/cgroup
        exec "$@"
        """;

    private static string[] With(string host) => ["unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", host];
}
