namespace Hull.Oci.Tests;

public static partial class Examples
{
    private static readonly Example[] Resources =
    [
        Rule("DeviceRuleIsValid", "allow", """{"access":"r"}""", """{"allow":true,"access":"r"}"""),
        Rule("DeviceRuleIsValid", "type", """{"allow":true,"type":"p","access":"r"}""", """{"allow":true,"type":"a","access":"r"}"""),
        Rule(
            "DeviceRuleIsValid",
            "major",
            """{"allow":true,"type":"c","major":-2,"access":"r"}""",
            """{"allow":true,"type":"c","major":-1,"access":"r"}"""),
        Rule(
            "DeviceRuleIsValid",
            "minor",
            """{"allow":true,"type":"b","minor":-2,"access":"r"}""",
            """{"allow":true,"type":"b","minor":0,"access":"r"}"""),
        Example.Resources(
            "DeviceRuleIsValid",
            "devices[0]",
            """ "devices":[{"allow":true,"major":1,"access":"r"}] """,
            """ "devices":[] """,
            isWarning: true),
        Rule("DeviceAccessIsValid", "access", """{"allow":true,"access":"rx"}""", """{"allow":true,"access":"mwr"}"""),
        Rule("DeviceAccessIsValid", "access", """{"allow":true,"access":""}""", """{"allow":true,"access":"m"}"""),
        Rule("DeviceAccessIsValid", "access", """{"allow":true}""", ""),
        new(
            "ZeroPidsAreALimit",
            "linux.resources.pids.limit",
            """{"ociVersion":"1.2.1","root":{"path":"rootfs"},"linux":{"resources":{"pids":{"limit":0}}}}""",
            """{"ociVersion":"1.3.0","root":{"path":"rootfs"},"linux":{"resources":{"pids":{"limit":0}}}}""",
            IsWarning: true),
        Memory("MemoryLimitIsValid", "limit", """ "limit":-2 """, """ "limit":-1 """),
        Memory("MemoryLimitIsValid", "reservation", """ "reservation":-2 """, """ "reservation":0 """),
        Memory("MemoryLimitIsValid", "swap", """ "swap":-2 """, """ "limit":-1,"swap":-1 """),
        Memory("MemoryLimitIsValid", "kernel", """ "kernel":-2 """, """ "kernel":-1 """),
        Memory("MemoryLimitIsValid", "kernelTCP", """ "kernelTCP":-2 """, """ "kernelTCP":-1 """),
        Memory("SwapCoversMemory", "swap", """ "limit":2,"swap":1 """, """ "limit":2,"swap":2 """),
        Memory("SwappinessIsInRange", "swappiness", """ "swappiness":101 """, """ "swappiness":100 """),
        Cpu("CpuTimeIsInRange", "period", """ "period":999 """, """ "period":1000 """),
        Cpu("CpuTimeIsInRange", "period", """ "period":1000001 """, """ "period":0 """),
        Cpu("CpuTimeIsInRange", "quota", """ "quota":999 """, """ "quota":-1 """),
        Cpu("BurstFitsQuota", "burst", """ "quota":1000,"burst":1001 """, """ "quota":1000,"burst":1000 """),
        Cpu("RealtimeFitsPeriod", "realtimeRuntime", """ "realtimeRuntime":-2 """, """ "realtimeRuntime":-1 """),
        Cpu(
            "RealtimeFitsPeriod",
            "realtimeRuntime",
            """ "realtimeRuntime":2,"realtimePeriod":1 """,
            """ "realtimeRuntime":1,"realtimePeriod":1 """),
        Cpu("CpusetIsList", "cpus", """ "cpus":"all" """, """ "cpus":"0-3,7" """),
        Cpu("CpusetIsList", "mems", """ "mems":"2-1" """, """ "mems":"" """),
        Cpu("IdleIsFlag", "idle", """ "idle":2 """, """ "idle":1 """),
        Block("BlockWeightIsInRange", "weight", """ "weight":9 """, """ "weight":10 """),
        Block("BlockWeightIsInRange", "leafWeight", """ "leafWeight":1001 """, """ "leafWeight":1000 """),
        Block(
            "BlockWeightIsInRange",
            "weightDevice[0].weight",
            """ "weightDevice":[{"major":1,"minor":1,"weight":1}] """,
            """ "weight":0 """),
        Block(
            "BlockWeightIsComplete",
            "weightDevice[0].minor",
            """ "weightDevice":[{"major":1,"weight":10}] """,
            """ "weightDevice":[{"major":1,"minor":0,"weight":10}] """),
        Block("BlockWeightIsComplete", "weightDevice[0].major", """ "weightDevice":[{"major":-1,"minor":0,"weight":10}] """, ""),
        Block(
            "BlockWeightIsComplete",
            "weightDevice[0]",
            """ "weightDevice":[{"major":1,"minor":0}] """,
            """ "weightDevice":[{"major":1,"minor":0,"leafWeight":10}] """),
        Throttle("throttleReadBpsDevice", "rate", """{"major":1,"minor":0}"""),
        Throttle("throttleWriteBpsDevice", "major", """{"minor":0,"rate":1}"""),
        Throttle("throttleReadIOPSDevice", "minor", """{"major":1,"rate":1}"""),
        Throttle("throttleWriteIOPSDevice", "minor", """{"major":1,"minor":-1,"rate":1}"""),
        Hugepage("pageSize", """{"pageSize":"64kB","limit":1}""", """{"pageSize":"64KB","limit":1}"""),
        Hugepage("pageSize", """{"pageSize":"0MB","limit":1}""", """{"pageSize":"2MB","limit":0}"""),
        Hugepage("pageSize", """{"pageSize":"B","limit":1}""", """{"pageSize":"1GB","limit":18446744073709551615}"""),
        Hugepage("pageSize", """{"limit":1}""", ""),
        Hugepage("limit", """{"pageSize":"2MB"}""", ""),
        Example.Resources(
            "InterfacePriorityIsComplete",
            "network.priorities[0].priority",
            """ "network":{"priorities":[{"name":"a"}]} """,
            """ "network":{"priorities":[{"name":"a","priority":1}]} """),
        Example.Resources(
            "InterfacePriorityIsComplete",
            "network.priorities[0].name",
            """ "network":{"priorities":[{"name":"","priority":1}]} """,
            """ "network":{"classID":1} """),
        Example.Resources("PidsLimitIsValid", "pids.limit", """ "pids":{"limit":-2} """, """ "pids":{"limit":-1} """),
        Example.Resources("RdmaLimitIsComplete", "rdma.mlx5", """ "rdma":{"mlx5":{}} """, """ "rdma":{"mlx5":{"hcaHandles":1}} """),
        Example.Resources("UnifiedNamesFile", """unified["a/b"]""", """ "unified":{"a/b":"1"} """, """ "unified":{"memory.high":"1"} """),
        Example.Resources("UnifiedNamesFile", """unified[""]""", """ "unified":{"":"1"} """, """ "unified":{"a..b":""} """),
    ];

    private static Example Rule(string rule, string property, string violating, string conforming) =>
        Example.Resources(rule, "devices[0]." + property, $""" "devices":[{violating}] """, $""" "devices":[{conforming}] """);

    private static Example Memory(string rule, string property, string violating, string conforming) =>
        Example.Resources(rule, "memory." + property, $$""" "memory":{{{violating}}} """, $$""" "memory":{{{conforming}}} """);

    private static Example Cpu(string rule, string property, string violating, string conforming) =>
        Example.Resources(rule, "cpu." + property, $$""" "cpu":{{{violating}}} """, $$""" "cpu":{{{conforming}}} """);

    private static Example Block(string rule, string property, string violating, string conforming) =>
        Example.Resources(rule, "blockIO." + property, $$""" "blockIO":{{{violating}}} """, $$""" "blockIO":{{{conforming}}} """);

    private static Example Throttle(string list, string property, string violating) => Block(
        "BlockThrottleIsComplete",
        $"{list}[0].{property}",
        $$""" "{{list}}":[{{violating}}] """,
        $$""" "{{list}}":[{"major":8,"minor":0,"rate":0}] """);

    private static Example Hugepage(string property, string violating, string conforming) => Example.Resources(
        "HugepageLimitIsValid",
        "hugepageLimits[0]." + property,
        $""" "hugepageLimits":[{violating}] """,
        $""" "hugepageLimits":[{conforming}] """);
}
