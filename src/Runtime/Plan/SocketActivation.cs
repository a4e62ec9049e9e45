using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Sockets that systemd, or a caller that acts like it, opened for the program: descriptors from 3 on. sd_listen_fds(3)</summary>
/// <param name="Count">How many.</param>
/// <param name="Names">What they are called, separated by colons; empty for unnamed ones.</param>
internal sealed record SocketActivation(int Count, string Names)
{
    /// <summary>There are none.</summary>
    public static SocketActivation None => new(0, "");

    /// <summary>The program's last step: its environment says what it gets, and no variable of the caller's about that remains in it.</summary>
    public Execute Run(ImmutableArray<CString> candidates, CStringArray arguments, ImmutableArray<string> environment, HomeVariable? home)
    {
        if (Count == 0)
        {
            return new Execute(candidates, arguments, new CStringArray(environment, home));
        }

        string[] own = ["LISTEN_FDS=", Execute.ListenPidName, "LISTEN_FDNAMES="];
        List<string> entries = [.. environment.Where(entry => !own.Any(variable => entry.StartsWith(variable, StringComparison.Ordinal)))];
        entries.Add(string.Create(CultureInfo.InvariantCulture, $"LISTEN_FDS={Count}"));
        if (Names.Length > 0)
        {
            entries.Add("LISTEN_FDNAMES=" + Names);
        }

        entries.Add(Execute.ListenPidName + CStringArray.NumberRoom);
        return new Execute(candidates, arguments, new CStringArray(entries, home), entries.Count - 1);
    }
}
