using System.Globalization;
using System.Text;

namespace Hull.Oci;

/// <summary>
/// Writes small JSON documents. The library's writer needs 130 microseconds before its first byte, mostly for the tables of its
/// encoders, and hooks and engines wait for the state.
/// </summary>
internal sealed class JsonText(bool indented)
{
    private readonly StringBuilder text = new(1024);
    private int depth;
    private bool isFirst = true;
    private bool afterName;

    internal byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    internal void Open(char bracket)
    {
        Begin();
        text.Append(bracket);
        depth++;
        isFirst = true;
    }

    internal void Close(char bracket)
    {
        depth--;
        if (!isFirst)
        {
            NewLine();
        }

        text.Append(bracket);
        isFirst = false;
    }

    internal void Name(string name)
    {
        Begin();
        Quote(name);
        text.Append(indented ? ": " : ":");
        afterName = true;
    }

    internal void Value(string value)
    {
        Begin();
        Quote(value);
    }

    internal void Value(int value)
    {
        Begin();
        text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A member, unless it is absent.</summary>
    internal void Member(string name, string? value)
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
