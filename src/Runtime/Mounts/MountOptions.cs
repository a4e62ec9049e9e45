using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The options of one mount by their effects. Of options that exclude each other the last one wins, except propagation, which is applied in
/// order (MOPT-02, MNT-18).
/// </summary>
internal sealed class MountOptions
{
    /// <summary>
    /// One row for each option that has a meaning of its own, whatever the file system (MOPT-01). A row with an effect below stands for a
    /// second option: with an r in front of its name it applies to the mounts below as well.
    /// </summary>
    private static readonly ImmutableArray<MountOption> Rows =
    [
        new("defaults", _ => { }),
        new("bind", options => options.Bind = true, options => (options.Bind, options.Recursive) = (true, true)),
        new("remount", options => options.Remount = true),
        new("tmpcopyup", options => options.CopyUp = true),
        new(
            "idmap",
            options => (options.MapOwners, options.MapOwnersBelow) = (true, false),
            options => (options.MapOwners, options.MapOwnersBelow) = (true, true))
        {
            // idmap=uids=0-1000-10;gids=0-1000-10, a form of crun's.
            Value = (options, mappings) => options.Mappings = mappings,
        },
        new("src-nofollow", options => options.SourceNoFollow = true),
        new("dest-nofollow", options => options.DestinationNoFollow = true),
        new("copy-symlink", options => options.CopyLink = true),
        .. MountAttributeNames.All.Select(Attribute),

        // They only take one mode back and leave another as it is.
        TakeBack("atime", MountAttributes.NoAccessTime),
        TakeBack("norelatime", MountAttributes.RelativeAccessTime),
        TakeBack("nostrictatime", MountAttributes.StrictAccessTime),
        .. MountPropagationNames.All.Select(Propagate),

        // Of every superblock: the new mount API takes them as parameters without a value.
        Superblock("sync"), Superblock("dirsync"), Superblock("lazytime"), Superblock("mand"),
        Superblock("async", isDefault: true), Superblock("nolazytime", isDefault: true), Superblock("nomand", isDefault: true),

        // fsconfig(2) knows no such flags: file systems that count versions do so by themselves, the others only quieten a log.
        new("iversion", _ => { }), new("noiversion", _ => { }), new("silent", _ => { }), new("loud", _ => { }),
    ];

    /// <summary>Every option of <see cref="Rows"/>, in ordinal order, for <c>features</c>.</summary>
    public static IReadOnlyList<string> Recognised => [.. Rows.Select(row => row.Name)
        .Concat(Rows.Where(row => row.Below is not null).Select(row => "r" + row.Name)).Order(StringComparer.Ordinal)];

    private readonly string? _type;

    private MountOptions(string? type) => _type = type;

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
    /// The indexes of the options that ask something of a file system; without those that only ask for its default.
    /// </summary>
    public List<int> ForFilesystem { get; } = [];

    /// <summary>An option for the mount's attributes was given, even if only <c>rw</c>.</summary>
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

    /// <summary>Reads the options of a mount.</summary>
    public static MountOptions Of(Mount mount)
    {
        var options = new MountOptions(mount.Type);
        IReadOnlyList<string> given = mount.Options ?? [];
        for (var i = 0; i < given.Count; i++)
        {
            int before = options.Parameters.Count;
            bool isDefault = options.Add(given[i]);
            if (options.Parameters.Count > before && !isDefault)
            {
                options.ForFilesystem.Add(i);
            }
        }

        return options;
    }

    /// <summary>The mount shows something that exists already.</summary>
    public static bool IsBind(Mount mount) => Of(mount).Bind;

    /// <summary>Applies one option.</summary>
    /// <returns>It only asks for what is the default anyway.</returns>
    private bool Add(string option)
    {
        if (option.Length == 0)
        {
            return true;
        }

        int equals = option.IndexOf('=', StringComparison.Ordinal);
        ReadOnlySpan<char> name = equals < 0 ? option : option.AsSpan(0, equals);
        foreach (MountOption row in Rows)
        {
            if (equals >= 0 && row.Value is null)
            {
                continue;
            }

            Action<MountOptions>? apply = name.SequenceEqual(row.Name) ? row.Apply
                : name.StartsWith('r') && name[1..].SequenceEqual(row.Name) ? row.Below
                : null;
            if (apply is not null)
            {
                apply(this);
                if (equals >= 0)
                {
                    row.Value!(this, option[(equals + 1)..]);
                }

                return row.IsDefault;
            }
        }

        AddData(option);
        return false;
    }

    private static MountOption Attribute(MountAttributeName name) => new(
        name.Name, options => options.Change(name.Mask, name.Value), options => options.ChangeBelow(name.Mask, name.Value));

    private static MountOption TakeBack(string name, MountAttributes mode) =>
        new(name, options => options.TakeBack(mode), options => options.TakeBackBelow(mode));

    private static MountOption Propagate((string Name, MountFlags Kind) row) => new(
        row.Name, options => options.Propagation.Add(row.Kind), options => options.Propagation.Add(row.Kind | MountFlags.Recursive));

    private static MountOption Superblock(string name, bool isDefault = false) =>
        new(name, options => options.Parameters.Add(new MountParameter(name, default))) { IsDefault = isDefault };

    private void Change(MountAttributes mask, MountAttributes value)
    {
        (Set, Clear) = Changed(Set, Clear, mask, value);
        MentionsAttributes = true;
    }

    /// <summary>As with mount(2), a mode that is taken back is as if it had not been named.</summary>
    private void TakeBack(MountAttributes mode)
    {
        const MountAttributes field = MountAttributes.AccessTimeMask;
        if ((Clear & field) == field && (Set & field) == mode)
        {
            (Set, Clear) = (Set & ~field, Clear & ~field);
        }

        MentionsAttributes = true;
    }

    /// <summary>mount_setattr(2) clears a mode only for another, which is relatime, the default: to take that back changes nothing.</summary>
    private void TakeBackBelow(MountAttributes mode)
    {
        if (mode != MountAttributes.RelativeAccessTime)
        {
            ChangeBelow(MountAttributes.AccessTimeMask, SetBelow & MountAttributes.AccessTimeMask & ~mode);
        }
    }

    private void ChangeBelow(MountAttributes mask, MountAttributes value) => (SetBelow, ClearBelow) = Changed(SetBelow, ClearBelow, mask, value);

    /// <summary>One of several modes, as access times have: the whole field is cleared and one value set.</summary>
    private static (MountAttributes Set, MountAttributes Clear) Changed(
        MountAttributes set, MountAttributes clear, MountAttributes mask, MountAttributes value) =>
        ((set & ~mask) | value, value == mask ? clear & ~mask : clear | mask);

    /// <summary>Anything else is the file system's own, with several in one string as mount(8) writes them (MNT-06).</summary>
    private void AddData(string option)
    {
        foreach (MountParameter parameter in MountData.Split(option, _type))
        {
            Parameters.Add(parameter);
        }
    }

    /// <summary>An option that has a meaning of its own.</summary>
    /// <param name="name">As the configuration writes it.</param>
    /// <param name="apply">Its effect.</param>
    /// <param name="below">The effect with an r in front of its name; null when there is no such option.</param>
    private sealed class MountOption(string name, Action<MountOptions> apply, Action<MountOptions>? below = null)
    {
        public string Name { get; } = name;

        public Action<MountOptions> Apply { get; } = apply;

        public Action<MountOptions>? Below { get; } = below;

        /// <summary>The effect of what follows an equals sign; null when the option has no value.</summary>
        public Action<MountOptions, string>? Value { get; init; }

        /// <summary>It asks for what is the default: nothing is lost where it has no effect.</summary>
        public bool IsDefault { get; init; }
    }
}
