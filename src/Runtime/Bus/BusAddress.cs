using System.Text;

namespace Hull.Runtime;

/// <summary>Where to connect to.</summary>
/// <param name="Path">A socket's path, or a name outside the file system after a zero character.</param>
/// <param name="Direct">systemd's own socket, without a bus and its greetings.</param>
internal readonly record struct BusAddress(string Path, bool Direct)
{
    /// <summary>
    /// Where the system's systemd may be reached, the best first: its own socket needs no bus daemon in between.
    /// </summary>
    /// <param name="given">DBUS_SYSTEM_BUS_ADDRESS, which counts when it is set.</param>
    public static IReadOnlyList<BusAddress> OfSystem(string? given) => !string.IsNullOrEmpty(given)
        ? Parse(given)
        : [new BusAddress("/run/systemd/private", true), new BusAddress("/run/dbus/system_bus_socket", false)];

    /// <summary>Where a user's own systemd may be reached.</summary>
    /// <param name="runtimeDirectory">XDG_RUNTIME_DIR.</param>
    /// <param name="given">DBUS_SESSION_BUS_ADDRESS.</param>
    /// <param name="userId">The user; it counts only where XDG_RUNTIME_DIR is not set.</param>
    public static IReadOnlyList<BusAddress> OfUser(string? runtimeDirectory, string? given, uint userId)
    {
        string directory = string.IsNullOrEmpty(runtimeDirectory) ? $"/run/user/{userId}" : runtimeDirectory.TrimEnd('/');
        return
        [
            new BusAddress(directory + "/systemd/private", true),
            .. string.IsNullOrEmpty(given) ? [] : Parse(given),
            new BusAddress(directory + "/bus", false),
        ];
    }

    /// <summary>
    /// The unix sockets in a list of addresses: <c>unix:path=/run/user/1000/bus,guid=…;unix:abstract=/tmp/dbus-x</c>. Others are passed
    /// over. D-Bus specification, "Server addresses"
    /// </summary>
    public static IReadOnlyList<BusAddress> Parse(string addresses)
    {
        var found = new List<BusAddress>();
        foreach (string address in addresses.Split(';'))
        {
            if (!address.StartsWith("unix:", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string parameter in address["unix:".Length..].Split(','))
            {
                int sign = parameter.IndexOf('=', StringComparison.Ordinal);
                string? prefix = sign < 0 ? null : parameter[..sign] switch { "path" => "", "abstract" => "\0", _ => null };
                if (prefix is not null && Unescape(parameter[(sign + 1)..]) is { Length: > 0 } path)
                {
                    found.Add(new BusAddress(prefix + path, false));
                }
            }
        }

        return found;
    }

    // %2f is a slash; what is no such number is no address.
    private static string? Unescape(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
            }
            else if (i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
