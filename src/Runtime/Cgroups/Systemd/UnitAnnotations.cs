using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Annotations <c>org.systemd.property.Name</c>: properties of the unit that the specification has no property for (SDC-06).</summary>
internal static class UnitAnnotations
{
    /// <summary>What their names begin with.</summary>
    public const string Prefix = "org.systemd.property.";

    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>Adds them; they win over what hull would have said.</summary>
    /// <exception cref="RuntimeError">A name that is none, a value that is not GVariant text, or a property that is not the user's to set.</exception>
    public static void Add(UnitProperties properties, IEnumerable<KeyValuePair<string, string>> annotations)
    {
        foreach ((string key, string text) in annotations)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Add(properties, key[Prefix.Length..], text, SpecPath.Root.Property("annotations").Property(key));
            }
        }
    }

    private static void Add(UnitProperties properties, string name, string text, SpecPath path)
    {
        bool valid = name.Length >= 3;
        foreach (char letter in name)
        {
            valid &= char.IsAsciiLetter(letter);
        }

        if (!valid)
        {
            throw Refusal.Of(path, "SDC-06", $"\"{name}\" is no name of a systemd property");
        }

        // Other processes would be moved into the container, or the container elsewhere than its cgroupsPath says.
        if (name is "PIDs" or "PIDFDs" or "Slice" or "Wants" or "Delegate" or "DelegateSubgroup")
        {
            throw Refusal.Of(path, "SDC-06", $"{name} is for the runtime to set, not for an annotation");
        }

        BusValue value;
        try
        {
            value = VariantText.Parse(text);
        }
        catch (FormatException broken)
        {
            throw Refusal.Of(path, "SDC-06", $"\"{text}\" is not a value in GVariant text: {broken.Message}");
        }

        if (name.Length > 3 && name.EndsWith("Sec", StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^4]))
        {
            properties.Set(name[..^3] + "USec", Microseconds(value, text, path));
        }
        else
        {
            properties.Set(name, value);
        }
    }

    private static ulong Microseconds(BusValue value, string text, SpecPath path)
    {
        double seconds = value switch
        {
            BusNumber { Type: 'd' } real => BitConverter.UInt64BitsToDouble(real.Bits),
            BusNumber { Type: 'n' or 'i' or 'x' } signed => (long)signed.Bits,
            BusNumber { Type: 'y' or 'q' or 'u' or 't' } unsigned => unsigned.Bits,
            _ => double.NaN,
        };
        double microseconds = Math.Round(seconds * MicrosecondsPerSecond);
        return microseconds is >= 0 and < ulong.MaxValue
            ? (ulong)microseconds
            : throw Refusal.Of(path, "SDC-06", string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is no number of seconds"));
    }
}
