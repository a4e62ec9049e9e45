using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Planning;

/// <summary>From one mount of a configuration to its operation, or to the reason why not.</summary>
public sealed class MountPlanningTests
{
    private static readonly IdMapping[] Everybody = [new IdMapping { ContainerId = 0, HostId = 100000, Size = 65536 }];

    [Theory]
    [InlineData("/", "tmpfs", "", "the container's root cannot be covered")]
    [InlineData("/a/..", "tmpfs", "", "the container's root cannot be covered")]
    [InlineData("/x", "", "", "type is required")]
    [InlineData("/x", "none", "bind tmpcopyup", "tmpcopyup copies into a new tmpfs")]
    [InlineData("/x", "ext4", "tmpcopyup", "tmpcopyup needs the type tmpfs, not ext4")]
    [InlineData("/x", "tmpfs", "remount tmpcopyup", "tmpcopyup is for a new mount")]
    [InlineData("/x", "none", "remount bind idmap", "idmap is for a new mount")]
    [InlineData("/x", "tmpfs", "copy-symlink", "copy-symlink is about the source of a bind mount")]
    [InlineData("/x", "tmpfs", "src-nofollow", "src-nofollow is about the source of a bind mount")]
    [InlineData("/x", "none", "bind copy-symlink rshared", "neither idmapped nor shared")]
    [InlineData("/x", "cgroup", "idmap", "maps no owners of cgroups")]
    [InlineData("/proc", "tmpfs", "", "cannot be mounted because it is inside /proc")]
    [InlineData("/proc/sys", "none", "bind", "cannot be mounted because it is inside /proc")]
    [InlineData("/x/../proc/self", "tmpfs", "", "cannot be mounted because it is inside /proc")]
    [InlineData("/x", "none", "bind idmap=uids=0-0-1", "uids and gids are both required")]
    [InlineData("/x", "none", "bind idmap=uids=0-0;gids=0-0-1", "\"0-0\" is not of the form")]
    [InlineData("/x", "none", "bind idmap=uids=0-0-0;gids=0-0-1", "is not of the form")]
    [InlineData("/x", "none", "bind idmap=users=0-0-1", "is not of the form")]
    [InlineData("/x", "none", "bind idmap=uids=@70000-70000-1;gids=0-0-1", "70000 is no id of the container's user namespace")]
    public void A_mount_that_cannot_be_right_is_refused_by_name(string destination, string type, string options, string reason)
    {
        Action planned = () => Plan([Mount(destination, type, options)], user: true);

        RuntimeError refusal = planned.Should().Throw<RuntimeError>().Which;
        refusal.Property.Should().Be("mounts[0]");
        refusal.Message.Should().Contain(reason);
    }

    [Theory]
    [InlineData("none", "bind size=1k", "mounts[0].options[1]: size=1k is left out: it is for a file system, and a bind mount makes none")]
    [InlineData("none", "sync,mode=1 rbind", "mounts[0].options[0]: sync,mode=1 is left out: it is for a file system, and a bind mount makes none")]
    [InlineData("none", "ro remount bind sync", "mounts[0].options[3]: sync is left out: it is for a file system, and a bind mount makes none")]
    [InlineData("none", "bind async nolazytime nomand silent", null)]
    [InlineData("tmpfs", "size=1k", null)]
    [InlineData("cgroup", "size=1k", "mounts[0].options[0]: size=1k is left out: it is for a file system, and showing the container its cgroups makes none")]
    public void Options_for_a_file_system_are_left_out_with_a_warning_where_none_is_made(string type, string options, string? warning) =>
        Plan([Mount("/x", type, options)], user: true).Warnings.Where(text => text.StartsWith("mounts", StringComparison.Ordinal))
            .Should().Equal(warning is null ? [] : [warning]);

    [Theory]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/sys/kernel/ns_last_pid")]
    [InlineData("/proc/slabinfo")]
    public void What_lxcfs_provides_may_be_mounted_below_proc(string destination) =>
        Bind(Mount(destination, "none", "bind")).Flags.Should().Be(BindMountFlags.None);

    [Fact]
    public void What_is_bound_to_proc_must_be_one() => Bind(Mount("/proc", "none", "rbind")).Flags.Should().HaveFlag(BindMountFlags.MustBeProc);

    [Theory]
    [InlineData("bind", BindMountFlags.None)]
    [InlineData("rbind", BindMountFlags.Recursive)]
    [InlineData("bind src-nofollow", BindMountFlags.SourceNoFollow)]
    [InlineData("bind dest-nofollow", BindMountFlags.DestinationNoFollow)]
    [InlineData("bind copy-symlink", BindMountFlags.CopyLink)]
    [InlineData("bind rslave", BindMountFlags.None)]
    [InlineData("rbind rshared", BindMountFlags.Recursive | BindMountFlags.HostMounts)]
    [InlineData("bind idmap=uids=0-0-1;gids=0-0-1", BindMountFlags.HostMounts)]
    public void A_bind_mount_has_the_traits_of_its_options(string options, BindMountFlags traits) => Bind(Mount("/x", "none", options)).Flags.Should().Be(traits);

    [Fact]
    public void A_relative_source_counts_from_the_bundle() =>
        Bind(Mount("/x", "none", "bind") with { Source = "data/below" }).Source.ToString().Should().Be("/bundle/data/below");

    [Theory]
    [InlineData("rro", MountAttributes.ReadOnly)]
    [InlineData("ro rrw", MountAttributes.None)]
    [InlineData("nosuid rnoexec", MountAttributes.NoSuid | MountAttributes.NoExecute)]
    [InlineData("noatime rstrictatime", MountAttributes.StrictAccessTime)]
    public void Of_a_new_file_system_recursive_options_say_the_last_word(string options, MountAttributes attributes) =>
        Filesystem(Mount("/x", "ext4", options)).Attributes.Should().Be(attributes);

    [Theory]
    [InlineData("tmpfs", "", FilesystemMountFlags.InheritMode)]
    [InlineData("tmpfs", "mode=755", FilesystemMountFlags.None)]
    [InlineData("tmpfs", "tmpcopyup mode=755", FilesystemMountFlags.CopyUp)]
    [InlineData("mqueue", "", FilesystemMountFlags.None)]
    [InlineData("proc", "", FilesystemMountFlags.RealDirectory)]
    [InlineData("sysfs", "", FilesystemMountFlags.RealDirectory)]
    [InlineData("ext4", "dest-nofollow", FilesystemMountFlags.DestinationNoFollow)]
    [InlineData("ext4", "idmap=uids=0-0-1;gids=0-0-1", FilesystemMountFlags.MapOwners)]
    public void A_file_system_has_the_traits_of_its_type_and_options(string type, string options, FilesystemMountFlags traits) =>
        Filesystem(Mount(type == "proc" ? "/proc" : "/x", type, options)).Flags.Should().Be(traits);

    [Theory]
    [InlineData("proc", true, false, "/proc")]
    [InlineData("proc", true, true, null)]
    [InlineData("sysfs", true, false, "/sys")]
    [InlineData("sysfs", true, true, null)]
    [InlineData("sysfs", false, false, null)]
    [InlineData("tmpfs", true, false, null)]
    public void In_a_user_namespace_without_the_namespaces_that_a_file_system_needs_the_hosts_is_shown(string type, bool user, bool namespaces, string? instead)
    {
        CString shown = Only<MountFilesystem>(Plan([Mount(type == "proc" ? "/proc" : "/x", type, "")], user, namespaces)).Instead;

        (shown.IsNull ? null : shown.ToString()).Should().Be(instead);
    }

    [Fact]
    public void A_remount_with_bind_changes_the_mount_alone_and_without_it_the_file_system_too()
    {
        Only<Remount>(Plan([Mount("/", "none", "remount bind ro")])).Superblock.Should().BeFalse();
        Remount whole = Only<Remount>(Plan([Mount("/x", "none", "remount ro size=1")]));
        whole.Superblock.Should().BeTrue();
        whole.Parameters.Select(parameter => parameter.Key.ToString()).Should().Equal("size", "ro");
    }

    [Fact]
    public void In_a_user_namespace_every_source_is_lent_from_the_containers_mounts()
    {
        ServeMounts lend = Plan([Mount("/x", "none", "rbind"), Mount("/y", "none", "bind idmap"), Mount("/z", "none", "bind rshared")], user: true)
            .Host.Select(step => step.Action).OfType<ServeMounts>().Single();

        lend.Mounts.Select(mount => (mount.Recursive, mount.FromHost, mount.Owners is null)).Should().Equal(
            (true, false, true), (false, false, false), (false, false, true));
        lend.Mounts[1].Owners!.UserIds.Should().BeEmpty("the container's own mapping is meant");
    }

    [Fact]
    public void Ids_in_the_form_of_crun_are_the_hosts_or_with_an_at_sign_the_containers()
    {
        MountOwners owners = Plan([Mount("/x", "none", "bind idmap=uids=0-7-1#1-2-1;gids=@0-3-2")], user: true)
            .Host.Select(step => step.Action).OfType<ServeMounts>().Single().Mounts[0].Owners!;

        owners.UserIds.Select(one => (one.ContainerId, one.HostId, one.Size)).Should().Equal((0, 7, 1), (1, 2, 1));
        owners.GroupIds.Select(one => (one.ContainerId, one.HostId, one.Size)).Should().Equal((0u, 100003u, 2u));
    }

    [Fact]
    public void A_mount_label_becomes_a_context_but_of_the_kernels_own_file_systems()
    {
        Plan plan = Plan(
            [Mount("/proc", "proc", ""), Mount("/sys", "sysfs", ""), Mount("/dev", "tmpfs", ""), Mount("/q", "mqueue", ""), Mount("/own", "tmpfs", "context=mine"), Mount("/b", "none", "bind")],
            label: "u:r:t:s0:c1,c2");

        plan.HostBefore.Select(step => step.Action).Should().ContainEquivalentOf(new RequireSecurityModule(SecurityModule.Selinux, Origins.Linux("mountLabel", "MLBL-01")));
        MountFilesystem[] mounts = [.. plan.Container.Select(step => step.Operation).OfType<MountFilesystem>()];
        mounts.Select(mount => string.Join(",", mount.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}"))).Should().Equal(
            "", "", "context=u:r:t:s0:c1,c2", "", "context=mine");
        mounts.Where(mount => !mount.Label.IsNull).Select(mount => mount.Type.ToString()).Should().Equal("mqueue");
    }

    [Theory]
    [InlineData(RootfsPropagation.Private, true)]
    [InlineData(RootfsPropagation.RecursivePrivate, true)]
    [InlineData(RootfsPropagation.Slave, false)]
    public void A_private_root_is_refused_when_it_is_moved(RootfsPropagation propagation, bool refused)
    {
        Action planned = () => Plan([], propagation: propagation, noPivot: true);

        if (refused)
        {
            planned.Should().Throw<RuntimeError>().Which.Property.Should().Be("linux.rootfsPropagation");
        }
        else
        {
            planned.Should().NotThrow();
        }
    }

    [Fact]
    public void CVE_2023_25809_who_may_make_no_cgroup_is_shown_none_and_never_those_of_the_host()
    {
        HostFacts rootless = CgroupFixtures.Hybrid with { UserId = 1000 };
        Plan v1 = Plan([Mount("/sys/fs/cgroup", "cgroup", "rw")], user: true, facts: rootless);
        BindMount[] shown = [.. v1.Container.Select(step => step.Operation).OfType<BindMount>()];

        shown.Should().NotBeEmpty().And.OnlyContain(bind => bind.Flags == BindMountFlags.EmptyIfMissing && bind.Source.ToString().EndsWith("/mounts", StringComparison.Ordinal));

    }

    [Fact]
    public void Who_may_make_no_cgroup_of_v1_is_shown_the_one_it_is_in_read_only_but_never_the_whole_tree()
    {
        const string callers = "/sys/fs/cgroup/memory/process_api/53579c43cca9ac65aa3a6e02755c1fde";
        Mount[] mounts = [Mount("/sys/fs/cgroup", "cgroup", "rw")];
        HostFacts rootless = CgroupFixtures.Hybrid with { UserId = 1000 };

        BindMount[] lenient = [.. Plan(mounts, user: true, facts: rootless).Container.Select(step => step.Operation).OfType<BindMount>()];
        BindMount[] disabled = [.. Plan(mounts, user: true, facts: rootless with { CgroupsDisabled = true }).Container.Select(step => step.Operation).OfType<BindMount>()];
        BindMount[] privileged = [.. Plan(mounts, facts: CgroupFixtures.Hybrid).Container.Select(step => step.Operation).OfType<BindMount>()];

        lenient.Where(bind => !bind.ReadOnlyIfMissing.IsNull).Should().ContainSingle().Which.ReadOnlyIfMissing.ToString().Should().Be(callers);
        disabled.Should().ContainSingle().Which.Should().Match<BindMount>(bind => bind.Source.ToString() == callers && bind.Destination.ToString() == "/sys/fs/cgroup/memory"
            && (bind.Changes.Set & MountAttributes.ReadOnly) != 0 && (bind.Changes.Clear & MountAttributes.ReadOnly) == 0);
        privileged.Should().OnlyContain(bind => bind.ReadOnlyIfMissing.IsNull);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_no_cgroup_is_shown_none_in_a_namespace_of_its_own_either(bool cgroupNamespace)
    {
        HostFacts bare = CgroupFixtures.Hybrid with { Cgroups = Hull.Runtime.CgroupFacts.None };

        MountFilesystem empty = Only<MountFilesystem>(Plan([Mount("/sys/fs/cgroup", "cgroup", "rw")], facts: bare, cgroup: cgroupNamespace));

        (empty.Type.ToString(), empty.Attributes & MountAttributes.ReadOnly).Should().Be(("tmpfs", MountAttributes.ReadOnly));
    }

    [Theory]
    [InlineData("uid=65535", true, true)]
    [InlineData("uid=65536", true, false)]
    [InlineData("gid=70000", true, false)]
    [InlineData("gid=70000", false, true)]
    public void A_file_system_belongs_to_somebody_of_the_containers_user_namespace(string option, bool user, bool possible)
    {
        Action planned = () => Plan([Mount("/x", "tmpfs", option)], user);

        if (possible)
        {
            planned.Should().NotThrow();
        }
        else
        {
            planned.Should().Throw<RuntimeError>().WithMessage($"mounts*option {option}*is no id of the container's user namespace*");
        }
    }

    [Theory]
    [InlineData("xfs", "logdev=/", 6, 8)]
    [InlineData("overlay", "upperdir=/", 6, 8)]
    [InlineData("overlay", "lowerdir=/", 6, 8)]
    [InlineData("overlay", "lowerdir=/a:/", 6, 7)]
    [InlineData("overlay", "lowerdir=/a:/", 5, 10)]
    public void Options_of_which_one_is_longer_than_a_value_may_be_go_as_one_text(string type, string option, int major, int minor)
    {
        HostFacts facts = CgroupFixtures.Hybrid with { Kernel = new KernelVersion(major, minor) };

        Flags(option + new string('x', 255)).Should().HaveFlag(FilesystemMountFlags.OptionsAsText);
        Flags(option + new string('x', 5)).Should().NotHaveFlag(FilesystemMountFlags.OptionsAsText);

        FilesystemMountFlags Flags(string options) => Only<MountFilesystem>(Plan([Mount("/x", type, options)], facts: facts)).Flags;
    }

    [Theory]
    [InlineData("xfs", "logdev=/", 6, 8, "use a shorter path")]
    [InlineData("overlay", "upperdir=/", 6, 8, "use a shorter path")]
    [InlineData("overlay", "lowerdir=/a:/", 6, 7, "Linux 6.8 takes the directories one by one")]
    [InlineData("overlay", "lowerdir=/a:/", 4, 18, "Linux 6.8 takes the directories one by one")]
    public void Options_that_no_page_holds_are_refused_with_their_length(string type, string option, int major, int minor, string hint)
    {
        Action planned = () => Plan([Mount("/x", type, option + new string('x', 4095))], facts: CgroupFixtures.Hybrid with { Kernel = new KernelVersion(major, minor) });

        planned.Should().Throw<RuntimeError>().WithMessage("mounts*: mount * on /x: its options have * bytes, and the kernel takes 4095*").Which.Hint.Should().Contain(hint);
    }

    [Fact]
    public void Many_layers_of_an_overlay_are_given_one_by_one()
    {
        string first = "/" + new string('a', 200), second = "/" + new string('b', 200);
        Plan plan = Plan([Mount("/x", "overlay", $"lowerdir={first}:{second}\\:c::/data upperdir=/up")], facts: CgroupFixtures.Hybrid with { Kernel = new KernelVersion(6, 8) });

        Only<MountFilesystem>(plan).Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}").Should().Equal(
            "lowerdir+=" + first, "lowerdir+=" + second + ":c", "datadir+=/data", "upperdir=/up");
    }

    [Fact]
    public void A_directory_of_an_overlay_that_no_string_can_hold_goes_as_a_descriptor()
    {
        string deep = "/" + new string('d', 255);
        Plan plan = Plan([Mount("/x", "overlay", $@"lowerdir=/a:{deep}l\:1 upperdir={deep}u\,2 workdir=/w")], facts: CgroupFixtures.Hybrid with { Kernel = new KernelVersion(6, 13) });

        Only<MountFilesystem>(plan).Parameters.Select(parameter => (parameter.ToString(), parameter.IsDirectory)).Should().Equal(
            ("lowerdir+=/a", false), ($"lowerdir+={deep}l:1", true), ($"upperdir={deep}u,2", true), ("workdir=/w", false));
    }

    [Theory]
    [InlineData("fuse.sshfs", "fd=5", "fd=5", "subtype=sshfs")]
    [InlineData("fuse.sshfs", "subtype=other", "subtype=other")]
    [InlineData("fuse", "fd=5", "fd=5")]
    public void The_second_half_of_a_type_is_a_parameter(string type, string options, params string[] parameters) =>
        Filesystem(Mount("/x", type, options)).Parameters.Select(parameter => parameter.ToString()).Where(text => text != "ro").Should().Equal(parameters);

    [Theory]
    [InlineData(6, 5, @"lowerdir=/a\,b=c\,d:/e", "upperdir=/up")]
    [InlineData(6, 4, @"lowerdir=/a\", @"b=c\", "d:/e", "upperdir=/up")]
    public void A_comma_in_a_layer_of_an_overlay_reaches_the_kernel_old_and_new(int major, int minor, params string[] parameters)
    {
        Plan plan = Plan([Mount("/x", "overlay", @"lowerdir=/a\,b=c\,d:/e upperdir=/up")], facts: CgroupFixtures.Hybrid with { Kernel = new KernelVersion(major, minor) });

        Only<MountFilesystem>(plan).Parameters.Select(parameter => parameter.ToString()).Should().Equal(parameters);
    }

    private static BindMount Bind(Mount mount) => Only<BindMount>(Plan([mount]));

    private static MountFilesystem Filesystem(Mount mount) => Only<MountFilesystem>(Plan([mount]));

    private static T Only<T>(Plan plan) => plan.Container.Select(step => step.Operation).OfType<T>().Single();

    private static Mount Mount(string destination, string type, string options) => new()
    {
        Destination = destination, Type = type, Source = "/source", Options = options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    private static Plan Plan(
        Mount[] mounts, bool user = false, bool namespaces = true, string? label = null, RootfsPropagation? propagation = null, bool noPivot = false,
        HostFacts? facts = null, bool cgroup = false)
    {
        List<Namespace> kinds = [new() { Type = NamespaceType.Mount }];
        if (namespaces)
        {
            kinds.AddRange([new() { Type = NamespaceType.Pid }, new() { Type = NamespaceType.Network }]);
        }

        if (user)
        {
            kinds.Add(new() { Type = NamespaceType.User });
        }

        if (cgroup)
        {
            kinds.Add(new() { Type = NamespaceType.Cgroup });
        }

        var config = new Config
        {
            OciVersion = "1.3.0",
            Root = new Root { Path = "rootfs" },
            Process = new Process { Cwd = "/", Args = ["/bin/true"] },
            Mounts = mounts,
            Linux = new LinuxConfig
            {
                Namespaces = kinds,
                UidMappings = user ? Everybody : null,
                GidMappings = user ? Everybody : null,
                MountLabel = label,
                RootfsPropagation = propagation,
            },
        };
        var request = new CreateRequest { Id = "mounts", Bundle = "/bundle", Config = config, WaitForStart = true, NoPivot = noPivot };
        return CreatePlanner.Plan(request, facts ?? CgroupFixtures.Hybrid);
    }
}
