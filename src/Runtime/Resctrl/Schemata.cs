namespace Hull.Runtime;

/// <summary>The content of a file <c>schemata</c>: for each resource and each domain a value: <c>L3:0=ffff;1=00ff</c>.</summary>
internal sealed class Schemata
{
    private readonly Dictionary<(string Resource, string Domain), string> _values = [];

    /// <summary>Reads lines; blanks, leading zeros and the case of hexadecimal digits have no meaning.</summary>
    public static Schemata Parse(string text)
    {
        var schemata = new Schemata();
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                continue;
            }

            string resource = line[..colon].Trim();
            foreach (string assignment in line[(colon + 1)..].Split(';'))
            {
                int equals = assignment.IndexOf('=', StringComparison.Ordinal);
                if (equals >= 0)
                {
                    schemata._values[(resource, Number(assignment[..equals]))] = Number(assignment[(equals + 1)..]);
                }
            }
        }

        return schemata;
    }

    /// <summary>Every value of the line is so here.</summary>
    public bool Includes(string line)
    {
        Dictionary<(string Resource, string Domain), string> wanted = Parse(line)._values;
        bool all = wanted.Count > 0;
        foreach (((string Resource, string Domain) place, string value) in wanted)
        {
            all &= _values.TryGetValue(place, out string? actual) && actual == value;
        }

        return all;
    }

    private static string Number(string text)
    {
        string digits = text.Trim().ToLowerInvariant().TrimStart('0');
        return digits.Length == 0 ? "0" : digits;
    }
}
