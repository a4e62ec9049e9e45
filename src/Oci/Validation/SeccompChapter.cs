namespace Hull.Oci;

/// <summary>The filter of system calls (SEC, SECL).</summary>
internal static class SeccompChapter
{
    /// <summary>The largest errno the kernel returns.</summary>
    private const uint MaximumErrno = 4095;

    /// <summary>The action's data has 16 bits.</summary>
    private const uint MaximumTraceData = ushort.MaxValue;

    /// <summary>A system call has six arguments.</summary>
    private const uint MaximumArgument = 5;

    internal static void Check(Seccomp? seccomp, SpecPath path, Findings findings)
    {
        if (seccomp is null)
        {
            return;
        }

        if (seccomp.DefaultErrnoRet is uint errno)
        {
            CheckErrno(errno, seccomp.DefaultAction, Rules.DefaultErrnoFitsAction, path.Property("defaultErrnoRet"), findings);
        }

        if (seccomp.DefaultAction == SeccompAction.Notify)
        {
            findings.Add(
                Rules.NotifyCannotDeadlock,
                path.Property("defaultAction"),
                "SCMP_ACT_NOTIFY cannot be the default; sending the listener would wait for it");
        }

        if (seccomp.ListenerMetadata is { Length: > 0 } && seccomp.ListenerPath is null or "")
        {
            findings.Add(Rules.MetadataNeedsListener, path.Property("listenerMetadata"), "is given, but listenerPath is not");
        }

        ReadOnlySpan<SeccompSyscall> syscalls = seccomp.Syscalls.Items();
        for (int index = 0; index < syscalls.Length; index++)
        {
            CheckSyscall(syscalls[index], index, path, findings);
        }
    }

    private static void CheckSyscall(SeccompSyscall syscall, int index, SpecPath parent, Findings findings)
    {
        if (syscall.Names.Items().IsEmpty)
        {
            findings.Add(
                Rules.SeccompNamesAreGiven,
                PathOf(parent, index).Property("names"),
                "is empty; it must name at least one system call");
        }

        if (syscall.ErrnoRet is uint errno)
        {
            CheckErrno(errno, syscall.Action, Rules.ErrnoFitsAction, PathOf(parent, index).Property("errnoRet"), findings);
        }

        if (syscall.Action == SeccompAction.Notify)
        {
            int write = syscall.Names.Items().IndexOf("write");
            if (write >= 0)
            {
                findings.Add(
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
                findings.Add(
                    Rules.SeccompArgumentIsValid,
                    PathOf(parent, index).Property("args").Index(argument).Property("index"),
                    $"{arguments[argument].Index} is not from 0 to {MaximumArgument}");
            }
        }
    }

    private static void CheckErrno(uint errno, SeccompAction action, Rule rule, SpecPath path, Findings findings)
    {
        if (action is not (SeccompAction.Errno or SeccompAction.Trace))
        {
            string name = SpecNames.At(SpecNames.SeccompActions, (int)action);
            findings.Add(rule, path, $"{errno} is given, but {name} returns none; only SCMP_ACT_ERRNO and SCMP_ACT_TRACE do");
            return;
        }

        uint maximum = action == SeccompAction.Errno ? MaximumErrno : MaximumTraceData;
        if (errno > maximum)
        {
            findings.Add(rule, path, $"{errno} is not from 0 to {maximum}");
        }
    }

    private static SpecPath PathOf(SpecPath parent, int index) => parent.Property("syscalls").Index(index);
}
