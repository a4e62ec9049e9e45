namespace Hull.Oci;

/// <summary>A record that a change is laid over property by property: src/Generators writes <see cref="RecordMerges"/> of it and the records it holds.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MergedAttribute : Attribute;

/// <summary>A number whose zero means that it is not set: in a change it keeps what there is, as engines send whole documents of zeros.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ZeroKeepsAttribute : Attribute;

/// <summary>What an item of a list is about: a change of the same key replaces it, any other is added.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute : Attribute;

/// <summary>A number whose zero takes the item out of its list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ZeroEndsAttribute : Attribute;

/// <summary>Changes of lists and maps laid over what is kept.</summary>
internal static class Merging
{
    internal static IReadOnlyList<T>? Lists<T>(IReadOnlyList<T>? kept, IReadOnlyList<T>? change, Func<T, T, bool> same, Predicate<T>? ends = null)
    {
        if (kept is null && change is null)
        {
            return null;
        }

        List<T> merged = [.. kept ?? []];
        foreach (T item in change ?? [])
        {
            int index = merged.FindIndex(known => same(known, item));
            if (index < 0)
            {
                merged.Add(item);
            }
            else
            {
                merged[index] = item;
            }
        }

        if (ends is not null)
        {
            merged.RemoveAll(ends);
        }

        return merged.ToArray();
    }

    internal static Map<T>? Maps<T>(Map<T>? kept, Map<T>? change) =>
        Lists(kept?.Entries.ToArray(), change?.Entries.ToArray(), static (left, right) => left.Key == right.Key) is { } merged
            ? new Map<T>([.. merged])
            : null;
}
