using Hull.Linux.Operations;

namespace Hull.Runtime.Planning;

/// <summary>
/// Labels of security modules. They hold from the next execve on; hooks that a process runs in between take them over, so they are set
/// when the hooks of the host's programs are done, and through the host's procfs (LSM-03).
/// </summary>
internal static class SecurityPlanning
{
    private const string OwnAttributes = "thread-self/attr/";

    /// <summary>What must be known and open before the process exists.</summary>
    public static void Open(SettledProgram program, Lanes lanes)
    {
        if (program.Process.ApparmorProfile is not null)
        {
            Origin origin = Origins.Process("apparmorProfile", "LSM-01");
            lanes.Before(new RequireSecurityModule(SecurityModule.AppArmor), origin);
            lanes.OpenProcessFilesystem(origin);
        }

        if (program.Process.SelinuxLabel is not null)
        {
            Origin origin = Origins.Process("selinuxLabel", "LSM-02");
            lanes.Before(new RequireSecurityModule(SecurityModule.Selinux), origin);
            lanes.OpenProcessFilesystem(origin);
        }
    }

    /// <summary>Keys that the process makes from here on, its session keyring first, get its label (PROC-11).</summary>
    public static void LabelKeys(SettledProgram program, Lanes lanes)
    {
        if (program.Process.SelinuxLabel is { } label)
        {
            lanes.Inside(new SetSecurityLabel(OwnAttributes + "keycreate", default, label), Origins.Process("selinuxLabel", "PROC-11"));
        }
    }

    /// <summary>How the program will be labelled.</summary>
    public static void LabelProgram(SettledProgram program, Lanes lanes)
    {
        if (program.Process.ApparmorProfile is { } profile)
        {
            lanes.Inside(
                new SetSecurityLabel(OwnAttributes + "apparmor/exec", OwnAttributes + "exec", "exec " + profile),
                Origins.Process("apparmorProfile", "LSM-01"));
        }

        if (program.Process.SelinuxLabel is { } label)
        {
            lanes.Inside(new SetSecurityLabel(OwnAttributes + "exec", default, label), Origins.Process("selinuxLabel", "LSM-02"));
        }
    }
}
