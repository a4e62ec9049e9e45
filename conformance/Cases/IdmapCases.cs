using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;

namespace Hull.Conformance.Cases;

/// <summary>Mounts with maps of ids.</summary>
internal static class IdmapCases
{
    private const string FromThousand = """[{ "containerID": 1000, "hostID": 5000, "size": 10 }]""";

    [Rule("IDM-01", "IDM-04", Since = "1.1.0")]
    [With("idmap")]
    [With("ridmap")]
    [With("ridmap ro")]
    public static void The_owners_of_files_are_mapped(Bundle bundle, string option)
    {
        var seen = Bound(bundle, FromThousand, FromThousand, ["rbind", .. option.Split(' ')]).Observe("/mnt/file").Path("/mnt/file");
        (seen.User, seen.Group).Should().Be((5000, 5001));
    }

    [Rule("IDM-03", Since = "1.1.0")]
    public static void Maps_apply_without_the_option_too(Bundle bundle)
    {
        Bound(bundle, FromThousand, FromThousand, "bind").Observe("/mnt/file").Path("/mnt/file").User.Should().Be(5000);
    }

    [Rule("IDM-08", Since = "1.2.0")]
    [With("ridmap", 5000)]
    [With("idmap", 1000)]
    public static void Only_ridmap_reaches_the_mounts_below(Bundle bundle, string option, int owner)
    {
        // The owners of a tmpfs can be mapped from then on.
        Requires.Kernel(6, 3);
        var source = bundle.HostDirectory("source");
        bundle.OnHost($"mount -t tmpfs tmpfs {source} && mkdir {source}/sub && mount -t tmpfs tmpfs {source}/sub && touch {source}/sub/file && chown 1000:1001 {source}/sub/file");
        Mapping(bundle, source, FromThousand, FromThousand, "rbind", option).Observe("/mnt/sub/file").Path("/mnt/sub/file").User.Should().Be(owner);
    }

    [Rule("IDM-02", Since = "1.1.0")]
    public static void A_map_of_users_without_one_of_groups_is_refused(Bundle bundle)
    {
        Bound(bundle, FromThousand, null, "bind", "idmap").Args("true").ShouldBeRefused();
    }

    [Rule("IDM-06", Since = "1.2.0")]
    [With("idmap")]
    [With("ridmap")]
    public static void The_option_without_maps_and_without_a_user_namespace_is_refused(Bundle bundle, string option)
    {
        Bound(bundle, null, null, "bind", option).Args("true").ShouldBeRefused();
    }

    [Rule("IDM-05", Since = "1.2.0")]
    public static void The_option_without_maps_uses_those_of_the_container_or_is_refused(Bundle bundle)
    {
        bundle.Mapped();
        Bound(bundle, null, null, "bind", "idmap");
        bundle.OnHost($"chown 0:0 {bundle.Home}/source/file");
        var outcome = bundle.Shell("stat -c %u /mnt/file").Run();
        if (outcome.Status == 0)
        {
            outcome.Output.Trim().Should().Be("0");
        }
    }

    [Rule("IDM-07", Since = "1.2.0")]
    public static void The_option_is_not_passed_to_the_file_system(Bundle bundle)
    {
        Bound(bundle, FromThousand, FromThousand, "bind", "idmap").Observe().Mount("/mnt").Superblock.Should().NotContain("idmap");
    }

    private static Bundle Bound(Bundle bundle, string? users, string? groups, params string[] options)
    {
        var source = bundle.HostDirectory("source");
        bundle.OnHost($"touch {source}/file && chown 1000:1001 {source}/file");
        return Mapping(bundle, source, users, groups, options);
    }

    private static Bundle Mapping(Bundle bundle, string source, string? users, string? groups, params string[] options)
    {
        Requires.Kernel(5, 12);
        var mount = MountEntry("/mnt", "bind", source, options);
        foreach (var (name, map) in new[] { ("uidMappings", users), ("gidMappings", groups) })
        {
            if (map is not null)
            {
                mount[name] = Json(map);
            }
        }

        return bundle.Adding("mounts", mount).Writable();
    }
}
