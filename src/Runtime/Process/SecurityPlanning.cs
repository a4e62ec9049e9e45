using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Labels of security modules. They hold from the next execve on; hooks that a process runs in between take them over, so they are set
/// when the hooks that are programs of the host are done, and through the host's procfs (LSM-03).
/// </summary>
internal static class SecurityPlanning
{
    private const string OwnAttributes = "thread-self/attr/";

    // The profile that confines nothing: on a host without AppArmor every program has it.
    private const string Unconfined = "unconfined";

    /// <summary>What must be known and open before the process exists.</summary>
    public static void Open(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.ApparmorProfile is not null)
        {
            Origin origin = Origins.Process("apparmorProfile", "LSM-01");
            if (program.Process.ApparmorProfile != Unconfined)
            {
                plan.HostBefore(new RequireSecurityModule(SecurityModule.AppArmor, origin), origin);
            }

            plan.OpenProcessFilesystem(origin);
        }

        if (program.Process.SelinuxLabel is not null)
        {
            Origin origin = Origins.Process("selinuxLabel", "LSM-02");
            plan.HostBefore(new RequireSecurityModule(SecurityModule.Selinux, origin), origin);
            plan.OpenProcessFilesystem(origin);
        }
    }

    /// <summary>Keys that the process makes from here on, its session keyring first, get its label (PROC-11).</summary>
    public static void LabelKeys(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.SelinuxLabel is { } label)
        {
            plan.Container(new SetSecurityLabel(OwnAttributes + "keycreate", default, label), Origins.Process("selinuxLabel", "PROC-11"));
        }
    }

    /// <summary>How the program will be labelled.</summary>
    public static void LabelProgram(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Process.ApparmorProfile is { } profile)
        {
            plan.Container(
                new SetSecurityLabel(OwnAttributes + "apparmor/exec", OwnAttributes + "exec", "exec " + profile, MayLackModule: profile == Unconfined),
                Origins.Process("apparmorProfile", "LSM-01"));
        }

        if (program.Process.SelinuxLabel is { } label)
        {
            plan.Container(new SetSecurityLabel(OwnAttributes + "exec", default, label), Origins.Process("selinuxLabel", "LSM-02"));
        }
    }
}
