using System.Globalization;
using System.Text;

namespace Hull.Oci;

/// <summary>
/// Writes small JSON documents, member by member, in the order of the calls. Utf8JsonWriter needs 130 microseconds before its first byte,
/// mostly for the tables of its encoders.
/// </summary>
public sealed class JsonText(bool indented)
{
    private readonly StringBuilder text = new(1024);
    private int depth;
    private bool isFirst = true;
    private bool afterName;

    /// <summary>The document so far.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    /// <summary>The document so far as text that ends with its line.</summary>
    public override string ToString() => text.ToString() + "\n";

    /// <summary>Begins an object or an array.</summary>
    public void Open(char bracket)
    {
        Begin();
        text.Append(bracket);
        depth++;
        isFirst = true;
    }

    /// <summary>Ends it.</summary>
    public void Close(char bracket)
    {
        depth--;
        if (!isFirst)
        {
            NewLine();
        }

        text.Append(bracket);
        isFirst = false;
    }

    /// <summary>The name of the member whose value comes next.</summary>
    public void Name(string name)
    {
        Begin();
        Quote(name);
        text.Append(indented ? ": " : ":");
        afterName = true;
    }

    /// <summary>A text.</summary>
    public void Value(string value)
    {
        Begin();
        Quote(value);
    }

    /// <summary>A number.</summary>
    public void Value(long value)
    {
        Begin();
        text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A member that is a number.</summary>
    public void Member(string name, ulong value)
    {
        Name(name);
        Begin();
        text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc cref="Member(string, long)"/>
    public void Member(string name, long value)
    {
        Name(name);
        Value(value);
    }

    /// <summary>A member that is a number with up to three decimals.</summary>
    public void Number(string name, double value)
    {
        Name(name);
        Begin();
        text.Append(value.ToString("0.###", CultureInfo.InvariantCulture));
    }

    /// <summary>A member that is true or false.</summary>
    public void Member(string name, bool value)
    {
        Name(name);
        Begin();
        text.Append(value ? "true" : "false");
    }

    /// <summary>A member, unless it is absent.</summary>
    public void Member(string name, string? value)
    {
        if (value is not null)
        {
            Name(name);
            Value(value);
        }
    }

    private void Begin()
    {
        if (!afterName && depth > 0)
        {
            text.Append(isFirst ? "" : ",");
            NewLine();
        }

        isFirst = false;
        afterName = false;
    }

    private void NewLine()
    {
        if (indented)
        {
            text.Append('\n').Append(' ', 2 * depth);
        }
    }

    private void Quote(string value)
    {
        text.Append('"');
        foreach (char letter in value)
        {
            if (letter is '"' or '\\')
            {
                text.Append('\\').Append(letter);
            }
            else if (letter < ' ')
            {
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(letter);
            }
        }

        text.Append('"');
    }
}
