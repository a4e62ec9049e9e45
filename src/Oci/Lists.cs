namespace Hull.Oci;

/// <summary>Lists as they are read.</summary>
public static class Lists
{
    /// <summary>
    /// The items of a list that may be absent. The parser makes arrays; walking those directly spares the interface calls, each of which
    /// costs a microsecond the first time.
    /// </summary>
    public static ReadOnlySpan<T> Items<T>(this IReadOnlyList<T>? list)
    {
        if (list is null or T[])
        {
            return (T[]?)list;
        }

        T[] items = new T[list.Count];
        for (int index = 0; index < items.Length; index++)
        {
            items[index] = list[index];
        }

        return items;
    }
}
