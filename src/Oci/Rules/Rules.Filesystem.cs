namespace Hull.Oci;

// The root filesystem and the mounts.
public static partial class Rules
{
    /// <summary>ROOT-01.</summary>
    public static Rule RootIsGiven => new("ROOT-01", "config.md", "configRoot", "A root filesystem is given.");

    /// <summary>ROOT-02.</summary>
    public static Rule RootPathIsGiven => new("ROOT-02", "config.md", "configRoot", "The root filesystem has a path that is not empty.");

    /// <summary>MNT-02.</summary>
    public static Rule MountDestination => new(
        "MNT-02", "config.md", "configMounts",
        "A mount has a destination; one that is not absolute is deprecated and taken from the root.");

    /// <summary>IDM-02.</summary>
    public static Rule IdmapIsPaired => new("IDM-02", "config.md", "configMounts", "An idmapped mount maps both users and groups.");

    /// <summary>IDM-06.</summary>
    public static Rule IdmapHasMapping => new(
        "IDM-06", "config.md", "configMounts",
        "An idmapped mount without mappings of its own needs a user namespace to take them from.");
}
