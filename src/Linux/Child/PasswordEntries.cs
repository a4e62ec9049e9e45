
namespace Hull.Linux;

/// <summary>
/// Reads /etc/passwd byte by byte and looks for the first entry of a user: <c>name:password:uid:gid:comment:home:shell</c>.
/// It keeps no line, so that no line can be too long for it. passwd(5)
/// </summary>
internal struct PasswordEntries(uint userId, HomeVariable home)
{
    private const int UserField = 2;
    private const int HomeField = 5;

    private int _field;
    private ulong _number;
    private bool _isGiven;
    private bool _matches;

    /// <summary>The user's entry has been read.</summary>
    internal bool IsFound { get; private set; }

    /// <summary>The next byte of the file.</summary>
    internal void Next(byte letter)
    {
        if (letter is (byte)':' or (byte)'\n')
        {
            EndField();
            if (letter == (byte)'\n')
            {
                BeginLine();
            }
            else if (++_field == HomeField && _matches)
            {
                home.Clear();
            }
        }
        else if (_field == UserField)
        {
            // Anything but a user id becomes a number above all ids, and stays above them.
            bool isDigit = letter is >= (byte)'0' and <= (byte)'9' && _number <= uint.MaxValue;
            _number = isDigit ? (_number * 10) + letter - (byte)'0' : ulong.MaxValue;
            _isGiven = true;
        }
        else if (_field == HomeField && _matches)
        {
            home.Append(letter);
        }
    }

    /// <summary>The end of the file: its last line need not end in a newline.</summary>
    internal void EndOfFile() => EndField();

    /// <summary>The rest is not read: an entry that is not complete counts as none.</summary>
    internal readonly void Cut()
    {
        if (!IsFound)
        {
            home.Reset();
        }
    }

    private void EndField()
    {
        if (_field == UserField)
        {
            _matches = _isGiven && _number == userId;
        }
        else if (_field == HomeField && _matches)
        {
            home.End();
            IsFound = true;
        }
    }

    private void BeginLine()
    {
        _field = 0;
        _number = 0;
        _isGiven = false;
        _matches = false;
    }
}
