using System.Collections.Immutable;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime.Tests.Host;

/// <summary>
/// Resctrl groups, on a directory that looks like a mounted resctrl as far as a test can make it so: the kernel would fill a new group with
/// files, here they are put there before.
/// </summary>
public sealed class ResctrlTests : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("hull-resctrl-").FullName;

    public void Dispose() => Directory.Delete(_mount, recursive: true);

    [Fact]
    [Rule("RDT-06")]
    public void A_class_without_a_schema_must_exist()
    {
        Make("shared", ResctrlClass.Existing).Should().Throw<KernelException>().Which.Errno.Should().Be(Errno.ENOENT);
        Existing("shared", "L3:0=f\n");

        Make("shared", ResctrlClass.Existing).Should().NotThrow();
        File.ReadAllText(Path.Combine(_mount, "shared", "schemata")).Should().Be("L3:0=f\n", "RDT-04: it is not touched");
    }

    [Theory]
    [Rule("RDT-05")]
    [InlineData("L3:0=f", true)]
    [InlineData("L3:0=000F", true)]
    [InlineData("MB:0=50", true)]
    [InlineData("L3:1=3", true)]
    [InlineData("L3:0=f;1=3", true)]
    [InlineData("L3:0=7", false)]
    [InlineData("L3:2=f", false)]
    [InlineData("L2:0=f", false)]
    [InlineData("nonsense", false)]
    public void A_class_that_exists_must_be_as_it_is_wanted(string schema, bool fits)
    {
        Existing("shared", "    L3:0=f;1=03\n    MB:0= 50;1=100\n");

        Action make = Make("shared", ResctrlClass.Shared, schema);

        if (fits)
        {
            make.Should().NotThrow();
        }
        else
        {
            make.Should().Throw<KernelException>().WithMessage($"*{schema}*");
        }
    }

    [Fact]
    [Rule("RDT-02")]
    public void A_class_of_the_containers_own_is_nobody_elses()
    {
        Existing("container", "L3:0=f\n");

        Make("container", ResctrlClass.Own).Should().Throw<KernelException>().Which.Errno.Should().Be(Errno.EEXIST);
    }

    [Fact]
    [Rule("RDT-07")]
    public void What_was_made_is_unmade_and_nothing_else()
    {
        Existing("shared", "L3:0=f\n");
        Directory.CreateDirectory(Path.Combine(_mount, "shared", "mon_groups"));
        var resctrl = new Resctrl(_mount);
        resctrl.Make(new MakeResctrlGroup("shared", ResctrlClass.Existing, []));
        resctrl.Make(new MakeResctrlGroup("own", ResctrlClass.Own, []));
        resctrl.Make(new MakeMonitoringGroup("shared", "container"));
        Directory.Exists(Path.Combine(_mount, "shared", "mon_groups", "container")).Should().BeTrue();

        resctrl.Undo();

        Directory.GetDirectories(_mount, "*", SearchOption.AllDirectories).Should().BeEquivalentTo(
            [Path.Combine(_mount, "shared"), Path.Combine(_mount, "shared", "mon_groups")]);
    }

    [Fact]
    [Rule("RDT-02")]
    public void The_default_class_is_there_for_all() => Make("", ResctrlClass.Existing).Should().NotThrow();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_containers_that_fail_the_last_one_removes_the_class_that_they_share(bool makerFirst)
    {
        string directory = Path.Combine(_mount, "shared");
        var share = new MakeResctrlGroup("shared", ResctrlClass.Shared, []);
        using var maker = new Resctrl(_mount);
        using var other = new Resctrl(_mount);
        maker.Make(share);
        other.Make(share);

        (makerFirst ? maker : other).Undo();
        Directory.Exists(directory).Should().BeTrue("the other container may come to use it");
        (makerFirst ? other : maker).Undo();
        Directory.Exists(directory).Should().BeFalse();
    }

    [Fact]
    [Rule("RDT-07")]
    public void A_class_that_a_container_has_come_to_use_stays_when_its_maker_fails()
    {
        using var maker = new Resctrl(_mount);
        maker.Make(new MakeResctrlGroup("shared", ResctrlClass.Shared, []));
        using (var other = new Resctrl(_mount))
        {
            other.Make(new MakeResctrlGroup("shared", ResctrlClass.Existing, []));
            File.WriteAllText(Path.Combine(_mount, "shared", "tasks"), "4711\n");
        }

        maker.Undo();

        Directory.Exists(Path.Combine(_mount, "shared")).Should().BeTrue();
    }

    [Fact]
    [Rule("RDT-07")]
    public void A_class_that_was_there_before_stays_when_all_fail_that_found_it()
    {
        Directory.CreateDirectory(Path.Combine(_mount, "shared"));
        using var one = new Resctrl(_mount);
        using var other = new Resctrl(_mount);
        one.Make(new MakeResctrlGroup("shared", ResctrlClass.Existing, []));
        other.Make(new MakeResctrlGroup("shared", ResctrlClass.Existing, []));
        one.Undo();
        other.Undo();

        Directory.Exists(Path.Combine(_mount, "shared")).Should().BeTrue();
    }

    [Fact]
    [Rule("RDT-03")]
    public void A_schema_that_cannot_be_written_is_named_and_its_class_is_unmade()
    {
        // A plain directory has no file schemata: as good as a kernel that refuses.
        var resctrl = new Resctrl(_mount);
        Action make = () => resctrl.Make(new MakeResctrlGroup("own", ResctrlClass.Own, ["L3:0=f"]));

        make.Should().Throw<KernelException>().WithMessage("*L3:0=f*own/schemata*");
        resctrl.Undo();
        Directory.GetDirectories(_mount).Should().BeEmpty();
    }

    [Fact]
    [Rule("RDT-01", "RDT-08")]
    public void A_process_enters_its_class_and_its_monitoring_group()
    {
        Existing("shared", "");
        string group = Directory.CreateDirectory(Path.Combine(_mount, "shared", "mon_groups", "container")).FullName;
        File.WriteAllText(Path.Combine(group, "tasks"), "");

        new Resctrl(_mount).Enter(new EnterResctrlGroup("shared", "container"), 4711);

        File.ReadAllText(Path.Combine(_mount, "shared", "tasks")).Should().Be("4711");
        File.ReadAllText(Path.Combine(group, "tasks")).Should().Be("4711");
    }

    [Theory]
    [Rule("RDT-02")]
    [InlineData(null, "/container")]
    [InlineData("shared", "/shared")]
    [InlineData("/", "")]
    public void An_update_writes_to_the_class_that_the_container_was_put_into(string? name, string place)
    {
        var change = new IntelRdt { L3CacheSchema = "L3:0=3", MemBwSchema = "MB:0=50" };

        ImmutableArray<LimitStep> steps = ResctrlGroup.Steps(new IntelRdt { ClosId = name }, "container", change, new Resctrl(_mount));

        steps.Select(step => step.Action).Should().Equal(
            new WriteCgroupFile(_mount + place, "schemata", "L3:0=3\n"), new WriteCgroupFile(_mount + place, "schemata", "MB:0=50\n"));
    }

    [Fact]
    public void What_is_gone_already_can_be_removed_again()
    {
        string directory = Path.Combine(_mount, "gone");

        Resctrl.Remove([directory]);
        Directory.CreateDirectory(directory);
        Resctrl.Remove([directory]);
        Resctrl.Remove([directory]);

        Directory.Exists(directory).Should().BeFalse();
    }

    [Fact]
    public void One_that_cannot_be_removed_keeps_none_of_the_others()
    {
        string full = Directory.CreateDirectory(Path.Combine(_mount, "full", "inside")).Parent!.FullName;
        string empty = Directory.CreateDirectory(Path.Combine(_mount, "empty")).FullName;

        FluentActions.Invoking(() => Resctrl.Remove([full, empty])).Should().Throw<RuntimeError>().WithMessage($"rmdir {full}: *");

        Directory.Exists(empty).Should().BeFalse();
    }

    private Action Make(string name, ResctrlClass request, params string[] schemata) =>
        () => new Resctrl(_mount).Make(new MakeResctrlGroup(name, request, [.. schemata]));

    private void Existing(string name, string schemata)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_mount, name)).FullName;
        File.WriteAllText(Path.Combine(directory, "schemata"), schemata);
        File.WriteAllText(Path.Combine(directory, "tasks"), "");
    }
}
