using System.Globalization;
using System.Text;

namespace Hull.Oci;

/// <summary>Text of a document as it is shown to an operator: in quotes, on one line, and not longer than a line.</summary>
internal static class Quoted
{
    private const int MaximumLength = 80;

    internal static string Text(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char letter in text.Length > MaximumLength ? text.AsSpan(0, MaximumLength) : text)
        {
            if (letter is '"' or '\\')
            {
                quoted.Append('\\').Append(letter);
            }
            else if (char.IsControl(letter) || char.IsSurrogate(letter))
            {
                quoted.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                quoted.Append(letter);
            }
        }

        return quoted.Append(text.Length > MaximumLength ? "…\"" : "\"").ToString();
    }
}
