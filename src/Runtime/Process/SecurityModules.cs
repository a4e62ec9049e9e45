using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Which security modules this kernel runs.</summary>
internal static class SecurityModules
{
    /// <exception cref="RuntimeError">The module is not there: the program would run without the limits that its label stands for.</exception>
    public static void Require(RequireSecurityModule action)
    {
        bool enabled = action.Module == SecurityModule.AppArmor ? AppArmorIsEnabled() : SelinuxIsEnabled();
        if (!enabled)
        {
            string name = action.ModuleName;
            throw action.Origin.Refuse(
                $"is given, but {name} is not enabled on this host, so {name} is not supported", $"enable {name}, or remove the property");
        }
    }

    /// <summary>Told by the module itself.</summary>
    public static bool AppArmorIsEnabled() =>
        HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/sys/module/apparmor/parameters/enabled") is [(byte)'Y', ..];

    /// <summary>Its file system is mounted, and a policy is loaded: without one the kernel labels everything "kernel".</summary>
    public static bool SelinuxIsEnabled() =>
        HostFiles.Exists(Fd.CurrentDirectory, "/sys/fs/selinux/enforce")
        && HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/proc/thread-self/attr/current") is { } label
        && !label.AsSpan().StartsWith("kernel\0"u8);
}
