using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Mounts in words: what stands behind the place.</summary>
internal static class MountText
{
    /// <summary>The file system's own options, then those of the mount, then what else is special.</summary>
    public static string Describe(MountFilesystem mount)
    {
        string parameters = Parameters(mount.Parameters);
        string attributes = Words(mount.Attributes, 0);
        string options = parameters.Length == 0 || attributes.Length == 0 ? parameters + attributes : $"{parameters}; {attributes}";
        var text = new List<string> { Parenthesise(options) };
        Add(text, (mount.Flags & FilesystemMountFlags.CopyUp) != 0, "with a copy of what it covers");
        Add(text, (mount.Flags & FilesystemMountFlags.MapOwners) != 0, "its owners mapped");
        Add(text, (mount.Flags & FilesystemMountFlags.DestinationNoFollow) != 0, "not through a link");
        Add(text, !mount.Label.IsNull, $"labelled {mount.Label}");
        Add(text, !mount.Instead.IsNull, $"or show the host's {mount.Instead} if the kernel forbids it");
        return string.Join(", ", text) + Then(mount.Propagation);
    }

    /// <summary>The changes, then what else is special.</summary>
    public static string Describe(BindMount bind)
    {
        string below = (bind.Flags & BindMountFlags.Recursive) != 0 ? " with what is mounted below" : "";
        var text = new List<string> { below + Changes(bind.Changes) };
        Add(text, (bind.Flags & BindMountFlags.HostMounts) != 0, "lent");
        Add(text, (bind.Flags & BindMountFlags.SourceNoFollow) != 0, "a link itself");
        Add(text, (bind.Flags & BindMountFlags.DestinationNoFollow) != 0, "not through a link");
        Add(text, (bind.Flags & BindMountFlags.CopyLink) != 0, "a link as a link");
        Add(text, (bind.Flags & BindMountFlags.MustBeProc) != 0, "if it is a procfs");
        Add(text, (bind.Flags & BindMountFlags.EmptyIfMissing) != 0, "or nothing if it does not exist");
        return string.Join(", ", text) + Then(bind.Changes.Propagation);
    }

    /// <summary>The file system's options when it changes too, then the mount's.</summary>
    public static string Describe(Remount remount)
    {
        string parameters = remount.Superblock ? $" and its file system ({Parameters(remount.Parameters)})" : "";
        return parameters + Changes(remount.Changes) + Then(remount.Changes.Propagation);
    }

    /// <summary>Propagation as the options write it.</summary>
    public static string Describe(MountFlags propagation)
    {
        MountFlags kind = propagation & ~MountFlags.Recursive;
        string name = kind switch
        {
            MountFlags.Shared => "shared", MountFlags.Slave => "slave", MountFlags.Private => "private", _ => "unbindable",
        };
        return (propagation & MountFlags.Recursive) != 0 ? $"and all below {name}" : name;
    }

    private static void Add(List<string> text, bool applies, string words)
    {
        if (applies)
        {
            text.Add(words);
        }
    }

    private static string Then(ImmutableArray<MountFlags> propagation) =>
        propagation.IsDefaultOrEmpty ? "" : $"; make it {string.Join(", then ", propagation.Select(Describe))}";

    private static string Parameters(ImmutableArray<MountParameter> parameters) => string.Join(
        ",", parameters.Select(parameter => parameter.Value.IsNull ? parameter.Key.ToString() : $"{parameter.Key}={parameter.Value}"));

    private static string Changes(MountChanges changes)
    {
        string below = Words(changes.SetBelow, changes.ClearBelow);
        return Parenthesise(Words(changes.Set, changes.Clear)) + (below.Length == 0 ? "" : $" and all below ({below})");
    }

    private static string Parenthesise(string words) => words.Length == 0 ? "" : $" ({words})";

    private static string Words(MountAttributes set, MountAttributes clear)
    {
        var words = new List<string>();
        foreach ((MountAttributes attribute, string on, string? off) in AttributeNames)
        {
            Add(words, (set & attribute) != 0, on);
            bool otherMode = attribute == MountAttributes.NoAccessTime && (set & MountAttributes.StrictAccessTime) != 0;
            Add(words, (set & attribute) == 0 && (clear & attribute) != 0 && off is not null && !otherMode, off ?? "");
        }

        return string.Join(",", words);
    }

    private static (MountAttributes, string, string?)[] AttributeNames =>
    [
        (MountAttributes.ReadOnly, "ro", "rw"), (MountAttributes.NoSuid, "nosuid", "suid"), (MountAttributes.NoDevices, "nodev", "dev"),
        (MountAttributes.NoExecute, "noexec", "exec"), (MountAttributes.NoAccessTime, "noatime", "relatime"),
        (MountAttributes.StrictAccessTime, "strictatime", null), (MountAttributes.NoDirectoryAccessTime, "nodiratime", "diratime"),
        (MountAttributes.NoSymbolicLinks, "nosymfollow", "symfollow"),
    ];
}
