using System.Globalization;
using System.Text.Json.Nodes;
using Hull.Conformance.Suite;
using static Hull.Conformance.Suite.Expectations;
using static Hull.Conformance.Suite.Limits;

namespace Hull.Conformance.Cases;

/// <summary>linux.cgroupsPath, and the owner of a cgroup, read off the cgroups of the host.</summary>
internal static class CgroupCases
{
    [Rule("CGP-01")]
    public static void An_absolute_path_is_that_path_in_every_hierarchy(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.Started();
        foreach (var controller in new[] { "pids", "memory", "cpu", "devices" })
        {
            File.ReadAllLines(Cgroups.Version1Mount(controller) + bundle.CgroupPath + "/cgroup.procs").Should().Contain(bundle.ProcessId().ToString(CultureInfo.InvariantCulture), controller);
        }

        // Others may have a hierarchy mounted in a mount namespace of their own: out of the runtime's reach, so not its business.
        File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Where(line => line.Split(':') is [_, var names, ..]
                && (names.Length == 0 ? Cgroups.V2Mount is not null : Cgroups.Version1Mount(names.Split(',')[0]) is not null))
            .Should().NotBeEmpty().And.OnlyContain(line => line.EndsWith(":" + bundle.CgroupPath, StringComparison.Ordinal));
    }

    [Rule("CGP-01")]
    public static void An_absolute_path_is_below_the_mount_of_version_2(Bundle bundle)
    {
        Version2();
        bundle.Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Trim().Should().Be("0::" + bundle.CgroupPath);
    }

    [Rule("CGP-01")]
    public static void A_relative_path_always_means_the_same_place(Bundle bundle)
    {
        var path = bundle.CgroupPath.TrimStart('/') + "/relative";
        bundle.With("linux.cgroupsPath", path).Started();
        var first = File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup");
        bundle.Delete("--force").ShouldSucceed();
        bundle.Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Be(first);
        first.Should().Contain(path);
    }

    [Rule("CGP-02")]
    public static void Without_a_path_the_container_still_runs_and_is_cleaned_away(Bundle bundle)
    {
        bundle.Without("linux.cgroupsPath").Started();
        string[] places = [.. File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Where(line => line.Contains(bundle.Id, StringComparison.Ordinal))];
        bundle.Delete("--force").ShouldSucceed();
        places.SelectMany(line => Cgroups.Below(line.Split(':', 3)[2])).Should().BeEmpty();
    }

    [Rule("CGP-03")]
    public static void A_path_does_not_lead_out_of_the_hierarchy(Bundle bundle)
    {
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/../../../../" + bundle.CgroupPath.TrimStart('/')).Args("true");
        if (bundle.CreateCommand().Run().Status == 0)
        {
            File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().NotContain("..");
            Cgroups.Below(bundle.CgroupPath).Should().NotBeEmpty("a path that is accepted is taken from the top of the hierarchy");
        }
    }

    [Rule("CGP-04")]
    public static void A_missing_cgroup_is_made_with_its_parents(Bundle bundle)
    {
        bundle.With("linux.cgroupsPath", bundle.CgroupPath + "/deep/below").Started();
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath + "/deep/below");
    }

    [Rule("CGP-05")]
    public static void A_frozen_cgroup_is_not_one_to_hang_in(Bundle bundle)
    {
        Requires.CgroupV1("freezer");
        var directory = Directory.CreateDirectory(Cgroups.Version1Mount("freezer") + bundle.CgroupPath).FullName;
        File.WriteAllText(directory + "/freezer.state", "FROZEN");
        try
        {
            bundle.Args("true").CreateCommand().Timeout(Patience.Seconds(10)).Run().Status.Should().NotBe(0);
        }
        finally
        {
            File.WriteAllText(directory + "/freezer.state", "THAWED");
            bundle.Delete("--force");
            Cgroups.Remove(bundle.CgroupPath);
        }
    }

    [Rule("OP-DEL-02", "CGP-05")]
    public static void A_cgroup_with_processes_of_another_container_is_refused_or_shared(Bundle bundle)
    {
        var other = bundle.Another().Started();
        bundle.With("linux.cgroupsPath", other.CgroupPath).Args("true").CreateCommand().Run();
        bundle.Delete("--force");
        other.Status().Should().Be("running", "whatever the runtime decides, the other container lives");
    }

    [Rule("CGO-01", "CGO-06")]
    public static void A_cgroup_of_version_1_stays_the_roots(Bundle bundle)
    {
        Requires.CgroupV1("pids");
        bundle.Mapped().Namespace("cgroup").Started();
        foreach (var place in Cgroups.Below(bundle.CgroupPath).Where(place => !place.StartsWith(Cgroups.V2Mount ?? "/-", StringComparison.Ordinal)))
        {
            bundle.OnHost($"stat -c %u '{place}'").Should().Be("0", place);
        }
    }

    [Rule("CGO-03", "CGO-02", "CGO-04", "CGO-05", Since = "1.1.0")]
    [With("rw", "100000")]
    [With("ro", "0")]
    public static void A_cgroup_of_version_2_belongs_to_the_containers_root_where_it_may_write(Bundle bundle, string option, string owner)
    {
        Version2();
        var mount = bundle.Config["mounts"]!.AsArray().Single(mount => (string?)mount!["type"] == "cgroup")!;
        mount["options"] = Array("nosuid", "noexec", "nodev", option);
        bundle.Mapped().Namespace("cgroup").Started();
        var place = Cgroups.V2Mount + bundle.CgroupPath;
        bundle.OnHost($"stat -c %u '{place}'; stat -c %u '{place}/cgroup.procs'; stat -c %u '{place}/memory.max'").Split('\n').Should().Equal(owner, owner, "0");
    }

    [Rule("CGP-07")]
    public static void The_container_joins_every_hierarchy_or_stays_where_it_was(Bundle bundle)
    {
        bundle.Started();
        File.ReadAllLines($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(line => line.EndsWith(bundle.CgroupPath, StringComparison.Ordinal));
    }
}
