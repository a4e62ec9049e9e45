using System.Globalization;
using System.Text.Json;

namespace Hull.Observer;

/// <summary>The open descriptors and what they lead to.</summary>
internal static class Descriptors
{
    private const int Limit = 256;

    /// <summary>By number, not by listing the directory: listing opens a descriptor of its own.</summary>
    public static SortedDictionary<int, string>? Read()
    {
        if (Kernel.Look("/proc/self/fd", out _) is null)
        {
            return null;
        }

        var found = new SortedDictionary<int, string>();
        for (var number = 0; number < Limit; number++)
        {
            if (Kernel.Link("/proc/self/fd/" + number.ToString(CultureInfo.InvariantCulture)) is { } target)
            {
                found[number] = target;
            }
        }

        return found;
    }

    public static void Write(Utf8JsonWriter json, SortedDictionary<int, string>? descriptors)
    {
        if (descriptors is null)
        {
            json.WriteNull("descriptors");
            return;
        }

        json.WriteStartObject("descriptors");
        foreach (var (number, target) in descriptors)
        {
            json.WriteString(number.ToString(CultureInfo.InvariantCulture), target);
        }

        json.WriteEndObject();
    }
}
