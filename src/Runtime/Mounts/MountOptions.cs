using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The options of one mount, sorted by what becomes of them. Of options that exclude each other the last one wins, except
/// propagation, which is applied in order (MOPT-02, MNT-18).
/// </summary>
internal sealed class MountOptions
{
    /// <summary>Every option that has a meaning of its own, whatever the file system (MOPT-01), separated by blanks.</summary>
    public const string Recognised =
        "async atime bind copy-symlink defaults dest-nofollow dev diratime dirsync exec idmap iversion lazytime loud mand noatime nodev "
        + "nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime "
        + "relatime remount rexec ridmap rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate "
        + "rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave src-nofollow strictatime suid "
        + "symfollow sync tmpcopyup unbindable";

    /// <summary>The mount shows something that exists already (MNT-05): decided by the options, never by the type.</summary>
    public bool Bind { get; private set; }

    /// <summary>With the mounts below it.</summary>
    public bool Recursive { get; private set; }

    /// <summary>Attributes of the mount to set.</summary>
    public MountAttributes Set { get; private set; }

    /// <summary>Attributes of the mount that were cleared by name.</summary>
    public MountAttributes Clear { get; private set; }

    /// <summary>Attributes to set on the mount and all below it.</summary>
    public MountAttributes SetBelow { get; private set; }

    /// <summary>Attributes to clear on the mount and all below it.</summary>
    public MountAttributes ClearBelow { get; private set; }

    /// <summary>Propagation changes, in order.</summary>
    public List<MountFlags> Propagation { get; } = [];

    /// <summary>What goes to the file system: its own options and those of every superblock.</summary>
    public List<MountParameter> Parameters { get; } = [];

    /// <summary>
    /// Where the options stand, counted from 0, that ask something of a file system. Not those that only take another one back, as
    /// <c>mount -o defaults</c> means them.
    /// </summary>
    public List<int> ForFilesystem { get; } = [];

    /// <summary>Any option that says something about the mount's attributes was given, even if only <c>rw</c>.</summary>
    public bool MentionsAttributes { get; private set; }

    /// <summary>An existing mount is changed.</summary>
    public bool Remount { get; private set; }

    /// <summary>A tmpfs starts with a copy of what it covers (MNT-19).</summary>
    public bool CopyUp { get; private set; }

    /// <summary>Owners are mapped (IDM-03), and of which mounts.</summary>
    public bool MapOwners { get; private set; }

    /// <summary>Also those of the mounts below (IDM-08).</summary>
    public bool MapOwnersBelow { get; private set; }

    /// <summary>The mappings that the option itself holds, as crun writes them; null for none.</summary>
    public string? Mappings { get; private set; }

    /// <summary>A link at the end of the source is not followed.</summary>
    public bool SourceNoFollow { get; private set; }

    /// <summary>A link at the end of the destination is not followed.</summary>
    public bool DestinationNoFollow { get; private set; }

    /// <summary>A link at the end of the source is copied instead of mounted.</summary>
    public bool CopyLink { get; private set; }

    /// <summary>Sorts the options of a mount.</summary>
    public static MountOptions Of(Mount mount)
    {
        var options = new MountOptions();
        IReadOnlyList<string> given = mount.Options ?? [];
        for (var i = 0; i < given.Count; i++)
        {
            int before = options.Parameters.Count;
            options.Add(given[i]);
            if (options.Parameters.Count > before && given[i] is not ("async" or "nolazytime" or "nomand"))
            {
                options.ForFilesystem.Add(i);
            }
        }

        return options;
    }

    /// <summary>The mount shows something that exists already.</summary>
    public static bool IsBind(Mount mount)
    {
        foreach (string option in mount.Options ?? [])
        {
            if (option is "bind" or "rbind")
            {
                return true;
            }
        }

        return false;
    }

    private void Add(string option)
    {
        if (!AddKind(option) && !AddAttribute(option) && !AddBelow(option) && !AddPropagation(option) && !AddSuperblock(option))
        {
            AddData(option);
        }
    }

    private bool AddKind(string option)
    {
        switch (option)
        {
            case "defaults" or "": return true;
            case "bind": Bind = true; return true;
            case "rbind": (Bind, Recursive) = (true, true); return true;
            case "remount": Remount = true; return true;
            case "tmpcopyup": CopyUp = true; return true;
            case "idmap": (MapOwners, MapOwnersBelow) = (true, false); return true;
            case "ridmap": (MapOwners, MapOwnersBelow) = (true, true); return true;
            case "src-nofollow": SourceNoFollow = true; return true;
            case "dest-nofollow": DestinationNoFollow = true; return true;
            case "copy-symlink": CopyLink = true; return true;
            default: return AddMappings(option);
        }
    }

    /// <summary><c>idmap=uids=0-1000-10;gids=0-1000-10</c>, a form of crun's.</summary>
    private bool AddMappings(string option)
    {
        const string idmap = "idmap=";
        const string ridmap = "ridmap=";
        bool below = option.StartsWith(ridmap, StringComparison.Ordinal);
        if (!below && !option.StartsWith(idmap, StringComparison.Ordinal))
        {
            return false;
        }

        (MapOwners, MapOwnersBelow, Mappings) = (true, below, option[(below ? ridmap.Length : idmap.Length)..]);
        return true;
    }

    private bool AddAttribute(string option)
    {
        (MountAttributes attribute, bool set)? found = option switch
        {
            "ro" => (MountAttributes.ReadOnly, true),
            "rw" => (MountAttributes.ReadOnly, false),
            "nosuid" => (MountAttributes.NoSuid, true),
            "suid" => (MountAttributes.NoSuid, false),
            "nodev" => (MountAttributes.NoDevices, true),
            "dev" => (MountAttributes.NoDevices, false),
            "noexec" => (MountAttributes.NoExecute, true),
            "exec" => (MountAttributes.NoExecute, false),
            "nodiratime" => (MountAttributes.NoDirectoryAccessTime, true),
            "diratime" => (MountAttributes.NoDirectoryAccessTime, false),
            "nosymfollow" => (MountAttributes.NoSymbolicLinks, true),
            "symfollow" => (MountAttributes.NoSymbolicLinks, false),
            _ => null,
        };
        if (found is { } plain)
        {
            Set = plain.set ? Set | plain.attribute : Set & ~plain.attribute;
            Clear = plain.set ? Clear & ~plain.attribute : Clear | plain.attribute;
            MentionsAttributes = true;
            return true;
        }

        MentionsAttributes |= option == "norelatime";
        if (AccessTimeOf(option, Set) is not { } accessTime)
        {
            return option == "norelatime";
        }

        // One of several modes: the whole field is cleared and one value set.
        Set = (Set & ~MountAttributes.AccessTimeMask) | accessTime;
        Clear |= MountAttributes.AccessTimeMask;
        MentionsAttributes = true;
        return true;
    }

    private bool AddBelow(string option)
    {
        (MountAttributes attribute, bool set)? found = option switch
        {
            "rro" => (MountAttributes.ReadOnly, true),
            "rrw" => (MountAttributes.ReadOnly, false),
            "rnosuid" => (MountAttributes.NoSuid, true),
            "rsuid" => (MountAttributes.NoSuid, false),
            "rnodev" => (MountAttributes.NoDevices, true),
            "rdev" => (MountAttributes.NoDevices, false),
            "rnoexec" => (MountAttributes.NoExecute, true),
            "rexec" => (MountAttributes.NoExecute, false),
            "rnodiratime" => (MountAttributes.NoDirectoryAccessTime, true),
            "rdiratime" => (MountAttributes.NoDirectoryAccessTime, false),
            "rnosymfollow" => (MountAttributes.NoSymbolicLinks, true),
            "rsymfollow" => (MountAttributes.NoSymbolicLinks, false),
            _ => null,
        };
        if (found is { } plain)
        {
            SetBelow = plain.set ? SetBelow | plain.attribute : SetBelow & ~plain.attribute;
            ClearBelow = plain.set ? ClearBelow & ~plain.attribute : ClearBelow | plain.attribute;
            return true;
        }

        if (option == "rnorelatime")
        {
            return true;
        }

        if (option.Length < 2 || option[0] != 'r' || option == "relatime" || AccessTimeOf(option[1..], SetBelow) is not { } accessTime)
        {
            return false;
        }

        SetBelow = (SetBelow & ~MountAttributes.AccessTimeMask) | accessTime;
        ClearBelow |= MountAttributes.AccessTimeMask;
        return true;
    }

    /// <summary>
    /// What an option says of access times; "the default" is relatime, as the kernel has it. An option that only takes a mode
    /// back leaves another one as it is; so <c>norelatime</c> says nothing, as in mount(8): it leaves the default.
    /// </summary>
    private static MountAttributes? AccessTimeOf(string option, MountAttributes earlier) => option switch
    {
        "relatime" => MountAttributes.RelativeAccessTime,
        "noatime" => MountAttributes.NoAccessTime,
        "strictatime" => MountAttributes.StrictAccessTime,
        "atime" => earlier & MountAttributes.StrictAccessTime,
        "nostrictatime" => earlier & MountAttributes.NoAccessTime,
        _ => null,
    };

    private bool AddPropagation(string option)
    {
        MountFlags flags = option switch
        {
            "shared" => MountFlags.Shared,
            "slave" => MountFlags.Slave,
            "private" => MountFlags.Private,
            "unbindable" => MountFlags.Unbindable,
            "rshared" => MountFlags.Shared | MountFlags.Recursive,
            "rslave" => MountFlags.Slave | MountFlags.Recursive,
            "rprivate" => MountFlags.Private | MountFlags.Recursive,
            "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
            _ => 0,
        };
        if (flags != 0)
        {
            Propagation.Add(flags);
        }

        return flags != 0;
    }

    /// <summary>Options of every superblock: the new mount API takes them as parameters without a value.</summary>
    private bool AddSuperblock(string option)
    {
        switch (option)
        {
            case "sync" or "async" or "dirsync" or "lazytime" or "nolazytime" or "mand" or "nomand":
                Parameters.Add(new MountParameter(option, default));
                return true;

            // fsconfig(2) knows no such flags: file systems that count versions do so by themselves, the others only quieten a log.
            case "iversion" or "noiversion" or "silent" or "loud":
                return true;
            default:
                return false;
        }
    }

    /// <summary>Anything else is the file system's own, with several in one string as mount(8) writes them (MNT-06).</summary>
    private void AddData(string option)
    {
        foreach (string part in SplitOutsideQuotes(option))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            Parameters.Add(equals < 0
                ? new MountParameter(part, default)
                : new MountParameter(part[..equals], part[(equals + 1)..].Trim('"')));
        }
    }

    private static List<string> SplitOutsideQuotes(string option)
    {
        var parts = new List<string>();
        int start = 0;
        bool quoted = false;
        for (var i = 0; i <= option.Length; i++)
        {
            if (i < option.Length && option[i] == '"')
            {
                quoted = !quoted;
            }

            if (i == option.Length || (option[i] == ',' && !quoted))
            {
                if (i > start)
                {
                    parts.Add(option[start..i]);
                }

                start = i + 1;
            }
        }

        return parts;
    }
}
