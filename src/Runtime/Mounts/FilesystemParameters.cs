using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What the options of a file system must be like for the kernel to take them, and where it would not say what is wrong.</summary>
internal static class FilesystemParameters
{
    /// <summary>The longest value that fsconfig(2) takes, in bytes.</summary>
    private const int Longest = 255;

    /// <summary>The longest text of all options that mount(2) takes, in bytes: a page with its final zero.</summary>
    private const int LongestText = 4095;

    /// <summary>The parameters as the kernel takes them.</summary>
    /// <exception cref="RuntimeError">One that it cannot take.</exception>
    public static List<MountParameter> Fit(
        ResolvedContainer container, HostFacts facts, Mount mount, IReadOnlyList<MountParameter> parameters, HostMounts hostMounts, Origin origin)
    {
        var fitting = new List<MountParameter>();
        foreach (MountParameter parameter in parameters)
        {
            string key = parameter.Key.ToString();
            string value = parameter.Value.IsNull ? "" : parameter.Value.ToString();
            CheckOwner(container, mount, key, value, origin);
            if (mount.Type == "overlay" && (key == "lowerdir" || OverlayLayers.IsWritable(key)) && GoesByLayer(parameter, facts, hostMounts))
            {
                foreach ((string each, string path) in key == "lowerdir" ? OverlayLayers.Split(value) : [(key, OverlayLayers.Unescaped(value))])
                {
                    fitting.Add(Layer(facts, each, path, hostMounts, origin));
                }

                continue;
            }

            if (mount.Type == "overlay" && value.Contains(',') && !facts.Kernel.AtLeast(6, 5))
            {
                AddPieces(key, value, fitting);
                continue;
            }

            fitting.Add(parameter);
        }

        AddSubtype(mount, fitting);
        return fitting;
    }

    /// <summary>What follows the point in <c>fuse.sshfs</c>: fsopen(2) finds the file system by what stands before it, and forgets the rest.</summary>
    private static void AddSubtype(Mount mount, List<MountParameter> parameters)
    {
        int point = mount.Type!.IndexOf('.', StringComparison.Ordinal);
        if (point > 0 && !parameters.Exists(parameter => parameter.Key == "subtype"))
        {
            parameters.Add(new MountParameter("subtype", mount.Type[(point + 1)..]));
        }
    }

    /// <summary>The directories go one by one: the value is too long for a string, or the mount helper opens one of them.</summary>
    private static bool GoesByLayer(MountParameter parameter, HostFacts facts, HostMounts hostMounts)
    {
        bool isList = parameter.Key == "lowerdir";
        bool outOfReach = facts.Kernel.AtLeast(6, 8) && OverlayLayers.In([parameter]).Any(hostMounts.IsOutOfReach);
        return outOfReach || (IsTooLong(parameter.Value.IsNull ? "" : parameter.Value.ToString()) && (!isList || facts.Kernel.AtLeast(6, 8)));
    }

    /// <summary>One directory of an overlay, without escapes; one that is longer than a string may be goes as a descriptor, from Linux 6.13 on.</summary>
    private static MountParameter Layer(HostFacts facts, string key, string path, HostMounts hostMounts, Origin origin)
    {
        if (facts.Kernel.AtLeast(6, 8) && hostMounts.OpensLayer(path, origin))
        {
            return new MountParameter(key, path) { IsDirectory = facts.Kernel.AtLeast(6, 13), FromMountHelper = true };
        }

        return new MountParameter(key, path) { IsDirectory = IsTooLong(path) && facts.Kernel.AtLeast(6, 13) };
    }

    /// <summary>
    /// Before Linux 6.5 the kernel joins the options of an overlay with commas again, as mount(2) gave them, and refuses a value that holds
    /// one: so the pieces between commas go separately, and come out as one value.
    /// </summary>
    private static void AddPieces(string key, string value, List<MountParameter> parameters)
    {
        string[] pieces = value.Split(',');
        parameters.Add(new MountParameter(key, pieces[0]));
        foreach (string piece in pieces.AsSpan(1))
        {
            int equals = piece.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equals > 0 ? new MountParameter(piece[..equals], piece[(equals + 1)..]) : new MountParameter(piece, default));
        }
    }

    /// <summary>
    /// The options must go to the kernel as one text, because one of them is longer than a value may be. Where that is no way either, the
    /// kernel would only say that the argument is invalid. Before Linux 5.2 there is no other way than one text.
    /// </summary>
    /// <exception cref="RuntimeError">The kernel takes them in no way.</exception>
    public static bool GoAsText(ResolvedContainer container, HostFacts facts, Mount mount, ImmutableArray<MountParameter> parameters, Origin origin)
    {
        if (FirstTooLong(mount, parameters) is not { } tooLong)
        {
            return false;
        }

        int length = Encoding.UTF8.GetByteCount(string.Join(',', parameters));
        if (!facts.Kernel.AtLeast(5, 2) && length <= LongestText)
        {
            return false;
        }

        // In a mount namespace of others /proc is not the host's, without which mount(2) has no safe names.
        bool isPossible = container.Namespaces.IsNew(NamespaceKinds.Mount)
            && parameters.All(parameter => !parameter.IsDirectory && !parameter.FromMountHelper);
        if (!isPossible || length > LongestText)
        {
            string what = isPossible
                ? string.Create(CultureInfo.InvariantCulture, $"its options have {length} bytes, and the kernel takes {LongestText}")
                : string.Create(CultureInfo.InvariantCulture, $"{tooLong.Key} has {tooLong.Value.Length} bytes, and the kernel takes {Longest}");
            throw origin.Refuse(
                $"mount {mount.Type} on {mount.Destination}: {what}",
                hint: mount.Type == "overlay" && !facts.Kernel.AtLeast(6, 8)
                    ? "mount it on the host and bind that, or use shorter paths; Linux 6.8 takes the directories one by one"
                    : "mount it on the host and bind that, or use a shorter path");
        }

        return true;
    }

    /// <summary>The first of what goes to the kernel as a value that is longer than one may be; null for none, as with every usual mount.</summary>
    private static MountParameter? FirstTooLong(Mount mount, ImmutableArray<MountParameter> parameters)
    {
        foreach (MountParameter parameter in parameters)
        {
            if (parameter.Value.Length > Longest && parameter is { IsDirectory: false, FromMountHelper: false })
            {
                return parameter;
            }
        }

        return mount.Source is { } source && IsTooLong(source) ? new MountParameter("source", source) : null;
    }

    private static bool IsTooLong(string value) => value.Length > Longest || Encoding.UTF8.GetByteCount(value) > Longest;

    /// <summary>In a user namespace of its own a file system can belong only to users of that namespace (MNT-21).</summary>
    private static void CheckOwner(ResolvedContainer container, Mount mount, string key, string value, Origin origin)
    {
        ImmutableArray<IdMapping> mappings = key == "uid" ? container.UserIdMappings : key == "gid" ? container.GroupIdMappings : [];
        if (!mappings.IsEmpty && uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && IdMapping.HostIdOf(mappings, id) is null)
        {
            throw origin.Refuse(
                $"mount {mount.Type} on {mount.Destination}: option {key}={value}: {value} is no id of the container's user namespace",
                hint: $"add it to linux.{key}Mappings, or leave the option out");
        }
    }
}
