using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The filter of system calls. It is the last step but the program itself, with new privileges forbidden or not: a profile then needs to
/// allow nothing but execve and what the program needs. (runc loads it earlier where it is a privileged operation, and a profile without
/// what runc does in between fails there.)
/// </summary>
internal static class SeccompPlanning
{
    /// <summary>CAP_SYS_PTRACE. linux/capability.h</summary>
    private const int ProcessTracing = 19;

    private static Origin Property => Origins.Linux("seccomp", "SEC-10");

    /// <summary>Compiles a profile, and finds its agent.</summary>
    /// <param name="profile">Valid; null for a container without a filter.</param>
    /// <param name="waitsForStart">Another process than the one that makes the plan starts the program: <c>start</c>.</param>
    /// <param name="bundle">Where a relative path of the agent's socket begins.</param>
    /// <exception cref="RuntimeError">The profile cannot be carried out.</exception>
    public static ResolvedSeccomp Resolve(Oci.Seccomp? profile, bool waitsForStart, string bundle) => new(Compile(profile, waitsForStart), ListenerOf(profile, bundle));

    private static LoadSeccompFilter? Compile(Oci.Seccomp? profile, bool waitsForStart)
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

        bool announced = waitsForStart || (program.Flags & SeccompFilterFlags.NewListener) != 0;
        return new LoadSeccompFilter(new FilterProgram(program.Instructions.AsSpan()), program.Flags, announced);
    }

    /// <summary>
    /// What must be kept to load the filter although the program does not get it. Unless new privileges are forbidden, that is
    /// CAP_SYS_ADMIN. It need not be dropped after the filter is loaded, which would be one more call for profiles to allow: execve itself
    /// takes it away. What a program is permitted comes from the inheritable, ambient and bounding sets and from its file, never from what
    /// was permitted before (capabilities(7), "Transformation of capabilities during execve()"). Until then no code of the container runs in
    /// this process, and only a process with CAP_SYS_PTRACE may trace it, which could have done so all the while that it was set up.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="possible">What this process can have.</param>
    /// <exception cref="RuntimeError">It cannot have that.</exception>
    public static CapabilitySet Needs(ResolvedProgram program, CapabilitySet possible)
    {
        if (program.Filter is null || program.Process.NoNewPrivileges)
        {
            return CapabilitySet.Empty;
        }

        return possible.Contains(HostFacts.SystemAdministration)
            ? CapabilitySet.Empty.With(HostFacts.SystemAdministration)
            : throw Property.Refuse("filtering system calls needs CAP_SYS_ADMIN, or that new privileges are forbidden", "set process.noNewPrivileges to true");
    }

    /// <summary>
    /// Some rule lets execve pass. Asked here, because afterwards it could not be reported: what reports a failure is likely forbidden as well.
    /// </summary>
    private static bool MayExecute(Oci.Seccomp profile)
    {
        bool may = !SeccompCompiler.Forbids(profile.DefaultAction);
        ReadOnlySpan<SeccompSyscall> rules = profile.Syscalls.Items();
        for (int i = 0; i < rules.Length && !may; i++)
        {
            may = (rules[i].Action == Oci.SeccompAction.Notify || !SeccompCompiler.Forbids(rules[i].Action)) && rules[i].Names.Items().Contains("execve");
        }

        return may;
    }

    /// <summary>
    /// The agent that answers the calls that a rule notifies; null when no rule does (SECL-01). Found before anything is made, so that a path
    /// without a listener leaves nothing behind.
    /// </summary>
    /// <param name="profile">What the validator has found valid.</param>
    /// <param name="bundle">Where a relative path begins.</param>
    /// <exception cref="RuntimeError">There is no path, or none of the file system.</exception>
    public static SeccompListener? ListenerOf(Oci.Seccomp? profile, string bundle)
    {
        if (profile is null || !SeccompCompiler.Notifies(profile))
        {
            return null;
        }

        string path = profile.ListenerPath ?? "";
        Origin origin = new(Property.Path.Property("listenerPath"), "SECL-01");
        if (path.Length == 0)
        {
            throw origin.Refuse("a rule has SCMP_ACT_NOTIFY, but nobody is named who listens", "set it to the UNIX socket of a seccomp agent");
        }

        if (path[0] is '@' or '\0')
        {
            throw origin.Refuse("an abstract name is no path", "let the agent listen on a socket in the file system");
        }

        return new SeccompListener(path[0] == '/' ? path : bundle + "/" + path, profile.ListenerMetadata);
    }

    /// <summary>What must exist before the container process does.</summary>
    public static void Open(ResolvedProgram program, HostFacts facts, PlanBuilder plan)
    {
        if (program.Listener is { } listener)
        {
            plan.HostBefore(new FindListener(listener.Path), new Origin(Property.Path.Property("listenerPath"), "SECL-01"));
        }

        if (program.Filter is not null)
        {
            plan.HostBefore(new PrepareSeccompHandshake(Traceable: !facts.Capabilities.Contains(ProcessTracing)), Property);
        }
    }

    /// <summary>
    /// The connection to the listener, as late as it can be made: agents that serve one connection after the other would wait for the whole
    /// making of the container. Where the program waits for start, start makes it.
    /// </summary>
    public static void Connect(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Listener is { } listener)
        {
            plan.Host(new ConnectListener(listener), new Origin(Property.Path.Property("listenerPath"), "SECL-02"));
        }
    }

    /// <summary>Loads it: now, and directly before the program.</summary>
    public static void Load(ResolvedProgram program, PlanBuilder plan)
    {
        if (program.Filter is { } filter)
        {
            plan.Container(filter, Property);
        }
    }
}
