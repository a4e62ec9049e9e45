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
        // The same path twice would only pile one mount on another.
        var frozen = new HashSet<RootfsPath>();
        for (var i = 0; i < container.ReadonlyPaths.Length; i++)
        {
            RootfsPath path = RootfsPath.Parse(container.ReadonlyPaths[i]);
            if (frozen.Add(path))
            {
                lanes.Inside(new MakePathReadOnly(path), Origins.Linux("readonlyPaths", i, "MASK-02"));
            }
        }

        var masked = new HashSet<RootfsPath>();
        for (var i = 0; i < container.MaskedPaths.Length; i++)
        {
            RootfsPath path = RootfsPath.Parse(container.MaskedPaths[i]);
            if (masked.Add(path))
            {
                lanes.Inside(new MaskPath(path), Origins.Linux("maskedPaths", i, "MASK-01"));
            }
        }
    }
}
