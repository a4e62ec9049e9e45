namespace Hull.Oci.Tests;

public static partial class Examples
{
    private const string OneId = """[{"containerID":0,"hostID":1000,"size":1}]""";

    private static readonly Example[] Linux =
    [
        Example.Linux(
            "NamespaceTypeIsKnown",
            "namespaces[0].type",
            """ "namespaces":[{"type":"net"}] """,
            """ "namespaces":[{"type":"network"}] """),
        Example.Linux("NamespaceTypeIsKnown", "namespaces[0].type", """ "namespaces":[{}] """, """ "namespaces":[{"type":"time"}] """),
        Example.Linux(
            "NamespacePathIsAbsolute",
            "namespaces[0].path",
            """ "namespaces":[{"type":"pid","path":"ns"}] """,
            """ "namespaces":[{"type":"pid","path":"/ns"}] """),
        Example.Linux(
            "NamespacePathIsAbsolute",
            "namespaces[0].path",
            """ "namespaces":[{"type":"pid","path":"./"}] """,
            """ "namespaces":[{"type":"pid","path":""}] """),
        Example.Linux(
            "NamespaceIsUnique",
            "namespaces[2].type",
            """ "namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"pid"}] """,
            """ "namespaces":[{"type":"pid"},{"type":"ipc"}] """),
        Example.Linux(
            "HiddenPathsNeedNamespace",
            "maskedPaths",
            """ "maskedPaths":["/a"] """,
            """ "maskedPaths":["/a"],"namespaces":[{"type":"mount"}] """),
        Example.Linux("HiddenPathsNeedNamespace", "readonlyPaths", """ "readonlyPaths":["/a"] """, """ "readonlyPaths":[] """),
        UserNamespace("MappingIsComplete", "uidMappings[0].hostID", """[{"containerID":0,"size":1}]"""),
        UserNamespace("MappingIsComplete", "uidMappings", Mappings(341)),
        UserNamespace("MappingIsConsistent", "uidMappings[0].size", """[{"containerID":0,"hostID":0,"size":0}]"""),
        UserNamespace("MappingIsConsistent", "uidMappings[0]", """[{"containerID":1,"hostID":0,"size":4294967295}]"""),
        UserNamespace(
            "MappingIsConsistent",
            "uidMappings[1]",
            """[{"containerID":0,"hostID":0,"size":10},{"containerID":9,"hostID":100,"size":1}]"""),
        UserNamespace(
            "MappingIsConsistent",
            "uidMappings[1]",
            """[{"containerID":0,"hostID":0,"size":10},{"containerID":10,"hostID":9,"size":1}]"""),
        UserNamespace("MappingIsConsistent", "uidMappings", "[]"),
        Example.Linux("MappingIsConsistent", "gidMappings", $""" "gidMappings":{OneId} """, """ "gidMappings":[] """, isWarning: true),
        Example.Linux(
            "TimeOffsetIsValid",
            "timeOffsets.realtime",
            """ "namespaces":[{"type":"time"}],"timeOffsets":{"realtime":{"secs":1}} """,
            """ "namespaces":[{"type":"time"}],"timeOffsets":{"monotonic":{"secs":-1},"boottime":{"nanosecs":999999999}} """),
        Example.Linux(
            "TimeOffsetIsValid",
            "timeOffsets.boottime.nanosecs",
            """ "namespaces":[{"type":"time"}],"timeOffsets":{"boottime":{"nanosecs":1000000000}} """,
            """ "timeOffsets":{} """),
        Example.Linux("TimeOffsetNeedsNamespace", "timeOffsets", """ "timeOffsets":{"boottime":{}} """, ""),
        Example.Linux(
            "TimeOffsetNeedsNamespace",
            "timeOffsets",
            """ "namespaces":[{"type":"time","path":"/t"}],"timeOffsets":{"boottime":{}} """,
            ""),
        Device("path", """{"type":"c","path":"dev/x","major":1,"minor":1}""", """{"type":"c","path":"/dev/x","major":1,"minor":1}"""),
        Device("path", """{"type":"c","major":1,"minor":1}""", """{"type":"u","path":"/dev/x","major":1,"minor":1}"""),
        Device("type", """{"type":"d","path":"/dev/x","major":1,"minor":1}""", """{"type":"b","path":"/dev/x","major":1,"minor":1}"""),
        Device("minor", """{"type":"c","path":"/dev/x","major":1}""", """{"type":"p","path":"/dev/x"}"""),
        Device(
            "major",
            """{"type":"c","path":"/dev/x","major":4096,"minor":1}""",
            """{"type":"c","path":"/dev/x","major":4095,"minor":1048575}"""),
        Device("minor", """{"type":"c","path":"/dev/x","major":1,"minor":-1}""", ""),
        Device(
            "fileMode",
            """{"type":"p","path":"/dev/x","fileMode":65536}""",
            """{"type":"p","path":"/dev/x","fileMode":24960}""") with { Rule = "DeviceModeIsMode" },
        Interface("netDevices[\"a/b\"]", """{"a/b":{}}""", """{"eth0":{}}"""),
        Interface("netDevices.sixteen_bytes_01", """{"sixteen_bytes_01":{}}""", """{"fifteen_bytes_1":{}}"""),
        Interface("netDevices.eth0.name", """{"eth0":{"name":".."}}""", """{"eth0":{"name":"eth%d"}}"""),
        Interface("netDevices.eth0.name", """{"eth0":{"name":"a b"}}""", """{"eth0":{"name":""}}"""),
        Interface(
            "netDevices.eth1",
            """{"eth0":{"name":"a"},"eth1":{"name":"a"}}""",
            """{"eth0":{"name":"a%d"},"eth1":{"name":"a%d"}}""") with { Rule = "InterfaceNameIsFree" },
        Example.Linux("InterfaceNeedsNamespace", "netDevices", """ "netDevices":{"eth0":{}} """, """ "netDevices":{} """),
        Example.Linux("CgroupPathStaysInside", "cgroupsPath", """ "cgroupsPath":"/a/../b" """, """ "cgroupsPath":"/a..b/..c/d.." """),
        Example.Linux("CgroupPathStaysInside", "cgroupsPath", """ "cgroupsPath":".." """, """ "cgroupsPath":"a.slice:b:c" """),
        Example.Linux("CgroupPathStaysInside", "cgroupsPath", """ "cgroupsPath":"a/.." """, ""),
        Example.Linux(
            "RdtSchemaIsOneLine",
            "intelRdt.memBwSchema",
            """ "intelRdt":{"memBwSchema":"L3:0=7f"} """,
            """ "intelRdt":{"memBwSchema":"MB:0=20"} """),
        Example.Linux(
            "RdtSchemaIsOneLine",
            "intelRdt.l3CacheSchema",
            """ "intelRdt":{"l3CacheSchema":"L3:0=7f\nMB:0=1"} """,
            """ "intelRdt":{"l3CacheSchema":"L3:0=7f"} """),
        Example.Linux(
            "RdtSchemaIsOneLine",
            "intelRdt.schemata[1]",
            """ "intelRdt":{"schemata":["a","b\n"]} """,
            """ "intelRdt":{"schemata":["a","b"]} """),
        Example.Linux("RdtSchemaIsOneLine", "intelRdt.l3CacheSchema", """ "intelRdt":{"l3CacheSchema":"L2:0=7f"} """, "", isWarning: true),
        Example.Linux("RdtClassIsName", "intelRdt.closID", """ "intelRdt":{"closID":"a/b"} """, """ "intelRdt":{"closID":"/"} """),
        Example.Linux("RdtClassIsName", "intelRdt.closID", """ "intelRdt":{"closID":".."} """, """ "intelRdt":{"closID":"a"} """),
        MemoryPolicy("MemoryPolicyModeIsKnown", "mode", """ "mode":"MPOL_X" """, """ "mode":"MPOL_DEFAULT" """),
        MemoryPolicy("MemoryPolicyModeIsKnown", "mode", "", """ "mode":"MPOL_LOCAL","nodes":"" """),
        MemoryPolicy(
            "MemoryPolicyNodesFitMode",
            "nodes",
            """ "mode":"MPOL_LOCAL","nodes":"1" """,
            """ "mode":"MPOL_PREFERRED","nodes":"1" """),
        MemoryPolicy("MemoryPolicyNodesFitMode", "nodes", """ "mode":"MPOL_BIND" """, """ "mode":"MPOL_BIND","nodes":"0-1" """),
        MemoryPolicy("MemoryPolicyNodesFitMode", "nodes", """ "mode":"MPOL_BIND","nodes":"x" """, """ "mode":"MPOL_PREFERRED" """),
        MemoryPolicy(
            "MemoryPolicyFlagsAreKnown",
            "flags[0]",
            """ "mode":"MPOL_LOCAL","flags":["X"] """,
            """ "mode":"MPOL_LOCAL","flags":[] """),
        MemoryPolicy(
            "MemoryPolicyFlagsAreKnown",
            "flags",
            """ "mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES","MPOL_F_RELATIVE_NODES"] """,
            """ "mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES","MPOL_F_NUMA_BALANCING"] """),
        Sysctl("SysctlNameIsPath", "hostname", "net.ipv4.ip_forward", "network"),
        Sysctl("SysctlNameIsPath", "net..x", "net/ipv4/conf/eth0.100/forwarding", "network"),
        Sysctl("SysctlNameIsPath", "net/../kernel/panic", "net.ipv4.conf.eth0/100.forwarding", "network"),
        Sysctl("SysctlIsNamespaced", "kernel.panic", "kernel.shmmax", "ipc"),
        Sysctl("SysctlIsNamespaced", "fs.file-max", "fs.mqueue.msg_max", "ipc"),
        Sysctl("SysctlIsNamespaced", "kernel.hostname", "kernel.domainname", "uts"),
        Sysctl("SysctlIsNamespaced", "net.core.somaxconn", "net.core.somaxconn", "network", withoutNamespace: true),
        Sysctl("SysctlIsNamespaced", "kernel.pid_max", "kernel.pid_max", "pid", withoutNamespace: true),
        Sysctl("SysctlIsNamespaced", "user.max_user_namespaces", "kernel.sem", "ipc"),
        Example.Root(
            "SysctlIsNamespaced",
            """linux.sysctl["kernel.domainname"]""",
            """ "domainname":"d","linux":{"namespaces":[{"type":"uts"}],"sysctl":{"kernel.domainname":"d"}} """,
            """ "linux":{"namespaces":[{"type":"uts"}],"sysctl":{"kernel.domainname":"d"}} """),
        Example.Linux(
            "PropagationIsKnown",
            "rootfsPropagation",
            """ "rootfsPropagation":"friendly" """,
            """ "rootfsPropagation":"rslave" """),
        Example.Linux(
            "HiddenPathIsAbsolute",
            "maskedPaths[1]",
            """ "namespaces":[{"type":"mount"}],"maskedPaths":["/a","b"] """,
            """ "namespaces":[{"type":"mount"}],"maskedPaths":["/a","/b"] """),
        Example.Linux("HiddenPathIsAbsolute", "readonlyPaths[0]", """ "namespaces":[{"type":"mount"}],"readonlyPaths":[""] """, ""),
        Example.Linux(
            "PersonalityIsKnown",
            "personality.domain",
            """ "personality":{"domain":"BSD"} """,
            """ "personality":{"domain":"LINUX32"} """),
        Example.Linux(
            "PersonalityIsKnown",
            "personality.domain",
            """ "personality":{} """,
            """ "personality":{"domain":"LINUX","flags":[]} """),
        Example.Linux("PersonalityIsKnown", "personality.flags", """ "personality":{"domain":"LINUX","flags":["X"]} """, ""),
    ];

    private static string Mappings(int count)
    {
        IEnumerable<string> mappings = Enumerable.Range(0, count).Select(id => $$"""{"containerID":{{id}},"hostID":{{id}},"size":1}""");
        return $"[{string.Join(',', mappings)}]";
    }

    private static Example UserNamespace(string rule, string path, string mappings) => Example.Linux(
        rule,
        path,
        $$""" "namespaces":[{"type":"user"}],"uidMappings":{{mappings}},"gidMappings":{{OneId}} """,
        $$""" "namespaces":[{"type":"user"}],"uidMappings":[{"containerID":0,"hostID":1,"size":1},{"containerID":1,"hostID":2,"size":4294967293}],"gidMappings":{{OneId}} """);

    private static Example Device(string property, string violating, string conforming) =>
        Example.Linux("DeviceIsComplete", "devices[0]." + property, $""" "devices":[{violating}] """, $""" "devices":[{conforming}] """);

    private static Example Interface(string path, string violating, string conforming) => Example.Linux(
        "InterfaceNameIsValid",
        path,
        $$""" "namespaces":[{"type":"network"}],"netDevices":{{violating}} """,
        $$""" "namespaces":[{"type":"network"}],"netDevices":{{conforming}} """);

    private static Example MemoryPolicy(string rule, string property, string violating, string conforming) =>
        Example.Linux(
            rule,
            "memoryPolicy." + property,
            $$""" "memoryPolicy":{{{violating}}} """,
            $$""" "memoryPolicy":{{{conforming}}} """);

    private static Example Sysctl(string rule, string violating, string conforming, string type, bool withoutNamespace = false)
    {
        string path = violating.All(char.IsAsciiLetterOrDigit) ? "." + violating : $"[\"{violating}\"]";
        string namespaces = $$""" "namespaces":[{"type":"{{type}}"}], """;
        return Example.Linux(
            rule,
            "sysctl" + path,
            $$"""{{(withoutNamespace ? "" : namespaces)}} "sysctl":{"{{violating}}":"1"} """,
            $$"""{{namespaces}} "sysctl":{"{{conforming}}":"1"} """);
    }
}
