using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>
/// The entry <c>HOME=…</c> of an environment, whose value the container process itself looks up: in memory that is allocated before that
/// process exists. Before, and when nothing is found, the value is <c>/</c>.
/// </summary>
public sealed unsafe class HomeVariable
{
    /// <summary>The most bytes of a home directory: PATH_MAX without the final zero.</summary>
    internal const int Capacity = 4095;

    private const int NameLength = 5;

    private readonly byte* _entry;
    private int _length;

    /// <summary>The value is <c>/</c>.</summary>
    public HomeVariable()
    {
        // SAFETY: never freed, so that an environment that holds the address stays valid; see CString.
        _entry = (byte*)NativeMemory.Alloc(NameLength + Capacity + 1);
        "HOME="u8.CopyTo(new Span<byte>(_entry, NameLength));
        Reset();
    }

    /// <summary>The whole entry, ended by a zero byte.</summary>
    internal byte* Pointer => _entry;

    /// <summary>The value, for messages and tests.</summary>
    public string Value => Marshal.PtrToStringUTF8((nint)(_entry + NameLength)) ?? "";

    /// <summary>The value is empty, and grows by <see cref="Append"/>; it has no final zero until <see cref="End"/> or <see cref="Reset"/>.</summary>
    internal void Clear() => _length = 0;

    /// <summary>One more byte; after one too many, or a zero, <see cref="End"/> refuses the whole.</summary>
    internal void Append(byte letter)
    {
        if (letter == 0 || _length >= Capacity)
        {
            _length = Capacity + 1;
            return;
        }

        _entry[NameLength + _length] = letter;
        _length++;
    }

    /// <summary>The value is complete: empty or too long, it is <c>/</c>.</summary>
    internal void End()
    {
        if (_length is 0 or > Capacity)
        {
            Reset();
            return;
        }

        _entry[NameLength + _length] = 0;
    }

    /// <summary>The value is <c>/</c> again.</summary>
    internal void Reset()
    {
        _entry[NameLength] = (byte)'/';
        _entry[NameLength + 1] = 0;
    }
}
