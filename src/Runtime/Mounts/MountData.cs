using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// The options of file systems in one string, as mount(2) takes them. fsconfig(2) takes them one by one, so they are parted here as the kernel
/// parts that string: at commas, but for what some file systems do in their own way.
/// </summary>
internal static class MountData
{
    /// <summary>Options of security modules, whose values may stand in quotes that protect commas. They are no part of the value.</summary>
    private static readonly string[] Labels = ["context=", "fscontext=", "defcontext=", "rootcontext="];

    /// <summary>The options in their order; one without a value is a flag.</summary>
    /// <param name="data">The string.</param>
    /// <param name="type">The file system.</param>
    public static List<MountParameter> Split(string data, string? type)
    {
        var parameters = new List<MountParameter>();
        for (var start = 0; start < data.Length; start++)
        {
            string part = Next(data, ref start, type);
            int equals = part.IndexOf('=', StringComparison.Ordinal);

            // The kernel passes over what is empty, or has a value and no name.
            if (part.Length > 0 && equals != 0)
            {
                parameters.Add(equals < 0 ? new MountParameter(part, default) : new MountParameter(part[..equals], part[(equals + 1)..]));
            }
        }

        return parameters;
    }

    /// <summary>The option that starts at a place, which becomes that of the comma behind it.</summary>
    private static string Next(string data, ref int place, string? type)
    {
        int start = place;
        bool label = Array.Exists(Labels, name => string.CompareOrdinal(data, start, name, 0, name.Length) == 0);
        var text = new StringBuilder();
        for (var quoted = false; place < data.Length; place++)
        {
            char next = data[place];
            if (label && next == '"')
            {
                quoted = !quoted;
                continue;
            }

            if (next == ',' && !quoted)
            {
                // cifs means one comma by two: passwords hold them.
                bool doubled = type is "cifs" or "smb3" && place + 1 < data.Length && data[place + 1] == ',';
                if (!doubled)
                {
                    break;
                }

                place++;
            }

            text.Append(next);
            if (type == "overlay" && next == '\\' && place + 1 < data.Length)
            {
                // The backslash stays: overlay takes it off itself, and needs it where a colon is not to part layers.
                text.Append(data[++place]);
            }
        }

        return text.ToString();
    }
}
