namespace Hull.Oci;

/// <summary>The grammar of semver.org 2.0.0 (VER-01).</summary>
internal static class SemanticVersion
{
    /// <summary>Whether the text is a version, and if so whether its major version is 1, or 0, from before the first release.</summary>
    internal static bool IsValid(string text, out bool isSupported)
    {
        ReadOnlySpan<char> version = text;
        isSupported = version.StartsWith("1.") || version.StartsWith("0.");
        int build = version.IndexOf('+');
        if (build >= 0)
        {
            if (!AreIdentifiers(version[(build + 1)..], allowLeadingZero: true))
            {
                return false;
            }

            version = version[..build];
        }

        int preRelease = version.IndexOf('-');
        if (preRelease >= 0)
        {
            if (!AreIdentifiers(version[(preRelease + 1)..], allowLeadingZero: false))
            {
                return false;
            }

            version = version[..preRelease];
        }

        return AreThreeNumbers(version);
    }

    /// <summary>Whether a valid version is older than the first of this major and minor number; its pre-releases count as it does.</summary>
    internal static bool IsBefore(string version, uint major, uint minor)
    {
        ReadOnlySpan<char> rest = version;
        int dot = rest.IndexOf('.');
        uint first = Number(rest[..dot]);
        rest = rest[(dot + 1)..];
        return first < major || (first == major && Number(rest[..rest.IndexOf('.')]) < minor);
    }

    // A number that does not fit is larger than any that is compared with it.
    private static uint Number(ReadOnlySpan<char> text) =>
        uint.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out uint number) ? number : uint.MaxValue;

    private static bool AreThreeNumbers(ReadOnlySpan<char> version)
    {
        for (int part = 0; part < 2; part++)
        {
            int dot = version.IndexOf('.');
            if (dot < 0 || !IsNumber(version[..dot]))
            {
                return false;
            }

            version = version[(dot + 1)..];
        }

        return IsNumber(version);
    }

    private static bool AreIdentifiers(ReadOnlySpan<char> identifiers, bool allowLeadingZero)
    {
        while (true)
        {
            int dot = identifiers.IndexOf('.');
            ReadOnlySpan<char> identifier = dot < 0 ? identifiers : identifiers[..dot];
            bool isNumber = identifier.Length > 0;
            foreach (char letter in identifier)
            {
                if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
                {
                    return false;
                }

                isNumber &= char.IsAsciiDigit(letter);
            }

            if (identifier.IsEmpty || (isNumber && !allowLeadingZero && !IsNumber(identifier)))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            identifiers = identifiers[(dot + 1)..];
        }
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }
        }

        return text.Length == 1 || (text.Length > 1 && text[0] != '0');
    }
}
