using System.Text;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>Cgroups of a container go with it, and those of others are neither saved nor made.</summary>
public sealed class CgroupTests : CheckpointedTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cgroups_of_others_in_hierarchies_that_are_not_mounted_are_neither_saved_nor_made(bool ownNamespace)
    {
        var bundle = Counter(NewBundle());
        using var hidden = new HiddenHierarchies(bundle);
        hidden.MakeOthers();
        Running(ownNamespace ? bundle.Namespace("cgroup") : bundle);
        Counts(bundle, 1);
        Save(bundle);
        Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Images(bundle), "cgroup.img"))).Should().NotContain(hidden.Name);
        hidden.RemoveOthers();
        GoOn(bundle);

        hidden.Present().Should().BeEmpty();
        File.ReadAllText(Complaints(bundle)).Should().NotContain("cgroups of others");
        Counts(bundle, Count(bundle));
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_images_that_have_cgroups_of_others_a_restore_makes_none(bool ownNamespace)
    {
        var bundle = Counter(NewBundle()).With("linux.resources.pids", JsonNode.Parse("""{ "limit": 78 }"""));
        using var hidden = new HiddenHierarchies(bundle);
        hidden.MakeOthers();
        SaveAsOthersDo(ownNamespace ? bundle.Namespace("cgroup") : bundle, hidden);
        Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Images(bundle), "cgroup.img"))).Should().Contain(hidden.Name, "this is what the test is about");
        hidden.RemoveOthers();
        GoOn(bundle);

        hidden.Present().Should().BeEmpty();
        File.ReadAllText(Complaints(bundle)).Should().Contain("cgroups of others");
        Counts(bundle, Count(bundle));
        Cgroups.Read("pids", bundle.CgroupPath, "pids.max", "pids.max").Should().Be("78");
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath);
        AssertNamespace(bundle, ownNamespace);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Left_alone_a_container_keeps_cgroup_and_namespace(bool ownNamespace)
    {
        var bundle = Counter(NewBundle());
        SaveAndGoOn(Running(ownNamespace ? bundle.Namespace("cgroup") : bundle), "--manage-cgroups-mode", "ignore");

        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath);
        AssertNamespace(bundle, ownNamespace);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cgroup_that_the_container_has_made_in_its_own_comes_back_with_its_limit(bool ownNamespace)
    {
        var bundle = Counter(ownNamespace ? NewBundle().Namespace("cgroup") : NewBundle());
        Running(bundle);
        Counts(bundle, 1);
        var pids = (Cgroups.Version1Mount("pids") ?? Cgroups.V2Mount) + bundle.CgroupPath;
        Skip.Unless(Cgroups.Version1Mount("pids") is not null, "needs the pids controller of version 1");
        Directory.CreateDirectory(pids + "/inside");
        File.WriteAllText(pids + "/inside/pids.max", "5");
        File.WriteAllText(pids + "/inside/cgroup.procs", $"{bundle.ProcessId()}");
        Save(bundle);
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
        GoOn(bundle);

        File.ReadAllText(pids + "/inside/pids.max").Trim().Should().Be("5");
        File.ReadAllText(pids + "/inside/cgroup.procs").Split('\n').Should().Contain($"{bundle.ProcessId()}");
        Counts(bundle, Count(bundle));
    }

    /// <summary>With settings of CRIU that let it see every hierarchy, as it does without hull.</summary>
    private static void SaveAsOthersDo(Bundle bundle, HiddenHierarchies hidden)
    {
        var yard = Directory.CreateDirectory(Path.Combine(bundle.Scratch, "yard")).FullName;
        var settings = Path.Combine(bundle.Scratch, "criu.conf");
        File.WriteAllText(settings, $"cgroup-yard {yard}\n");
        Running(bundle.With("annotations", new JsonObject { ["org.criu.config"] = settings }));
        Counts(bundle, 1);
        foreach (var controllers in File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':')[1]))
        {
            var mount = controllers.Length == 0 ? Cgroups.V2Mount : Cgroups.Version1Mount(controllers.Split(',')[0]) ?? hidden.Mounts.Single(place => Path.GetFileName(place) == controllers);
            File.CreateSymbolicLink(Path.Combine(yard, controllers.Length == 0 ? "unified" : controllers.Replace("name=", "", StringComparison.Ordinal)), mount!);
        }

        Save(bundle);
        bundle.Without("annotations").Save();
    }

    private static void AssertNamespace(Bundle bundle, bool own)
    {
        string inside = Directory.ResolveLinkTarget($"/proc/{bundle.ProcessId()}/ns/cgroup", false)!.Name, here = Directory.ResolveLinkTarget("/proc/self/ns/cgroup", false)!.Name;
        (inside != here).Should().Be(own, "the container should have {0}, this is {1}", inside, here);
        Inside(bundle, "cat /proc/self/cgroup").Contains(bundle.CgroupPath, StringComparison.Ordinal).Should().Be(!own);
    }
}
