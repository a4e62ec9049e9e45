namespace Hull.Oci;

internal ref partial struct DocumentReader
{
    internal IReadOnlyList<T>? ReadList<T>(RecordReader<T> readItem)
        where T : class
    {
        if (!EnterList())
        {
            return null;
        }

        List<T> items = [];
        while (NextItem())
        {
            if (readItem(ref this) is T item)
            {
                items.Add(item);
            }
            else
            {
                violations.Lose(Path);
            }
        }

        return items.ToArray();
    }

    /// <summary>Lists of strings do not nest, so all share one buffer while they are read.</summary>
    internal IReadOnlyList<string>? ReadStrings()
    {
        if (!EnterList())
        {
            return null;
        }

        int count = 0;
        while (NextItem())
        {
            if (ReadString() is string item)
            {
                if (count == strings.Length)
                {
                    Array.Resize(ref strings, count * 2);
                }

                strings[count++] = item;
            }
            else
            {
                violations.Lose(Path);
            }
        }

        return strings.AsSpan(0, count).ToArray();
    }

    internal IReadOnlyList<uint>? ReadUInt32List()
    {
        if (!EnterList())
        {
            return null;
        }

        List<uint> items = [];
        while (NextItem())
        {
            if (ReadUInt32() is uint item)
            {
                items.Add(item);
            }
            else
            {
                violations.Lose(Path);
            }
        }

        return items.ToArray();
    }

    /// <summary>Positions in a table of <see cref="SpecNames"/>; the caller makes its enumeration of them.</summary>
    internal List<int>? ReadNames(string names, Rule rule)
    {
        if (!EnterList())
        {
            return null;
        }

        List<int> items = [];
        while (NextItem())
        {
            if ((FindName(names) ?? UnknownName(names, rule)) is int item)
            {
                items.Add(item);
            }
            else
            {
                violations.Lose(Path);
            }
        }

        return items;
    }

    internal Map<T>? ReadMap<T>(RecordReader<T> readValue)
        where T : class
    {
        if (!EnterObject())
        {
            return null;
        }

        List<KeyValuePair<string, T>> entries = [];
        HashSet<string>? many = null;
        while (NextMember())
        {
            string key = TakeKey();
            if (IsTaken(entries, key, ref many))
            {
                Fault(Rules.DocumentIsJson, "is given twice");
            }

            if (key.Contains('\0'))
            {
                Fault(Rules.ValuesAreValid, "holds a NUL character, which no string of the kernel can");
            }

            if (readValue(ref this) is T value)
            {
                entries.Add(new KeyValuePair<string, T>(key, value));
            }
        }

        return new Map<T>(entries.ToArray());
    }

    /// <summary>Annotations, whose values have a rule of their own.</summary>
    internal Map<string>? ReadAnnotations() =>
        ReadMap<string>(static (ref DocumentReader reader) => reader.ReadString(Rules.AnnotationsAreStrings));

    internal static string? ReadStringValue(ref DocumentReader reader) => reader.ReadString();

    /// <summary>A handful of entries is searched; a document with thousands must not take quadratic time.</summary>
    private static bool IsTaken<T>(List<KeyValuePair<string, T>> entries, string key, ref HashSet<string>? many)
    {
        const int Handful = 32;
        if (many is null && entries.Count > Handful)
        {
            many = [];
            foreach (KeyValuePair<string, T> entry in entries)
            {
                many.Add(entry.Key);
            }
        }

        if (many is not null)
        {
            return !many.Add(key);
        }

        foreach (KeyValuePair<string, T> entry in entries)
        {
            if (entry.Key == key)
            {
                return true;
            }
        }

        return false;
    }
}
