using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// A program that tells systemd when it is ready: it finds a socket of ours where runc puts one, and hull passes on what it says.
/// sd_notify(3)
/// </summary>
internal static class NotifyPlanning
{
    /// <summary>The socket's name in its directory.</summary>
    public const string SocketName = "notify.sock";

    private const string Place = "/run/notify";

    /// <summary>The directory, not the socket: that is made anew by <c>start</c>.</summary>
    public static ImmutableArray<Mount> Mounts(IReadOnlyList<Mount> configured, string? directory) => directory is null
        ? [.. configured]
        : [.. configured, new Mount { Destination = Place, Type = "bind", Source = directory, Options = ["bind", "nosuid", "noexec", "nodev", "ro"] }];

    /// <summary>The program's environment names it.</summary>
    public static ResolvedProcess Tell(ResolvedProcess process, string? directory)
    {
        const string Variable = "NOTIFY_SOCKET=";
        return directory is null
            ? process
            : process with
            {
                Environment =
                [
                    .. process.Environment.Where(entry => !entry.StartsWith(Variable, StringComparison.Ordinal)),
                    $"{Variable}{Place}/{SocketName}",
                ],
            };
    }
}
