using System.Globalization;

namespace Hull.Runtime;

/// <summary>The systemd that makes the container's cgroups.</summary>
/// <param name="Version">Its version: 257.</param>
/// <param name="ControlGroup">The cgroup below which all its units are, without a slash at the end; empty for the hierarchy's root.</param>
/// <param name="OfUser">It is the user's own one, not the system's.</param>
internal sealed record SystemdFacts(int Version, string ControlGroup, bool OfUser)
{
    /// <summary>Reads <c>257.13-1~deb13u1</c>, <c>v252</c> or <c>systemd 241</c>; what cannot be read counts as 0, the oldest.</summary>
    public static int ParseVersion(string text)
    {
        int start = text.AsSpan().IndexOfAnyInRange('0', '9');
        int length = start < 0 ? 0 : text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = start < 0 ? "0" : length < 0 ? text.AsSpan(start) : text.AsSpan(start, length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0;
    }
}
