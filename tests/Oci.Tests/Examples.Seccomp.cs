namespace Hull.Oci.Tests;

public static partial class Examples
{
    private static readonly Example[] Seccomp =
    [
        Example.Seccomp("SeccompActionIsKnown", "defaultAction", "-", ""),
        Example.Seccomp("SeccompActionIsKnown", "defaultAction", """ "defaultAction":"ALLOW" """, """ "defaultAction":"SCMP_ACT_ALLOW" """),
        Syscall("SeccompActionIsKnown", "action", """ "names":["a"] """, """ "names":["a"],"action":"SCMP_ACT_LOG" """),
        Syscall(
            "SeccompActionIsKnown",
            "action",
            """ "names":["a"],"action":"scmp_act_log" """,
            """ "names":["a"],"action":"SCMP_ACT_KILL" """),
        Example.Seccomp(
            "DefaultErrnoFitsAction",
            "defaultErrnoRet",
            """ "defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1 """,
            """ "defaultAction":"SCMP_ACT_TRACE","defaultErrnoRet":65535 """),
        Example.Seccomp("DefaultErrnoFitsAction", "defaultErrnoRet", """ "defaultErrnoRet":4096 """, """ "defaultErrnoRet":38 """),
        Syscall(
            "ErrnoFitsAction",
            "errnoRet",
            """ "names":["a"],"action":"SCMP_ACT_ALLOW","errnoRet":1 """,
            """ "names":["a"],"action":"SCMP_ACT_ERRNO","errnoRet":0 """),
        Syscall(
            "ErrnoFitsAction",
            "errnoRet",
            """ "names":["a"],"action":"SCMP_ACT_TRACE","errnoRet":65536 """,
            """ "names":["a"],"action":"SCMP_ACT_TRACE","errnoRet":65535 """),
        Example.Seccomp(
            "SeccompArchitecturesAreKnown",
            "architectures[1]",
            """ "architectures":["SCMP_ARCH_X86","SCMP_ARCH_VAX"] """,
            """ "architectures":["SCMP_ARCH_RISCV64"] """),
        Example.Seccomp("SeccompFlagsAreKnown", "flags[0]", """ "flags":["LOG"] """, """ "flags":["SECCOMP_FILTER_FLAG_LOG"] """),
        Syscall(
            "SeccompNamesAreGiven",
            "names",
            """ "names":[],"action":"SCMP_ACT_LOG" """,
            """ "names":["nonsense"],"action":"SCMP_ACT_LOG" """),
        Syscall("SeccompNamesAreGiven", "names", """ "action":"SCMP_ACT_LOG" """, ""),
        Argument(
            "index",
            """{"index":6,"value":1,"op":"SCMP_CMP_EQ"}""",
            """{"index":5,"value":18446744073709551615,"op":"SCMP_CMP_EQ"}"""),
        Argument("index", """{"value":1,"op":"SCMP_CMP_EQ"}""", ""),
        Argument("value", """{"index":1,"op":"SCMP_CMP_EQ"}""", ""),
        Argument("op", """{"index":1,"value":1}""", ""),
        Argument("op", """{"index":1,"value":1,"op":"=="}""", """{"index":1,"value":1,"valueTwo":1,"op":"SCMP_CMP_MASKED_EQ"}"""),
        Example.Seccomp(
            "MetadataNeedsListener",
            "listenerMetadata",
            """ "listenerMetadata":"m" """,
            """ "listenerMetadata":"m","listenerPath":"/s" """),
        Example.Seccomp("NotifyCannotDeadlock", "defaultAction", """ "defaultAction":"SCMP_ACT_NOTIFY" """, ""),
        Syscall(
            "NotifyCannotDeadlock",
            "names[1]",
            """ "names":["mkdir","write"],"action":"SCMP_ACT_NOTIFY" """,
            """ "names":["mkdir"],"action":"SCMP_ACT_NOTIFY" """),
    ];

    private static Example Syscall(string rule, string property, string violating, string conforming) => Example.Seccomp(
        rule,
        "syscalls[0]." + property,
        $$""" "syscalls":[{{{violating}}}] """,
        conforming.Length == 0 ? """ "syscalls":[] """ : $$""" "syscalls":[{{{conforming}}}] """);

    private static Example Argument(string property, string violating, string conforming) => Syscall(
        "SeccompArgumentIsValid",
        "args[0]." + property,
        $""" "names":["a"],"action":"SCMP_ACT_LOG","args":[{violating}] """,
        $""" "names":["a"],"action":"SCMP_ACT_LOG","args":[{conforming}] """);
}
