using System.Text;
using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Review;

/// <summary>A configuration planned on a host with both cgroup hierarchies: a strict one, unless a test says otherwise.</summary>
internal sealed record ReviewedContainer(ResolvedContainer Container, Plan Plan)
{
    internal const string Namespaces = """[{"type":"mount"},{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"cgroup"},{"type":"user"},{"type":"time"}]""";

    private const string Mappings = """ "uidMappings": [{"containerID":0,"hostID":100000,"size":65536}], "gidMappings": [{"containerID":0,"hostID":100000,"size":65536}], """;

    internal static ReviewedContainer Of(
        string namespaces = Namespaces, string process = "", string linux = "", string mounts = "", string root = """ "readonly": true """,
        string seccomp = """ "seccomp": { "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["execve"], "action": "SCMP_ACT_ALLOW" }] }, """, string privileges = """ "noNewPrivileges": true, "apparmorProfile": "web", """)
    {
        string mappings = namespaces.Contains("user", StringComparison.Ordinal) ? Mappings : "";
        byte[] document = Encoding.UTF8.GetBytes(
            $$"""
              {
                "ociVersion": "1.3.0", "root": { "path": "rootfs", {{root}} },
                "process": { {{privileges}} {{process}} "cwd": "/", "args": ["/bin/web", "a b"], "user": { "uid": 1, "gid": 1 } },
                "mounts": [{{mounts}}],
                "linux": {
                  {{mappings}} {{seccomp}} {{linux}}
                  "namespaces": {{namespaces}}, "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
                  "resources": { "memory": { "limit": 67108864 }, "pids": { "limit": 100 }, "devices": [{ "allow": false, "access": "rwm" }] }
                }
              }
              """);
        ParseResult<Config> parsed = ConfigDocument.Parse(document);
        parsed.Violations.Should().BeEmpty();
        Validator.Validate(parsed.Value!).Should().BeEmpty();
        var request = new CreateRequest { Id = "c1", Bundle = "/bundle", Config = parsed.Value!, WaitForStart = true };
        return new ReviewedContainer(CreatePlanner.Resolve(request), CreatePlanner.Plan(request, CgroupFixtures.Hybrid));
    }
}
