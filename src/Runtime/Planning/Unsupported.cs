using Hull.Oci;

namespace Hull.Runtime.Planning;

/// <summary>
/// Properties that this version does not carry out. They are refused by name: a container that silently lacks what its
/// configuration asks for is worse than none.
/// </summary>
internal static class Unsupported
{
    /// <exception cref="RuntimeError">The first such property that is set.</exception>
    public static void Refuse(Config config)
    {
        if (config.Process is { } process)
        {
            Refuse(process);
        }

        if (config.Linux is not { } linux)
        {
            return;
        }

        SpecPath path = SpecPath.Root.Property("linux");
        Refuse(linux.Sysctl is { Count: > 0 }, path.Property("sysctl"));
        Refuse(linux.IntelRdt is not null, path.Property("intelRdt"));
        Refuse(linux.MemoryPolicy is not null, path.Property("memoryPolicy"));
        Refuse(linux.NetDevices is { Count: > 0 }, path.Property("netDevices"));
        Refuse(!string.IsNullOrEmpty(linux.MountLabel), path.Property("mountLabel"));
        Refuse(linux.Personality is not null, path.Property("personality"));
    }

    private static void Refuse(Process process)
    {
        SpecPath path = SpecPath.Root.Property("process");
        Refuse(!string.IsNullOrEmpty(process.ApparmorProfile), path.Property("apparmorProfile"));
        Refuse(!string.IsNullOrEmpty(process.SelinuxLabel), path.Property("selinuxLabel"));
        Refuse(process.Scheduler is not null, path.Property("scheduler"));
        Refuse(process.IoPriority is not null, path.Property("ioPriority"));
    }

    private static void Refuse(bool wanted, SpecPath path)
    {
        if (wanted)
        {
            throw new Origin(path, "OP-CRE-03").Refuse("not supported by this version of hull");
        }
    }
}
