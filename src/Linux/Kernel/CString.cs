using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Hull.Linux;

/// <summary>
/// Text as the kernel wants it: UTF-8, ended by a zero byte, at an address that never moves.
/// It lives as long as the process: plans are made once, and a container process must be able to read them without the
/// garbage collector. Compared by content. A byte that is not UTF-8, which the kernel allows in names of files, is the lone surrogate
/// U+DC00 + byte in a string (<see cref="Decode"/>) and becomes that byte again.
/// </summary>
public readonly unsafe struct CString : IEquatable<CString>
{
    /// <summary>What is added to a byte that is not UTF-8: a low surrogate, which no text has alone.</summary>
    private const int EscapeBase = 0xDC00;

    private readonly byte* _bytes;
    private readonly int _length;

    /// <summary>Copies <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">The text holds a zero character: the kernel would see only what precedes it.</exception>
    public CString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a text for the kernel cannot hold a zero character", nameof(text));
        }

        _length = Encoding.UTF8.GetByteCount(text);
        byte[]? escaped = _length > text.Length ? EncodeEscapes(text) : null;
        _length = escaped?.Length ?? _length;
        // SAFETY: never freed, so the address stays valid for as long as any copy of this struct exists.
        _bytes = (byte*)NativeMemory.Alloc((nuint)_length + 1);
        if (escaped is null)
        {
            Encoding.UTF8.GetBytes(text, new Span<byte>(_bytes, _length));
        }
        else
        {
            escaped.CopyTo(new Span<byte>(_bytes, _length));
        }

        _bytes[_length] = 0;
    }

    private CString(byte* bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    /// <summary>Where the bytes are.</summary>
    internal byte* Pointer => _bytes;

    /// <summary>Where the bytes are, as an argument of a system call; 0 (NULL) for the default value.</summary>
    internal nint Address => (nint)_bytes;

    /// <summary>How many bytes precede the final zero.</summary>
    public int Length => _length;

    /// <summary>No text at all: a NULL pointer for the kernel.</summary>
    public bool IsNull => _bytes == null;

    /// <summary>The bytes without the final zero.</summary>
    public ReadOnlySpan<byte> Bytes => new(_bytes, _length);

    /// <summary>Wraps bytes that a container process has composed on its stack, ended by a zero byte; valid as long as they are.</summary>
    internal static CString Borrow(byte* bytes, int length) => new(bytes, length);

    /// <summary>Copies <paramref name="text"/>.</summary>
    public static implicit operator CString(string text) => new(text);

    /// <summary>Copies <paramref name="text"/>.</summary>
    public static CString FromString(string text) => new(text);

    /// <inheritdoc/>
    public bool Equals(CString other) => IsNull == other.IsNull && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The text again.</summary>
    public override string ToString() => IsNull ? "" : Decode(Bytes);

    /// <summary>Bytes of the kernel as a string from which a <see cref="CString"/> makes the same bytes, UTF-8 or not.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            text.Append(isRune ? rune.ToString() : ((char)(EscapeBase + bytes[0])).ToString());
            bytes = bytes[(isRune ? length : 1)..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text that has escapes of <see cref="Decode"/>; null when it has none.</summary>
    private static byte[]? EncodeEscapes(string text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length + 1);
        bool any = false;
        for (var i = 0; i < text.Length;)
        {
            bool isRune = Rune.TryGetRuneAt(text, i, out Rune rune);
            if (!isRune && text[i] is >= (char)(EscapeBase + 0x80) and <= (char)(EscapeBase + 0xFF))
            {
                bytes.Write([(byte)(text[i] - EscapeBase)]);
                any = true;
                i++;
                continue;
            }

            rune = isRune ? rune : Rune.ReplacementChar;
            bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            i += isRune ? rune.Utf16SequenceLength : 1;
        }

        return any ? bytes.WrittenSpan.ToArray() : null;
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(CString left, CString right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(CString left, CString right) => !left.Equals(right);
}

/// <summary>A list of texts as <c>execve(2)</c> wants it: an array of pointers ended by NULL, at an address that never moves.</summary>
public sealed unsafe class CStringArray
{
    private readonly byte** _pointers;

    /// <summary>Copies the texts.</summary>
    public CStringArray(IReadOnlyList<string> texts)
        : this(texts, null)
    {
    }

    /// <summary>Copies the texts, an environment, and ends it with the home directory, when one is to be found out.</summary>
    public CStringArray(IReadOnlyList<string> texts, HomeVariable? home)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Count = texts.Count + (home is null ? 0 : 1);
        // SAFETY: never freed; see CString.
        _pointers = (byte**)NativeMemory.Alloc((nuint)(Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            _pointers[i] = new CString(texts[i]).Pointer;
        }

        if (home is not null)
        {
            _pointers[texts.Count] = home.Pointer;
        }

        _pointers[Count] = null;
    }

    /// <summary>How many texts there are.</summary>
    public int Count { get; }

    /// <summary>The array, as an argument of a system call.</summary>
    internal nint Address => (nint)_pointers;

    /// <summary>
    /// Puts a number at the end of one text: <c>LISTEN_PID=</c> and our pid. A container process calls it, so that it only writes over
    /// what follows <paramref name="offset"/>: <see cref="NumberRoom"/> characters must be there.
    /// </summary>
    internal void PutNumber(int index, int offset, int number)
    {
        byte* text = _pointers[index] + offset;
        int divisor = 1;
        while (number / divisor >= 10)
        {
            divisor *= 10;
        }

        for (; divisor > 0; divisor /= 10)
        {
            *text++ = (byte)('0' + (number / divisor % 10));
        }

        *text = 0;
    }

    /// <summary>Room for the number of any process: ten digits.</summary>
    public const string NumberRoom = "0000000000";

    /// <summary>One of the texts, again as a string.</summary>
    public string this[int index] => Marshal.PtrToStringUTF8((nint)_pointers[index]) ?? "";

    /// <summary>The texts, each in quotes, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < Count; i++)
        {
            text.Append(i == 0 ? "\"" : ", \"").Append(this[i]).Append('"');
        }

        return text.Append(']').ToString();
    }
}
