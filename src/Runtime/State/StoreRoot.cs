using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Which directory holds the containers.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Explicit">The user named it: then its absence is worth an error.</param>
internal readonly record struct StoreRoot(string Path, bool Explicit)
{
    private const string System = "/run/hull";

    /// <summary>
    /// The one given, or the default: /run/hull, for users $XDG_RUNTIME_DIR/hull. Engines pass an empty XDG_RUNTIME_DIR as root, which
    /// counts as none, and no HOME or USER at all.
    /// </summary>
    /// <param name="given"><c>--root</c>.</param>
    public static StoreRoot Choose(string? given) =>
        !string.IsNullOrEmpty(given) ? new StoreRoot(given, true)
        : Choose(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Environment.GetEnvironmentVariable("USER"), Credentials.EffectiveUserId(), InUserNamespace);

    /// <summary>The default for a caller like that.</summary>
    /// <param name="inUserNamespace">Asked only where it matters: it reads a file.</param>
    internal static StoreRoot Choose(string? runtimeDirectory, string? user, uint userId, Func<bool> inUserNamespace)
    {
        if (string.IsNullOrEmpty(runtimeDirectory))
        {
            return new StoreRoot(System, false);
        }

        // Root of a user namespace is a user in disguise (rootless Podman), unless it calls itself root (root in a container).
        bool isUser = userId != 0 || (user != "root" && inUserNamespace());
        return new StoreRoot(isUser ? runtimeDirectory.TrimEnd('/') + "/hull" : System, false);
    }

    private static bool InUserNamespace() => UserNamespaces.IsInsideOne();
}
