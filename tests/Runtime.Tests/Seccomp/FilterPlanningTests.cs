using Hull.Linux;
using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>When the filter is loaded, and what is needed for it.</summary>
public sealed class FilterPlanningTests
{
    private const int SystemAdministration = 21;
    private const int Chown = 0;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_filter_is_loaded_after_everything_but_the_program(bool noNewPrivileges)
    {
        Operation[] operations = Inside(Container(noNewPrivileges));

        operations[^3].Should().BeOfType<SetResourceLimit>();
        operations[^2].Should().BeOfType<LoadSeccompFilter>().Which.Flags.Should().Be(SeccompFilterFlags.Log);
        operations[^1].Should().BeOfType<Execute>();
        operations.OfType<LoadSeccompFilter>().Should().ContainSingle();
    }

    [Fact]
    public void Hooks_that_are_programs_of_the_container_are_filtered_and_those_before_the_root_is_entered_are_not()
    {
        Operation[] operations = Inside(Container(noNewPrivileges: true));
        var filter = operations.OfType<LoadSeccompFilter>().Single();

        operations.OfType<RunHook>().Select(hook => (hook.Path.ToString(), hook.Filter))
            .Should().Equal(("/createContainer", null), ("/startContainer", filter));
    }

    [Fact]
    public void What_loading_needs_is_kept_and_not_given_to_the_program()
    {
        SetCapabilities kept = Inside(Container(noNewPrivileges: false)).OfType<SetCapabilities>().Single();

        kept.Permitted.Should().Be(CapabilitySet.Empty.With(Chown).With(SystemAdministration));
        kept.Effective.Should().Be(CapabilitySet.Empty.With(Chown).With(SystemAdministration));
        (kept.Inheritable | kept.Ambient).Contains(SystemAdministration).Should().BeFalse();
        Inside(Container(noNewPrivileges: false)).OfType<LimitCapabilities>().Single().Kept.Contains(SystemAdministration).Should().BeFalse();
    }

    [Fact]
    public void Nothing_is_kept_when_new_privileges_are_forbidden() =>
        Inside(Container(noNewPrivileges: true)).OfType<SetCapabilities>().Single().Permitted.Should().Be(CapabilitySet.Empty.With(Chown));

    [Fact]
    public void Without_the_privilege_to_load_a_filter_the_configuration_is_refused()
    {
        HostFacts facts = CgroupFixtures.Hybrid with { UserId = 1000, Capabilities = CapabilitySet.Empty };
        var plan = () => CreatePlanner.Plan(Request(Container(noNewPrivileges: false)), facts);

        plan.Should().Throw<RuntimeError>().WithMessage("linux.seccomp: filtering system calls needs CAP_SYS_ADMIN*noNewPrivileges*");
        CreatePlanner.Plan(Request(Container(noNewPrivileges: true)), facts).Container.Should().NotBeEmpty();
    }

    [Fact]
    public void A_profile_that_cannot_be_compiled_leaves_nothing_behind()
    {
        Config config = Container(noNewPrivileges: true);
        Oci.Seccomp profile = DockerProfile.Parse("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]}""");
        var plan = () => CreatePlanner.Plan(Request(config with { Linux = config.Linux! with { Seccomp = profile } }), CgroupFixtures.Hybrid);

        plan.Should().Throw<RuntimeError>().WithMessage("linux.seccomp.listenerPath: *nobody is named who listens*");
    }

    [Theory]
    [InlineData("@name", "linux.seccomp.listenerPath: an abstract name is no path*")]
    [InlineData("", "linux.seccomp.listenerPath: a rule has SCMP_ACT_NOTIFY, but nobody is named who listens*")]
    public void A_listener_is_a_socket_in_the_file_system(string path, string message)
    {
        var plan = () => CreatePlanner.Plan(Request(Notifying(path)), CgroupFixtures.Hybrid);
        plan.Should().Throw<RuntimeError>().WithMessage(message);
    }

    [Theory]
    [InlineData("/run/agent", "/run/agent")]
    [InlineData("agent", "/bundle/agent")]
    public void The_listener_is_found_before_anything_is_made_and_connected_to_when_everything_is(string path, string absolute)
    {
        Plan waiting = CreatePlanner.Plan(Request(Notifying(path)), CgroupFixtures.Hybrid);
        Plan running = CreatePlanner.Plan(Request(Notifying(path)) with { WaitForStart = false }, CgroupFixtures.Hybrid);

        waiting.HostBefore.Select(step => step.Action).OfType<FindListener>().Single().Path.Should().Be(absolute);
        waiting.Host.Should().NotContain(step => step.Action is ConnectListener, "start does that");
        running.HostBefore.Select(step => step.Action).OfType<FindListener>().Single().Path.Should().Be(absolute);
        int connected = running.Host.ToList().FindIndex(step => step.Action is ConnectListener);
        running.Host[connected - 1].Action.Should().BeOfType<RecordContainer>();
        running.Host[connected + 1].Action.Should().Be(new TellContainer(Checkpoint.Recorded));
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void The_host_is_told_when_it_must_take_something(bool waits, bool notifies, bool announced)
    {
        Config config = notifies ? Notifying("/run/agent") : Container(noNewPrivileges: true);
        Plan plan = CreatePlanner.Plan(Request(config) with { WaitForStart = waits }, CgroupFixtures.Hybrid);
        plan.Container.Select(step => step.Operation).OfType<LoadSeccompFilter>().Single().Announced.Should().Be(announced);
    }

    [Fact]
    public void Who_may_not_trace_others_may_look_into_the_process_that_loads_the_filter()
    {
        Of(CgroupFixtures.Hybrid).Traceable.Should().BeFalse();
        Of(CgroupFixtures.Hybrid with { UserId = 1000, Capabilities = CapabilitySet.Empty }).Traceable.Should().BeTrue();

        static PrepareSeccompHandshake Of(HostFacts facts) =>
            CreatePlanner.Plan(Request(Notifying("/run/agent")), facts).HostBefore.Select(step => step.Action).OfType<PrepareSeccompHandshake>().Single();
    }

    [Fact]
    public void Without_a_filter_nothing_is_prepared_for_one()
    {
        Config config = Container(noNewPrivileges: true);
        Plan plan = CreatePlanner.Plan(Request(config with { Linux = config.Linux! with { Seccomp = null } }), CgroupFixtures.Hybrid);
        plan.HostBefore.Should().NotContain(step => step.Action is PrepareSeccompHandshake);
    }

    private static Config Notifying(string listener)
    {
        Config config = Container(noNewPrivileges: true);
        return config with
        {
            Linux = config.Linux! with
            {
                Seccomp = new Oci.Seccomp
                {
                    DefaultAction = Oci.SeccompAction.Allow,
                    ListenerPath = listener,
                    Syscalls = [new SeccompSyscall { Names = ["mkdir"], Action = Oci.SeccompAction.Notify }],
                },
            },
        };
    }

    [Theory]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO"}""", false)]
    [InlineData("""{"defaultAction":"SCMP_ACT_KILL","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}""", false)]
    [InlineData("""{"defaultAction":"SCMP_ACT_KILL","syscalls":[{"names":["read","execve"],"action":"SCMP_ACT_ALLOW"}]}""", true)]
    [InlineData("""{"defaultAction":"SCMP_ACT_LOG"}""", true)]
    public void A_profile_under_which_no_program_can_start_is_refused(string profile, bool possible)
    {
        Config config = Container(noNewPrivileges: true);
        var plan = () => CreatePlanner.Plan(Request(config with { Linux = config.Linux! with { Seccomp = DockerProfile.Parse(profile) } }), CgroupFixtures.Hybrid);

        if (possible)
        {
            plan.Should().NotThrow();
        }
        else
        {
            plan.Should().Throw<RuntimeError>().WithMessage("linux.seccomp: no rule allows execve*");
        }
    }

    private static Operation[] Inside(Config config) =>
        [.. CreatePlanner.Plan(Request(config), CgroupFixtures.Hybrid).Container.Select(step => step.Operation)];

    private static CreateRequest Request(Config config) => new() { Id = "filtered", Bundle = "/bundle", Config = config, WaitForStart = true };

    private static Config Container(bool noNewPrivileges) => new()
    {
        OciVersion = "1.2.0",
        Root = new Root { Path = "rootfs" },
        Process = new Process
        {
            Cwd = "/",
            Args = ["/bin/true"],
            NoNewPrivileges = noNewPrivileges,
            Capabilities = new Oci.Capabilities { Bounding = ["CAP_CHOWN"], Permitted = ["CAP_CHOWN"], Effective = ["CAP_CHOWN"] },
            Rlimits = [new Rlimit { Type = RlimitType.Nofile, Soft = 64, Hard = 64 }],
        },
        Hooks = new Hooks { CreateContainer = [new Hook { Path = "/createContainer" }], StartContainer = [new Hook { Path = "/startContainer" }] },
        Linux = new LinuxConfig
        {
            Namespaces = [new Namespace { Type = NamespaceType.Mount }],
            Seccomp = new Oci.Seccomp { DefaultAction = Oci.SeccompAction.Allow, Flags = [SeccompFlag.Log] },
        },
    };
}
