using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Planning;

/// <summary>Kernel parameters that belong to a namespace on some kernels and to the whole machine on others.</summary>
public sealed class SysctlPlanningTests
{
    [Theory]
    [InlineData(6, 14)]
    [InlineData(7, 0)]
    public void The_highest_pid_belongs_to_the_pid_namespace_since_Linux_6_14(int major, int minor)
    {
        Plan(new KernelVersion(major, minor)).Container.Should().ContainSingle(step => step.Operation.Describe().Contains("pid_max"));
    }

    [Theory]
    [InlineData(6, 13)]
    [InlineData(5, 15)]
    public void Before_that_it_is_the_hosts_and_refused(int major, int minor)
    {
        FluentActions.Invoking(() => Plan(new KernelVersion(major, minor))).Should().Throw<RuntimeError>()
            .Where(error => error.Property!.Contains("kernel.pid_max") && error.Hint!.Contains("6.14"));
    }

    private static Plan Plan(KernelVersion kernel)
    {
        byte[] document = System.Text.Encoding.UTF8.GetBytes(
            """
            {
              "ociVersion": "1.3.0", "root": { "path": "rootfs" }, "process": { "cwd": "/", "args": ["true"] },
              "linux": { "namespaces": [{ "type": "mount" }, { "type": "pid" }], "sysctl": { "kernel.pid_max": "4096" } }
            }
            """);
        var request = new CreateRequest { Id = "c1", Bundle = "/bundle", Config = ConfigDocument.Parse(document).Value!, WaitForStart = true };
        return CreatePlanner.Plan(request, CgroupFixtures.Hybrid with { Kernel = kernel });
    }
}
