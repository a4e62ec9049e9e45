using System.Globalization;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>The size of huge pages as the kernel spells it in the names of files (HUG-01).</summary>
internal static class PageSize
{
    /// <summary>The largest unit that divides it: <c>2048KB</c> is <c>2MB</c>.</summary>
    public static string Of(string size, SpecPath path)
    {
        const string units = "KMG";
        int unit = size.Length < 3 ? -1 : units.IndexOf(size[^2], StringComparison.Ordinal);
        if (unit < 0 || size[^1] != 'B' || !ulong.TryParse(size.AsSpan(0, size.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) || number == 0)
        {
            throw Refusal.Of(path, "HUG-01", $"\"{size}\" is not a size such as 64KB, 2MB or 1GB");
        }

        while (unit < units.Length - 1 && number % 1024 == 0)
        {
            number /= 1024;
            unit++;
        }

        return ResourceSteps.Text(number) + units[unit] + "B";
    }
}
