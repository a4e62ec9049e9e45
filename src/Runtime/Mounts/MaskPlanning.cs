using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Paths of the container that no process may read, or write.</summary>
internal static class MaskPlanning
{
    /// <summary>What will cover masked files is held while the container has no say in what <c>/dev/null</c> means.</summary>
    public static void Hold(ResolvedContainer container, PlanBuilder plan)
    {
        if (!container.MaskedPaths.IsEmpty)
        {
            plan.Container(new OpenNullDevice(), Origins.Linux("maskedPaths", "MASK-01"));
        }
    }

    public static void Hide(ResolvedContainer container, PlanBuilder plan)
    {
        // The same path twice would only pile one mount on another.
        var readOnly = new HashSet<RootfsPath>();
        for (var i = 0; i < container.ReadonlyPaths.Length; i++)
        {
            RootfsPath path = RootfsPath.Parse(container.ReadonlyPaths[i]);
            if (readOnly.Add(path))
            {
                plan.Container(new MakePathReadOnly(path), Origins.Linux("readonlyPaths", i, "MASK-02"));
            }
        }

        var masked = new HashSet<RootfsPath>();
        for (var i = 0; i < container.MaskedPaths.Length; i++)
        {
            RootfsPath path = RootfsPath.Parse(container.MaskedPaths[i]);
            if (masked.Add(path))
            {
                plan.Container(new MaskPath(path), Origins.Linux("maskedPaths", i, "MASK-01"));
            }
        }
    }
}
