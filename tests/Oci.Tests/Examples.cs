namespace Hull.Oci.Tests;

/// <summary>A table for each file of rules; <see cref="RuleExamples"/> turns each row into tests and fails for a rule without one.</summary>
public static partial class Examples
{
    private const string Minimal = """{"ociVersion":"1.3.0","root":{"path":"rootfs"}}""";

    /// <summary>Every example.</summary>
    public static IEnumerable<Example> All() => [.. Document, .. Filesystem, .. Process, .. Linux, .. Resources, .. Seccomp];

    private static string Nested(int levels) =>
        $$"""{"ociVersion":"1.3.0","root":{"path":"r"},"x":{{new string('[', levels)}}{{new string(']', levels)}}}""";

    private static readonly Example[] Document =
    [
        new("DocumentIsJson", "", """{"ociVersion":"1.3.0","root":{"path":"rootfs"},}""", Minimal),
        new("DocumentIsJson", "", "", Minimal),
        new("DocumentIsJson", "", """{"x":[1 2]}""", Minimal),
        new("DocumentIsJson", "root.path", """{"ociVersion":"1.3.0","root":{"path":"a","path":"b"}}""", Minimal),
        new("DocumentIsJson", "x", """{"ociVersion":"1.3.0","root":{"path":"a"},"x":1,"x":2}""", Minimal),
        new("DocumentIsJson", "annotations.a", """{"ociVersion":"1.3.0","root":{"path":"a"},"annotations":{"a":"1","a":"2"}}""", Minimal),
        new(
            "DocumentIsJson",
            "root.path",
            """{"ociVersion":"1.3.0","root":{"path":"\ud800"}}""",
            """{"ociVersion":"1.3.0","root":{"path":"\ud83d\ude00"}}"""),
        Example.Linux(
            "UnknownIsIgnored",
            "seccomp",
            """ "seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_BPF"]}}]} """,
            """ "seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{},"excludes":{"caps":[]}}]} """,
            isWarning: true),
        Example.Root("UnknownIsIgnored", "bogus", """ "bogus":{"a":[1,{}]} """, "", isWarning: true),
        new("ValuesAreValid", "", "null", Minimal),
        new("ValuesAreValid", "", "[]", Minimal),
        new("ValuesAreValid", "root", """{"ociVersion":"1.3.0","root":"rootfs"}""", Minimal),
        new("ValuesAreValid", "root.path", """{"ociVersion":"1.3.0","root":{"path":"a\u0000b"}}""", Minimal),
        Example.Root("ValuesAreValid", "hostname", """ "hostname":{"a":1} """, """ "hostname":null """),
        Example.Root("ValuesAreValid", "mounts", """ "mounts":{} """, """ "mounts":[] """),
        Example.Root("ValuesAreValid", "mounts[0]", """ "mounts":[null] """, """ "mounts":null """),
        new("ValuesAreValid", "root.readonly", """{"ociVersion":"1.3.0","root":{"path":"r","readonly":"yes"}}""", Minimal),
        Example.Process("ValuesAreValid", "args[1]", """ "args":["sh",1] """, """ "args":["sh","1"] """),
        Example.Process("ValuesAreValid", "env[0]", """ "env":[null] """, """ "env":["A="] """),
        Example.Process("NumbersAreExact", "oomScoreAdj", """ "oomScoreAdj":1.0 """, """ "oomScoreAdj":1 """),
        Example.Process("NumbersAreExact", "oomScoreAdj", """ "oomScoreAdj":1e2 """, """ "oomScoreAdj":100 """),
        Example.Process("NumbersAreExact", "user.uid", """ "user":{"uid":-1,"gid":0} """, """ "user":{"uid":4294967295,"gid":0} """),
        Example.Process("NumbersAreExact", "user.gid", """ "user":{"uid":0,"gid":4294967296} """, """ "user":{"uid":0,"gid":0} """),
        Example.Process(
            "NumbersAreExact",
            "rlimits[0].hard",
            """ "rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551616}] """,
            """ "rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551615}] """),
        Example.Resources(
            "NumbersAreExact",
            "memory.limit",
            """ "memory":{"limit":9223372036854775808} """,
            """ "memory":{"limit":9223372036854775807} """),
        new("DocumentEndsOnce", "", Minimal + " {}", Minimal + " \n"),
        new("NamesMatchExactly", "root", """{"ociVersion":"1.3.0","Root":{"path":"rootfs"}}""", Minimal, IsWarning: true),
        new("NestingIsBounded", "", Nested(64), Nested(63)),
        new("VersionIsSemantic", "ociVersion", """{"root":{"path":"rootfs"}}""", Minimal),
        new("VersionIsSemantic", "ociVersion", """{"ociVersion":null,"root":{"path":"rootfs"}}""", Minimal),
        Version("VersionIsSemantic", "1.0", "1.0.0"),
        Version("VersionIsSemantic", "", "1.2.3"),
        Version("VersionIsSemantic", "1.0.00", "1.0.0-rc.1"),
        Version("VersionIsSemantic", "1.0.0-01", "1.0.2-dev"),
        Version("VersionIsSemantic", "1.0.0+", "1.3.0+dev"),
        Version("VersionIsSemantic", "v1.0.0", "1.0.0-0a+001.b-c"),
        Version("VersionIsSupported", "2.0.0", "1.99.0"),
        Version("VersionIsSupported", "10.0.0", "0.5.0-dev"),
        Example.Root("AnnotationsAreStrings", "annotations.a", """ "annotations":{"a":1} """, """ "annotations":{"a":""} """),
        Example.Root("AnnotationsAreStrings", "annotations[\"a b\"]", """ "annotations":{"a b":null} """, """ "annotations":null """),
        Example.Root("AnnotationsAreStrings", "annotations[\"\"]", """ "annotations":{"":"x"} """, """ "annotations":{} """),
    ];

    private static Example Version(string rule, string violating, string conforming) => new(
        rule,
        "ociVersion",
        $$$"""{"ociVersion":"{{{violating}}}","root":{"path":"rootfs"}}""",
        $$$"""{"ociVersion":"{{{conforming}}}","root":{"path":"rootfs"}}""");

    private static readonly Example[] Filesystem =
    [
        new("RootIsGiven", "root", """{"ociVersion":"1.3.0"}""", Minimal),
        new("RootPathIsGiven", "root.path", """{"ociVersion":"1.3.0","root":{}}""", Minimal),
        new("RootPathIsGiven", "root.path", """{"ociVersion":"1.3.0","root":{"path":""}}""", Minimal),
        Example.Root(
            "MountDestination",
            "mounts[0].destination",
            """ "mounts":[{"source":"a"}] """,
            """ "mounts":[{"destination":"/a"}] """),
        Example.Root(
            "MountDestination",
            "mounts[1].destination",
            """ "mounts":[{"destination":"/a"},{"destination":""}] """,
            """ "mounts":[] """),
        Example.Root(
            "MountDestination",
            "mounts[0].destination",
            """ "mounts":[{"destination":"a"}] """,
            """ "mounts":[{"destination":"/a"}] """,
            isWarning: true),
        Example.Root(
            "IdmapIsPaired",
            "mounts[0].gidMappings",
            """ "mounts":[{"destination":"/a","uidMappings":[{"containerID":0,"hostID":1,"size":1}]}] """,
            """ "mounts":[{"destination":"/a","uidMappings":[{"containerID":0,"hostID":1,"size":1}],"gidMappings":[{"containerID":0,"hostID":1,"size":1}]}] """),
        Example.Root(
            "IdmapIsPaired",
            "mounts[0].uidMappings",
            """ "mounts":[{"destination":"/a","gidMappings":[{"containerID":0,"hostID":1,"size":1}]}] """,
            """ "mounts":[{"destination":"/a","uidMappings":[],"gidMappings":[]}] """),
        Example.Root(
            "IdmapHasMapping",
            "mounts[0].options[1]",
            """ "mounts":[{"destination":"/a","options":["bind","idmap"]}] """,
            """
            "mounts":[{"destination":"/a","options":["bind","idmap"]}],"linux":{"namespaces":[{"type":"user","path":"/proc/1/ns/user"}]}
            """),
        Example.Root("IdmapHasMapping", "mounts[0].options[0]", """ "mounts":[{"destination":"/a","options":["ridmap"]}] """, ""),
    ];
}
