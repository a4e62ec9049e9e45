using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Hull.Oci;

/// <summary>
/// A JSON object used as a dictionary (annotations, sysctl, unified …), immutable, in the order of the document.
/// Names are compared exactly. Lookup is linear: these maps have a handful of entries, and a hash table costs more to build than to search.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "A short name for what the specification calls a map")]
public sealed class Map<T> : IReadOnlyDictionary<string, T>, IEquatable<Map<T>>
{
    private readonly KeyValuePair<string, T>[] entries;

    /// <summary>A map of these entries; their names are taken to differ.</summary>
    public Map(params KeyValuePair<string, T>[] entries) => this.entries = entries;

    /// <summary>The entries in the order of the document.</summary>
    public ReadOnlySpan<KeyValuePair<string, T>> Entries => entries;

    /// <inheritdoc/>
    public int Count => entries.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys
    {
        get
        {
            foreach (KeyValuePair<string, T> entry in entries)
            {
                yield return entry.Key;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<T> Values
    {
        get
        {
            foreach (KeyValuePair<string, T> entry in entries)
            {
                yield return entry.Value;
            }
        }
    }

    /// <inheritdoc/>
    public T this[string key] => TryGetValue(key, out T? value) ? value : throw new KeyNotFoundException(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        foreach (KeyValuePair<string, T> entry in entries)
        {
            if (entry.Key == key)
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();

    /// <summary>Equal when the same names in the same order have equal values.</summary>
    public bool Equals(Map<T>? other)
    {
        if (other is null || other.entries.Length != entries.Length)
        {
            return false;
        }

        for (int index = 0; index < entries.Length; index++)
        {
            if (entries[index].Key != other.entries[index].Key || !Equals(entries[index].Value, other.entries[index].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Map<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => entries.Length;
}

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
