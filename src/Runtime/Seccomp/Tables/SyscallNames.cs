namespace Hull.Runtime;

/// <summary>
/// The names of all system calls of all architectures, in one sorted list: a name is looked up once, and its place in the list is its place
/// in the table of every architecture. Plain data in the binary: nothing is built at start.
/// </summary>
internal static partial class SyscallNames
{
    /// <summary>The place of a name, or -1: the name is of no system call (SEC-06).</summary>
    public static int IndexOf(string name)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(name, BytesAt(middle));
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                high = middle - 1;
            }
            else
            {
                low = middle + 1;
            }
        }

        return -1;
    }

    /// <summary>The same for a name that probably comes soon after another one: profiles have them in order.</summary>
    /// <param name="before">The place of the other one, or -1.</param>
    public static int IndexAfter(string name, int before)
    {
        // Equality is decided by the length mostly, so looking at a few is cheaper than to begin a search.
        ReadOnlySpan<ushort> offsets = Offsets;
        int end = Math.Min(before + 1 + Soon, Count);
        for (int place = before + 1; place < end; place++)
        {
            if (offsets[place + 1] - offsets[place] == name.Length && Compare(name, BytesAt(place)) == 0)
            {
                return place;
            }
        }

        return IndexOf(name);
    }

    private const int Soon = 6;

    /// <summary>The name at a place.</summary>
    public static string At(int index) => System.Text.Encoding.ASCII.GetString(BytesAt(index));

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> BytesAt(int index) => Text[Offsets[index]..Offsets[index + 1]];

    private static int Compare(string name, ReadOnlySpan<byte> other)
    {
        int common = Math.Min(name.Length, other.Length);
        for (int i = 0; i < common; i++)
        {
            int difference = name[i] - other[i];
            if (difference != 0)
            {
                return difference;
            }
        }

        return name.Length - other.Length;
    }
}
