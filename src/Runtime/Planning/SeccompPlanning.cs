using Hull.Linux;
using Hull.Linux.Operations;
using Hull.Oci;
using Hull.Runtime.Planning.Seccomp;

namespace Hull.Runtime.Planning;

/// <summary>
/// The filter of system calls. It is the last step but the program itself, with new privileges forbidden or not: a profile then needs to
/// allow nothing but execve and what the program needs. (runc loads it earlier where it is a privileged operation, and a profile without
/// what runc does in between fails there.)
/// </summary>
internal static class SeccompPlanning
{
    private const int SystemAdministration = 21;

    private static Origin Property => Origins.Linux("seccomp", "SEC-10");

    /// <summary>Compiles a profile; none, none.</summary>
    /// <exception cref="RuntimeError">It cannot be carried out.</exception>
    public static LoadSeccompFilter? Compile(Oci.Seccomp? profile)
    {
        if (profile is null)
        {
            return null;
        }

        SeccompProgram program = SeccompCompiler.Compile(profile, Architectures.Native, Property.Path);
        if (!MayExecute(profile))
        {
            throw Property.Refuse("no rule allows execve, so the program could not be started", "name it in a rule with SCMP_ACT_ALLOW");
        }

        return new LoadSeccompFilter(new FilterProgram(program.Instructions.AsSpan()), program.Flags);
    }

    /// <summary>
    /// What must be kept to load the filter although the program does not get it. Unless new privileges are forbidden, that is
    /// CAP_SYS_ADMIN. It need not be dropped after the filter is loaded, which would be one more call for profiles to allow: execve itself
    /// takes it away. What a program is permitted comes from the inheritable, ambient and bounding sets and from its file, never from what
    /// was permitted before (capabilities(7), "Transformation of capabilities during execve()"). Until then no code of the container runs in
    /// this process, and only who has CAP_SYS_PTRACE may trace it, who could have done so all the while that it was set up.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="possible">What this process can have.</param>
    /// <exception cref="RuntimeError">It cannot have that.</exception>
    public static CapabilitySet Needs(SettledProgram program, CapabilitySet possible)
    {
        if (program.Filter is null || program.Process.NoNewPrivileges)
        {
            return CapabilitySet.Empty;
        }

        return possible.Contains(SystemAdministration)
            ? CapabilitySet.Empty.With(SystemAdministration)
            : throw Property.Refuse("filtering system calls needs CAP_SYS_ADMIN, or that new privileges are forbidden", "set process.noNewPrivileges to true");
    }

    /// <summary>
    /// Some rule lets execve pass. Asked here, because afterwards nobody would be told: what reports a failure is likely forbidden as well.
    /// </summary>
    private static bool MayExecute(Oci.Seccomp profile)
    {
        bool may = !SeccompCompiler.Forbids(profile.DefaultAction);
        IReadOnlyList<SeccompSyscall> rules = profile.Syscalls ?? [];
        for (int i = 0; i < rules.Count && !may; i++)
        {
            may = !SeccompCompiler.Forbids(rules[i].Action) && rules[i].Names.Contains("execve");
        }

        return may;
    }

    /// <summary>Loads it: now, and directly before the program.</summary>
    public static void Load(SettledProgram program, Lanes lanes)
    {
        if (program.Filter is { } filter)
        {
            lanes.Inside(filter, Property);
        }
    }
}
