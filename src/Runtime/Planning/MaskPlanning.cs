using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>Paths of the container that nobody may read, or write.</summary>
internal static class MaskPlanning
{
    /// <summary>What will cover masked files is held while the container has no say in what <c>/dev/null</c> means.</summary>
    public static void Hold(SettledContainer container, Lanes lanes)
    {
        if (!container.MaskedPaths.IsEmpty)
        {
            lanes.Inside(new OpenNullDevice(), Origins.Linux("maskedPaths", "MASK-01"));
        }
    }

    public static void Hide(SettledContainer container, Lanes lanes)
    {
        for (var i = 0; i < container.ReadonlyPaths.Length; i++)
        {
            lanes.Inside(new MakePathReadOnly(RootfsPath.Parse(container.ReadonlyPaths[i])), Origins.Linux("readonlyPaths", i, "MASK-02"));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < container.MaskedPaths.Length; i++)
        {
            if (seen.Add(container.MaskedPaths[i]))
            {
                lanes.Inside(new MaskPath(RootfsPath.Parse(container.MaskedPaths[i])), Origins.Linux("maskedPaths", i, "MASK-01"));
            }
        }
    }
}
