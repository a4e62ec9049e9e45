namespace Hull.Oci;

/// <summary>The filter of system calls (SEC, SECL).</summary>
internal static class SeccompValidator
{
    /// <summary>The largest errno the kernel returns.</summary>
    private const uint MaximumErrno = 4095;

    /// <summary>The action's data has 16 bits.</summary>
    private const uint MaximumTraceData = ushort.MaxValue;

    /// <summary>A system call has six arguments.</summary>
    private const uint MaximumArgument = 5;

    internal static void Check(Seccomp? seccomp, SpecPath path, Violations violations)
    {
        if (seccomp is null)
        {
            return;
        }

        if (seccomp.DefaultErrnoRet is uint errno)
        {
            CheckErrno(errno, seccomp.DefaultAction, Rules.DefaultErrnoFitsAction, path.Property("defaultErrnoRet"), violations);
        }

        if (seccomp.DefaultAction == SeccompAction.Notify)
        {
            violations.Add(
                Rules.NotifyCannotDeadlock,
                path.Property("defaultAction"),
                "SCMP_ACT_NOTIFY cannot be the default; sending the listener would wait for it");
        }

        if (seccomp.ListenerMetadata is { Length: > 0 } && seccomp.ListenerPath is null or "")
        {
            violations.Add(Rules.MetadataNeedsListener, path.Property("listenerMetadata"), "is given, but listenerPath is not");
        }

        ReadOnlySpan<SeccompSyscall> syscalls = seccomp.Syscalls.Items();
        for (int index = 0; index < syscalls.Length; index++)
        {
            CheckSyscall(syscalls[index], index, path, violations);
        }

        if (seccomp.IsOfAnEngine())
        {
            int conditional = seccomp.Syscalls!.Count(syscall => syscall.IsConditional());
            violations.Warn(
                Rules.UnknownIsIgnored,
                path,
                $"is an engine's profile, not the specification's: {conditional} of its rules have conditions (includes, excludes), which are ignored; hull seccomp resolve makes the specification's form of it");
        }
    }

    private static void CheckSyscall(SeccompSyscall syscall, int index, SpecPath parent, Violations violations)
    {
        if (syscall.Names.Items().IsEmpty)
        {
            violations.Add(
                Rules.SeccompNamesAreGiven,
                PathOf(parent, index).Property("names"),
                "is empty; it must name at least one system call");
        }

        if (syscall.ErrnoRet is uint errno)
        {
            CheckErrno(errno, syscall.Action, Rules.ErrnoFitsAction, PathOf(parent, index).Property("errnoRet"), violations);
        }

        if (syscall.Action == SeccompAction.Notify)
        {
            int write = syscall.Names.Items().IndexOf("write");
            if (write >= 0)
            {
                violations.Add(
                    Rules.NotifyCannotDeadlock,
                    PathOf(parent, index).Property("names").Index(write),
                    "write cannot have SCMP_ACT_NOTIFY; telling the listener would wait for it");
            }
        }

        ReadOnlySpan<SeccompArgument> arguments = syscall.Args.Items();
        for (int argument = 0; argument < arguments.Length; argument++)
        {
            if (arguments[argument].Index > MaximumArgument)
            {
                violations.Add(
                    Rules.SeccompArgumentIsValid,
                    PathOf(parent, index).Property("args").Index(argument).Property("index"),
                    $"{arguments[argument].Index} is not from 0 to {MaximumArgument}");
            }
        }
    }

    private static void CheckErrno(uint errno, SeccompAction action, Rule rule, SpecPath path, Violations violations)
    {
        if (action is not (SeccompAction.Errno or SeccompAction.Trace))
        {
            string name = action.SpecName();
            violations.Add(rule, path, $"{errno} is given, but {name} returns none; only SCMP_ACT_ERRNO and SCMP_ACT_TRACE do");
            return;
        }

        uint maximum = action == SeccompAction.Errno ? MaximumErrno : MaximumTraceData;
        if (errno > maximum)
        {
            violations.Add(rule, path, $"{errno} is not from 0 to {maximum}");
        }
    }

    private static SpecPath PathOf(SpecPath parent, int index) => parent.Property("syscalls").Index(index);
}
