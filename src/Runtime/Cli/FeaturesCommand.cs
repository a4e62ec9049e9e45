using CommandLine;
using Hull.Oci;

namespace Hull.Runtime;

[Verb("features", HelpText = "print what this runtime can do as JSON")]
[Example("hull features | jq .linux.seccomp", "one part of it")]
internal sealed class FeaturesOptions : Command
{
    /// <inheritdoc/>
    public override int Run(GlobalOptions global, Log log) => FeaturesCommand.Run();
}

/// <summary>
/// <c>hull features</c>: what this build recognises and carries out, whatever the host (FEAT-01). What is refused as not
/// supported is not in it.
/// </summary>
internal static class FeaturesCommand
{
    internal static int Run()
    {
        StandardStreams.WriteOut(System.Text.Encoding.UTF8.GetString(Json.Write(Features())) + "\n");
        return ExitStatus.Success;
    }

    /// <summary>The document.</summary>
    internal static Features Features() => new()
    {
        OciVersionMin = "1.0.0",
        OciVersionMax = DefaultConfig.SpecVersion,
        Hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
        MountOptions = MountOptions.Recognised,
        Linux = new LinuxFeatures
        {
            Namespaces = Enum.GetValues<NamespaceType>(),
            Capabilities = Hull.Linux.CapabilityNames.All(),
            Cgroup = new CgroupFeatures { V1 = true, V2 = true, Systemd = true, SystemdUser = true, Rdma = true },
            Seccomp = Seccomp(),
            Apparmor = new Feature { Enabled = true },
            Selinux = new Feature { Enabled = true },
            IntelRdt = new IntelRdtFeatures { Enabled = true, Schemata = true, Monitoring = true },
            MemoryPolicy = new MemoryPolicyFeatures { Modes = Enum.GetValues<MemoryPolicyMode>(), Flags = Enum.GetValues<MemoryPolicyFlag>() },
            MountExtensions = new MountExtensions { Idmap = new Feature { Enabled = true } },
            NetDevices = new Feature { Enabled = true },
        },
        Annotations = Annotations(),

        PotentiallyUnsafeConfigAnnotations = [UnitAnnotations.Prefix, CriuFlags.SettingsAnnotation],
    };

    /// <summary>
    /// Which hull it is; and, apart from what it can do, what the kernel it was asked on lacks of the calls that it prefers: some of it then has no other way
    /// (docs/kernels.md).
    /// </summary>
    private static Map<string> Annotations()
    {
        var version = new KeyValuePair<string, string>("run.hull.version", BuildFacts.Version);
        var commit = new KeyValuePair<string, string>("run.hull.commit", BuildFacts.Commit);
        var checkpoint = new KeyValuePair<string, string>("run.hull.checkpoint.enabled", "true");
        IReadOnlyList<string> missing = Hull.Linux.MissingCalls.OfThisKernel();
        return missing.Count == 0 ? new Map<string>(version, commit, checkpoint)
            : new Map<string>(version, commit, checkpoint, new("run.hull.kernel.lacks", string.Join(", ", missing)));
    }

    /// <summary>All there is.</summary>
    private static SeccompFeatures Seccomp() => new()
    {
        Enabled = true,
        Actions = Enum.GetValues<SeccompAction>(),
        Operators = Enum.GetValues<SeccompOperator>(),
        Archs = Enum.GetValues<SeccompArchitecture>(),
        KnownFlags = Enum.GetValues<SeccompFlag>(),
        SupportedFlags = Enum.GetValues<SeccompFlag>(),
    };
}
