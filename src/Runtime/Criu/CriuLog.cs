using System.Text;

namespace Hull.Runtime;

/// <summary>
/// Why CRIU has failed: its answer rarely says, its log does, among thousands of other lines. Pure: the text of a log goes in, the first line that
/// is a real error comes out, and what can be done about it.
/// </summary>
internal static class CriuLog
{
    /// <summary>Lines that look like errors and are none, or only say that something has failed.</summary>
    private static string[] Harmless =>
    [
        "Can't setup RLIMIT_NOFILE for self", // Without CAP_SYS_RESOURCE, in every run.
        "cgroupd: recv req error",
        "Dumping FAILED.",
        "Pre-dumping FAILED.",
        "Restoring FAILED.",
    ];

    /// <summary>What is known to help: words of an error, any of them, and the advice; the first that fits.</summary>
    private static (string[] Words, string Hint)[] Hints =>
    [
        (["ile locks are hold", "ile lock"], "the container holds file locks: --file-locks keeps them"),
        (["Connected TCP socket", "In-flight connection", "TCP_ESTABLISHED", "tcp-established"],
            "the container has TCP connections: --tcp-established keeps them, --tcp-skip-in-flight leaves out those not yet accepted"),
        (["without peer"], "a unix socket of the container is connected to a process outside, in another network namespace, where CRIU does not find it: close it first"),
        (["xternal socket", "half of unix", "half of stream unix", "Dangling connection"],
            "a unix socket of the container is connected to a process outside: --ext-unix-sk, or close it first"),
        (["have a proper root mount", "is unreachable", "No mapping for", "external mount", "mountpoint"],
            "a mount of the container is not one of its config.json: it was made later, or its source is missing on this host"),
        (["ound dangling tty", "shell job", "shell-job", "tty slave", "inherit tty"],
            "the container uses a terminal of its caller: --shell-job, or a terminal of its own with --console-socket"),
        (["Dirty tracking is OFF", "mem_track", "dirty track"], "this kernel has no CONFIG_MEM_SOFT_DIRTY: --pre-dump and --parent-path are impossible"),
        (["ghost file"], "a deleted file is still open and larger than the limit: --ghost-limit BYTES raises that"),
        ([".img: Permission denied"], "root of the container's user namespace cannot reach the images: give the folder to that user"),
        (["has bad size", "has bad mode", "has bad build"], "a file of the rootfs has changed since the checkpoint: restore with the rootfs of that moment"),
        (["Can't open file"], "a file that the container has open is missing on this host: restore with the rootfs of the checkpoint"),
        (["vDSO", "vdso"], "this CRIU is older than the kernel: install a newer one"),
        (["already traced", "ptrace", "eize"], "another process traces one of the container: end strace or the debugger"),
        (["send_fds failed", "Can't retrieve FDs", "anon_inode"], "the container has a descriptor that CRIU cannot save, of io_uring, bpf or the like"),
        ([" while "], "an image is cut off: take the checkpoint again, or copy it again"),
        (["iptables", "nftables", "nft "], "CRIU locks the network with iptables or nftables: install one of them, or choose another --network-lock"),
        (["create a temporary directory: Read-only"], "CRIU needs a directory /tmp in a root file system that is read-only: make one"),
        (["tar "], "CRIU saves tmpfs with tar: install tar and gzip"),
    ];

    /// <summary>The text of the first real error, without time, process and place; null when there is none.</summary>
    /// <param name="log">The whole log, or its end.</param>
    public static string? FirstError(ReadOnlySpan<byte> log) => Errors(log) is [var first, ..] ? first : null;

    /// <summary>The real errors, in their order.</summary>
    public static IReadOnlyList<string> Errors(ReadOnlySpan<byte> log)
    {
        var errors = new List<string>();
        while (!log.IsEmpty)
        {
            int end = log.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? log : log[..end];
            log = end < 0 ? default : log[(end + 1)..];

            // (00.012345)      1: Error (criu/files-reg.c:1838): Can't lookup mount=44 for fd=1 path=/tmp/log
            int place = line.IndexOf("Error ("u8);
            int text = place < 0 ? -1 : line[place..].IndexOf("): "u8);
            string error = text < 0 ? "" : Encoding.UTF8.GetString(line[(place + text + 3)..]).Trim();
            if (error.Length > 0 && !Array.Exists(Harmless, error.Contains))
            {
                errors.Add(CallerText.Printable(error, LongestError));
            }
        }

        return errors;
    }

    /// <summary>What can be done about an error; null when nothing is known.</summary>
    public static string? HintFor(string error)
    {
        // Can't lookup mount=44 for fd=1 path=/tmp/log
        const string lookup = "Can't lookup mount=", descriptor = " for fd=", place = " path=";
        int fd = error.IndexOf(descriptor, StringComparison.Ordinal), path = error.IndexOf(place, StringComparison.Ordinal);
        if (error.Contains(lookup, StringComparison.Ordinal) && fd > 0 && path > fd)
        {
            return $"descriptor {error[(fd + descriptor.Length)..path]} of the container is the host's {error[(path + place.Length)..]}, outside the container: "
                + "start it with pipes, a terminal or /dev/null instead";
        }

        foreach ((string[] words, string hint) in Hints)
        {
            if (Array.Exists(words, error.Contains))
            {
                return hint;
            }
        }

        return null;
    }

    /// <summary>What can be done about the first of several errors for which something is known.</summary>
    public static string? HintFor(IEnumerable<string> errors) => errors.Select(HintFor).FirstOrDefault(hint => hint is not null);

    private const int LongestError = 300;
}
