namespace Hull.Oci;

/// <summary>Whether the kernel would take mappings of ids (UMAP-01, UMAP-03).</summary>
internal static class MappingCheck
{
    /// <summary>The number of lines the kernel takes in a uid_map.</summary>
    private const int MaximumCount = 340;

    /// <summary>Checks the two lists of the record at <paramref name="path"/>.</summary>
    internal static void Check(ReadOnlySpan<IdMapping> users, ReadOnlySpan<IdMapping> groups, SpecPath path, Violations violations)
    {
        CheckList(users, path, "uidMappings", violations);
        CheckList(groups, path, "gidMappings", violations);
    }

    private static void CheckList(ReadOnlySpan<IdMapping> mappings, SpecPath parent, string name, Violations violations)
    {
        if (mappings.Length > MaximumCount)
        {
            violations.Add(
                Rules.MappingIsComplete, parent.Property(name), $"has {mappings.Length} entries; the kernel takes {MaximumCount} at most");
            return;
        }

        for (int index = 0; index < mappings.Length; index++)
        {
            IdMapping mapping = mappings[index];
            if (mapping.Size == 0)
            {
                violations.Add(
                    Rules.MappingIsConsistent,
                    parent.Property(name).Index(index).Property("size"),
                    "is 0; a range has at least one id");
            }
            else if (EndsTooLate(mapping.ContainerId, mapping.Size) || EndsTooLate(mapping.HostId, mapping.Size))
            {
                violations.Add(
                    Rules.MappingIsConsistent,
                    parent.Property(name).Index(index),
                    "goes beyond id 4294967294, the last one there is");
            }

            CheckOverlap(mappings, index, parent, name, violations);
        }
    }

    private static void CheckOverlap(ReadOnlySpan<IdMapping> mappings, int index, SpecPath parent, string name, Violations violations)
    {
        IdMapping mapping = mappings[index];
        for (int earlier = 0; earlier < index; earlier++)
        {
            IdMapping other = mappings[earlier];
            bool inContainer = Overlap(mapping.ContainerId, mapping.Size, other.ContainerId, other.Size);
            if (inContainer || Overlap(mapping.HostId, mapping.Size, other.HostId, other.Size))
            {
                violations.Add(
                    Rules.MappingIsConsistent,
                    parent.Property(name).Index(index),
                    $"overlaps {parent.Property(name).Index(earlier)} in the ids of the {(inContainer ? "container" : "host")}");
            }
        }
    }

    private static bool EndsTooLate(uint first, uint size) => (ulong)first + size > uint.MaxValue;

    private static bool Overlap(uint first, uint size, uint otherFirst, uint otherSize) =>
        first < (ulong)otherFirst + otherSize && otherFirst < (ulong)first + size;
}
