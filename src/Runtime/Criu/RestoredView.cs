using System.Collections.Immutable;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// Compares what a restored process sees with a configuration other than that of the checkpoint: mounts come from the images, and what the
/// configuration closes must be closed. Pure.
/// </summary>
internal static class RestoredView
{
    /// <summary>What is open and should not be, one sentence each.</summary>
    /// <param name="mounts">The process's mounts, in the kernel's order.</param>
    /// <param name="placeOf">Where a path leads in the container; null when there is nothing.</param>
    public static IReadOnlyList<string> Excess(Config config, ImmutableArray<ContainerMount> mounts, Func<string, string?> placeOf)
    {
        var excess = new List<string>();
        if (config.Root?.Readonly == true && At("/", mounts) is not { IsReadOnly: true })
        {
            excess.Add("its root is writable, and root.readonly forbids it");
        }

        IReadOnlyList<string> masked = config.Linux?.MaskedPaths ?? [];
        string[] masks = [.. masked.Select(path => placeOf(path)).OfType<string>()];
        foreach (string path in masked)
        {
            if (placeOf(path) is { } place && !(At(place, mounts) is { } mount && Array.Exists(masks, mask => mask == mount.Point)))
            {
                excess.Add($"{CallerText.Printable(path)} is not masked, and linux.maskedPaths has it");
            }
        }

        foreach (string path in config.Linux?.ReadonlyPaths ?? [])
        {
            if (placeOf(path) is { } place && At(place, mounts) is not { IsReadOnly: true })
            {
                excess.Add($"{CallerText.Printable(path)} is writable, and linux.readonlyPaths has it");
            }
        }

        foreach (Mount mount in config.Mounts ?? [])
        {
            // The tmpfs that holds the mounts of v1 hierarchies is writable with runc; it has nothing but them.
            bool asked = mount.Type != "cgroup" && mount.Options?.LastOrDefault(option => option is "ro" or "rw") == "ro";
            if (asked && placeOf(mount.Destination) is { } place && At(place, mounts) is not { IsReadOnly: true })
            {
                excess.Add($"{CallerText.Printable(mount.Destination)} is writable, and its mount asks for ro");
            }
        }

        return excess;
    }

    /// <summary>The mount that a path is in: the longest that holds it, and of those at one place the last.</summary>
    private static ContainerMount? At(string place, ImmutableArray<ContainerMount> mounts)
    {
        ContainerMount? found = null;
        foreach (ContainerMount mount in mounts)
        {
            bool holds = mount.Point == place || mount.Point == "/" || place.StartsWith(mount.Point + "/", StringComparison.Ordinal);
            found = holds && mount.Point.Length >= (found?.Point.Length ?? 0) ? mount : found;
        }

        return found;
    }
}
