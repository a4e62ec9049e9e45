namespace Hull.Oci.Tests;

public static partial class Examples
{
    private static readonly Example[] Process =
    [
        Example.Process("WorkingDirectoryIsAbsolute", "cwd", "-", ""),
        Example.Process("WorkingDirectoryIsAbsolute", "cwd", """ "cwd":"tmp" """, """ "cwd":"/tmp" """),
        Example.Process("WorkingDirectoryIsAbsolute", "cwd", """ "cwd":"" """, """ "cwd":"/" """),
        Example.Process("EnvironmentIsAssignments", "env[1]", """ "env":["A=b","C"] """, """ "env":["A=b","C="] """),
        Example.Process("EnvironmentIsAssignments", "env[0]", """ "env":["=b"] """, """ "env":["A==b"] """),
        Example.Process("ArgumentsAreGiven", "args", """ "args":[] """, """ "args":["sh"] """),
        Example.Process("ArgumentsAreGiven", "args", """ "args":null """, """ "args":["sh","-c"] """),
        Example.Process("OomScoreIsInRange", "oomScoreAdj", """ "oomScoreAdj":1001 """, """ "oomScoreAdj":1000 """),
        Example.Process("OomScoreIsInRange", "oomScoreAdj", """ "oomScoreAdj":-1001 """, """ "oomScoreAdj":-1000 """),
        Example.Process(
            "ConsoleSizeIsComplete",
            "consoleSize.width",
            """ "consoleSize":{"height":1} """,
            """ "consoleSize":{"height":1,"width":2} """),
        Example.Process("ConsoleSizeIsComplete", "consoleSize.height", """ "consoleSize":{"width":1} """, """ "consoleSize":null """),
        Rlimits(
            "RlimitIsComplete",
            "rlimits[0].soft",
            """{"type":"RLIMIT_CORE","hard":1}""",
            """{"type":"RLIMIT_CORE","soft":1,"hard":1}"""),
        Rlimits("RlimitIsComplete", "rlimits[0].hard", """{"type":"RLIMIT_CORE","soft":1}""", ""),
        Rlimits("RlimitIsComplete", "rlimits[0].type", """{"hard":1,"soft":1}""", ""),
        Rlimits(
            "RlimitIsSettable",
            "rlimits[0].type",
            """{"type":"RLIMIT_BOGUS","soft":1,"hard":1}""",
            """{"type":"RLIMIT_AS","soft":1,"hard":1}"""),
        Rlimits(
            "RlimitIsSettable",
            "rlimits[0].soft",
            """{"type":"RLIMIT_CPU","soft":2,"hard":1}""",
            """{"type":"RLIMIT_CPU","soft":1,"hard":2}"""),
        Rlimits(
            "RlimitIsUnique",
            "rlimits[1].type",
            """{"type":"RLIMIT_NOFILE","soft":1,"hard":1},{"type":"RLIMIT_NOFILE","soft":1,"hard":1}""",
            """{"type":"RLIMIT_NOFILE","soft":1,"hard":1},{"type":"RLIMIT_NPROC","soft":1,"hard":1}"""),
        Example.Process(
            "CapabilityIsKnown",
            "capabilities.bounding[1]",
            """ "capabilities":{"bounding":["CAP_KILL","CAP_FLY"]} """,
            """ "capabilities":{"bounding":["CAP_BPF"]} """,
            isWarning: true),
        Example.Process(
            "CapabilityIsKnown",
            "capabilities.ambient[0]",
            """ "capabilities":{"ambient":["KILL"]} """,
            """ "capabilities":{} """,
            isWarning: true),
        Example.Process("UserIsComplete", "user.gid", """ "user":{"uid":1} """, """ "user":{"uid":1,"gid":1} """),
        Example.Process("UserIsComplete", "user.uid", """ "user":{"gid":1} """, """ "user":null """),
        Scheduler("SchedulerPolicyIsKnown", "policy", """ "nice":1 """, """ "policy":"SCHED_OTHER","nice":1 """),
        Scheduler("SchedulerPolicyIsKnown", "policy", """ "policy":"SCHED_FAST" """, """ "policy":"SCHED_ISO" """),
        Scheduler("NiceIsInRange", "nice", """ "policy":"SCHED_OTHER","nice":20 """, """ "policy":"SCHED_OTHER","nice":19 """),
        Scheduler("NiceIsInRange", "nice", """ "policy":"SCHED_BATCH","nice":-21 """, """ "policy":"SCHED_BATCH","nice":-20 """),
        Scheduler(
            "PriorityFitsPolicy",
            "priority",
            """ "policy":"SCHED_OTHER","priority":1 """,
            """ "policy":"SCHED_OTHER","priority":0 """),
        Scheduler(
            "PriorityFitsPolicy",
            "priority",
            """ "policy":"SCHED_FIFO","priority":100 """,
            """ "policy":"SCHED_FIFO","priority":99 """),
        Scheduler("PriorityFitsPolicy", "priority", """ "policy":"SCHED_RR" """, """ "policy":"SCHED_RR","priority":1 """),
        Scheduler(
            "SchedulerFlagsAreKnown",
            "flags[1]",
            """ "policy":"SCHED_OTHER","flags":["SCHED_FLAG_RECLAIM","SCHED_FLAG_X"] """,
            """ "policy":"SCHED_OTHER","flags":["SCHED_FLAG_RECLAIM"] """),
        Scheduler(
            "DeadlineFitsPolicy",
            "runtime",
            """ "policy":"SCHED_OTHER","runtime":1 """,
            """ "policy":"SCHED_DEADLINE","runtime":1 """),
        Scheduler(
            "DeadlineFitsPolicy",
            "deadline",
            """ "policy":"SCHED_OTHER","deadline":1 """,
            """ "policy":"SCHED_DEADLINE","deadline":1 """),
        Scheduler("DeadlineFitsPolicy", "period", """ "policy":"SCHED_IDLE","period":1 """, """ "policy":"SCHED_IDLE","period":0 """),
        Example.Process(
            "IoPriorityIsValid",
            "ioPriority.class",
            """ "ioPriority":{"priority":1} """,
            """ "ioPriority":{"class":"IOPRIO_CLASS_BE"} """),
        Example.Process("IoPriorityIsValid", "ioPriority.class", """ "ioPriority":{"class":"BE","priority":1} """, ""),
        Example.Process(
            "IoPriorityIsValid",
            "ioPriority.priority",
            """ "ioPriority":{"class":"IOPRIO_CLASS_RT","priority":8} """,
            """ "ioPriority":{"class":"IOPRIO_CLASS_RT","priority":7} """),
        Affinity("initial", "a", "0-3,7"),
        Affinity("final", "3-1", " 1 , 3-5,"),
        Affinity("initial", "1-", ""),
        Affinity("initial", "0x1", "0"),
        Affinity("final", "99999999999", "1023"),
        Example.Root(
            "HostnameNeedsNamespace",
            "hostname",
            """ "hostname":"h" """,
            """ "hostname":"h","linux":{"namespaces":[{"type":"uts"}]} """),
        Example.Root(
            "DomainnameNeedsNamespace",
            "domainname",
            """ "domainname":"d","linux":{"namespaces":[{"type":"pid"}]} """,
            """ "domainname":"" """),
        Example.Root(
            "HookPathIsGiven",
            "hooks.poststart[0].path",
            """ "hooks":{"poststart":[{"args":["a"]}]} """,
            """ "hooks":{"poststart":[{"path":"/a"}]} """),
        Hook("prestart", "path", """{"path":"a"}""", """{"path":"/a"}"""),
        Hook("createRuntime", "path", """{"path":""}""", """{"path":"/a","args":["a"]}"""),
        Hook("createContainer", "timeout", """{"path":"/a","timeout":0}""", """{"path":"/a","timeout":1}"""),
        Hook("startContainer", "timeout", """{"path":"/a","timeout":-1}""", """{"path":"/a","timeout":null}"""),
        Hook("poststart", "path", """{"path":"./a"}""", """{"path":"/a"}"""),
        Hook("poststop", "path", """{"path":"../a"}""", """{"path":"/a"}"""),
    ];

    private static Example Rlimits(string rule, string path, string violating, string conforming) =>
        Example.Process(rule, path, $""" "rlimits":[{violating}] """, $""" "rlimits":[{conforming}] """);

    private static Example Scheduler(string rule, string property, string violating, string conforming) =>
        Example.Process(rule, "scheduler." + property, $$""" "scheduler":{{{violating}}} """, $$""" "scheduler":{{{conforming}}} """);

    private static Example Affinity(string property, string violating, string conforming) => Example.Process(
        "AffinityIsList",
        "execCPUAffinity." + property,
        $$""" "execCPUAffinity":{"{{property}}":"{{violating}}"} """,
        $$""" "execCPUAffinity":{"{{property}}":"{{conforming}}"} """);

    private static Example Hook(string point, string property, string violating, string conforming) => Example.Root(
        "HookIsCallable",
        $"hooks.{point}[0].{property}",
        $$""" "hooks":{"{{point}}":[{{violating}}]} """,
        $$""" "hooks":{"{{point}}":[{{conforming}}]} """);
}
