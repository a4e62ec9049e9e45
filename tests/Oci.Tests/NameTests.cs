using System.Reflection;
using System.Text.Json;

namespace Hull.Oci.Tests;

public sealed class NameTests
{
    public static TheoryData<Type, string> Tables() => new()
    {
        { typeof(NamespaceType), "pid network mount ipc uts user cgroup time" },
        { typeof(DeviceType), "c b u p" },
        { typeof(DeviceRuleType), "a c b" },
        { typeof(RootfsPropagation), "shared slave private unbindable rshared rslave rprivate runbindable" },
        { typeof(PersonalityDomain), "LINUX LINUX32" },
        { typeof(ContainerStatus), "creating created running stopped paused" },
        { typeof(IoPriorityClass), "IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE" },
        { typeof(SchedulerPolicy), "SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_ISO SCHED_IDLE SCHED_DEADLINE" },
        { typeof(SeccompOperator), "SCMP_CMP_NE SCMP_CMP_LT SCMP_CMP_LE SCMP_CMP_EQ SCMP_CMP_GE SCMP_CMP_GT SCMP_CMP_MASKED_EQ" },
        { typeof(MemoryPolicyMode), "MPOL_DEFAULT MPOL_PREFERRED MPOL_BIND MPOL_INTERLEAVE MPOL_LOCAL MPOL_PREFERRED_MANY MPOL_WEIGHTED_INTERLEAVE" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Values_are_written_by_the_names_of_the_specification(Type type, string names) =>
        Written(type).Should().Equal(names.Split(' '));

    [Fact]
    public void Every_enumeration_has_as_many_values_as_names_and_every_name_reads_back()
    {
        Type[] types = [.. typeof(Config).Assembly.GetExportedTypes().Where(type => type.IsEnum && type != typeof(Severity))];

        types.Should().HaveCount(16);
        foreach (Type type in types)
        {
            string[] names = Written(type);
            names.Should().OnlyHaveUniqueItems(type.Name);
            foreach (object value in Enum.GetValues(type))
            {
                JsonSerializer.Deserialize($"\"{names[(int)value]}\"", type).Should().Be(value);
            }

            FluentActions.Invoking(() => JsonSerializer.Deserialize("\"bogus\"", type)).Should().Throw<JsonException>(type.Name);
        }
    }

    [Theory]
    [InlineData(RlimitType.Nofile, "RLIMIT_NOFILE")]
    [InlineData(RlimitType.Stack, "RLIMIT_STACK")]
    [InlineData(SchedulerFlag.DeadlineOverrun, "SCHED_FLAG_DL_OVERRUN")]
    [InlineData(SchedulerFlag.UtilizationClampMaximum, "SCHED_FLAG_UTIL_CLAMP_MAX")]
    [InlineData(SeccompAction.KillProcess, "SCMP_ACT_KILL_PROCESS")]
    [InlineData(SeccompAction.Notify, "SCMP_ACT_NOTIFY")]
    [InlineData(SeccompArchitecture.X64, "SCMP_ARCH_X86_64")]
    [InlineData(SeccompArchitecture.Mipsel64N32, "SCMP_ARCH_MIPSEL64N32")]
    [InlineData(SeccompArchitecture.RiscV64, "SCMP_ARCH_RISCV64")]
    [InlineData(SeccompFlag.WaitKillableReceive, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")]
    [InlineData(MemoryPolicyFlag.StaticNodes, "MPOL_F_STATIC_NODES")]
    public void A_value_of_a_long_list_has_its_own_name(object value, string name) =>
        JsonSerializer.Serialize(value, value.GetType()).Should().Be($"\"{name}\"");

    [Fact]
    public void The_enumerations_are_those_of_the_public_schema()
    {
        string file = SharedData.Files("oci-schema", "defs-linux.json").Single();
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(file));
        (string Definition, Type Type)[] lists =
        [
            ("SeccompArch", typeof(SeccompArchitecture)), ("SeccompAction", typeof(SeccompAction)), ("SeccompFlag", typeof(SeccompFlag)),
            ("SeccompOperators", typeof(SeccompOperator)), ("NamespaceType", typeof(NamespaceType)), ("SchedulerPolicy", typeof(SchedulerPolicy)),
            ("SchedulerFlag", typeof(SchedulerFlag)), ("MemoryPolicyMode", typeof(MemoryPolicyMode)), ("MemoryPolicyFlag", typeof(MemoryPolicyFlag)),
        ];

        foreach ((string definition, Type type) in lists)
        {
            JsonElement names = schema.RootElement.GetProperty("definitions").GetProperty(definition).GetProperty("enum");
            Written(type).Should().BeEquivalentTo(names.EnumerateArray().Select(name => name.GetString()), definition);
        }
    }

    [Fact]
    public void Capabilities_are_numbered_as_in_the_kernel()
    {
        CapabilityNames.NumberOf("CAP_SYS_ADMIN").Should().Be(21);
        CapabilityNames.NumberOf("CAP_CHECKPOINT_RESTORE").Should().Be(40);
        CapabilityNames.NumberOf("SYS_ADMIN").Should().Be(-1);
    }

    [Theory]
    [InlineData("net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net", null)]
    [InlineData("net..x", null)]
    [InlineData("net/../x", null)]
    [InlineData("net.//.x", null)]
    [InlineData(".net.x", null)]
    [InlineData("net/x/", null)]
    public void The_first_separator_of_a_kernel_parameter_decides(string name, string? path) =>
        SysctlName.ToPath(name).Should().Be(path);

    private static string[] Written(Type type) =>
        [.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.Serialize(value, type).Trim('"'))];

    // Go's decoder takes whichever comes last; here the order of the members does not matter.
    [Theory]
    [InlineData(""" "hostname": "exact", "HostName": "other" """)]
    [InlineData(""" "HostName": "other", "hostname": "exact" """)]
    [InlineData(""" "HostName": "other", "hostname": "exact", "HOSTNAME": "third" """)]
    public void Of_two_members_that_differ_in_case_the_exact_name_counts(string members)
    {
        ParseResult<Config> parsed = ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, {{members}} }"""));

        parsed.Value!.Hostname.Should().Be("exact");
        parsed.Warnings.Where(warning => warning.Severity == Severity.Warning).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(""" "hostname": "a", "hostname": "b" """)]
    [InlineData(""" "HostName": "a", "HOSTNAME": "b" """)]
    [InlineData(""" "HostName": "a", "hostname": "b", "hostname": "c" """)]
    public void Two_members_of_which_neither_counts_more_are_a_fault(string members)
    {
        ConfigDocument.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{ "ociVersion": "1.3.0", "root": { "path": "rootfs" }, {{members}} }""")).Violations
            .Should().ContainSingle().Which.ToString().Should().Contain("hostname: is given twice");
    }
}
