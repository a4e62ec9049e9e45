using System.Collections.Immutable;
using Hull.Linux;
using Hull.Skipping;
using Process = System.Diagnostics.Process;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>On the real cgroups of this host, below a name of our own.</summary>
public sealed class CgroupExecutionTests : IDisposable
{
    private readonly string _name = $"/hull-unit-{Environment.ProcessId}";
    private readonly CgroupFacts _facts = HostProbe.ProbeCgroups();
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        // Whatever a failed test has left.
        CgroupRemoval.Remove([.. Hierarchies().Select(hierarchy => new RecordedCgroup(hierarchy.Mount + _name, 1))]);
    }

    [Fact]
    public void What_was_planned_is_made_and_taken_back_entirely()
    {
        using ContainerCgroups cgroups = Make(_name + "/pod/c1", new() { Pids = new() { Limit = 7 } });

        cgroups.Made.Should().NotBeEmpty().And.OnlyContain(cgroup => cgroup.MadeLevels == 3 && Directory.Exists(cgroup.Directory));
        cgroups.Undo();
        Existing().Should().BeEmpty();
    }

    [Fact]
    public void The_survey_foretells_what_will_be_made()
    {
        SkipWithoutCgroups();
        CgroupSteps steps = CgroupPlanning.Plan("c1", _name + "/pod/c1", null, false, Facts());
        ImmutableArray<RecordedCgroup> foretold = ContainerCgroups.Survey(steps.Make.AsSpan());

        using ContainerCgroups cgroups = Make(_name + "/pod/c1");

        cgroups.Made.Should().Equal(foretold);
        cgroups.Undo();
    }

    [Fact]
    public void What_existed_before_stays()
    {
        SkipWithoutCgroups();
        foreach (CgroupHierarchy hierarchy in Hierarchies())
        {
            Directory.CreateDirectory($"{hierarchy.Mount}{_name}/kept");
        }

        using ContainerCgroups inside = Make(_name + "/kept/c1");
        using ContainerCgroups same = Make(_name + "/kept");

        same.Made.Should().OnlyContain(cgroup => cgroup.MadeLevels == 0);
        inside.Undo();
        same.Undo();
        Existing().Should().HaveCount(Hierarchies().Count).And.OnlyContain(path => Directory.Exists(path + "/kept"));
    }

    // A container with a writable cgroup mount can do so; no path leads to the innermost one.
    [Fact]
    public void Cgroups_nested_deeper_than_the_longest_path_are_seen_and_removed()
    {
        SkipWithoutCgroups();
        foreach (CgroupHierarchy hierarchy in Hierarchies())
        {
            string top = hierarchy.Mount + _name;
            Process process = Sleep();
            using (OwnedFd innermost = Nest(hierarchy.Mount, [_name[1..], .. Enumerable.Repeat(new string('n', 250), 20)]))
            {
                HostFiles.TryWrite(innermost, "cgroup.procs", System.Text.Encoding.ASCII.GetBytes($"{process.Id}")).OrThrow("write cgroup.procs");
            }

            CgroupProcesses.In(top).Should().Equal(process.Id);
            CgroupRemoval.Remove([new RecordedCgroup(top, 1)]);
            Directory.Exists(top).Should().BeFalse();
            process.WaitForExit();
        }
    }

    private static OwnedFd Nest(string mount, string[] names)
    {
        OwnedFd inner = HostFiles.OpenDirectory(Fd.CurrentDirectory, mount);
        foreach (string name in names)
        {
            Files.MakeDirectory(inner, name, 0x1ED).OrThrow("mkdirat");

            // A v1 cpuset takes no process until it has processors and memory nodes.
            foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
            {
                if (HostFiles.ReadAllOrNull(inner, file) is { Length: > 1 } value)
                {
                    HostFiles.TryWrite(inner, $"{name}/{file}", value).OrThrow(file);
                }
            }

            OwnedFd next = HostFiles.OpenDirectory(inner, name);
            inner.Dispose();
            inner = next;
        }

        return inner;
    }

    [Fact]
    public void A_common_parent_goes_with_its_last_container()
    {
        using ContainerCgroups first = Make(_name + "/c1");
        using ContainerCgroups second = Make(_name + "/c2");

        first.Undo();
        Existing().Should().NotBeEmpty();
        second.Undo();
        CgroupRemoval.Remove([.. Hierarchies().Select(hierarchy => new RecordedCgroup(hierarchy.Mount + _name, 1))]);
        Existing().Should().BeEmpty();
    }

    [Fact]
    public void A_cgroup_with_processes_takes_no_container()
    {
        using ContainerCgroups first = Make(_name);
        Enter(first, Sleep());

        FluentActions.Invoking(() => Make(_name)).Should().Throw<RuntimeError>().WithMessage("*container's cgroup is not empty*");
    }

    [Fact]
    public void A_frozen_cgroup_takes_no_container()
    {
        using ContainerCgroups first = Make(_name);
        SkipWithoutFreezer(first.Made);
        Freezer.TryFreeze(first.Made, 2000).Should().BeTrue();

        FluentActions.Invoking(() => Make(_name)).Should().Throw<RuntimeError>().WithMessage("*frozen*");
        Freezer.Thaw(first.Made);
    }

    [Fact]
    public void Limits_are_what_the_kernel_says_they_are()
    {
        SkipWithoutCgroups();
        Skip.Unless(_facts.WithController("pids") is not null && _facts.WithController("cpu") is not null, "needs the v1 controllers pids and cpu");
        using ContainerCgroups cgroups = Make(_name, new() { Pids = new() { Limit = 7 }, Cpu = new() { Shares = 512, Quota = 50000, Period = 100000 } });

        Read("pids", "pids.max").Should().Be("7");
        Read("cpu", "cpu.shares").Should().Be("512");
        Read("cpu", "cpu.cfs_quota_us").Should().Be("50000");
        cgroups.Undo();
    }

    [Fact]
    public void A_memory_limit_above_what_an_older_container_had_with_swap_can_be_set()
    {
        SkipWithoutCgroups();
        CgroupHierarchy? memory = _facts.WithController("memory");
        Skip.Unless(memory is not null && File.Exists(memory.Mount + "/memory.memsw.limit_in_bytes"), "needs the v1 controller memory with swap accounting");
        using ContainerCgroups older = Make(_name, new() { Memory = new() { Limit = 8 << 20, Swap = 8 << 20 } });
        using ContainerCgroups newer = Make(_name, new() { Memory = new() { Limit = 16 << 20, Swap = 32 << 20 } });

        Read("memory", "memory.limit_in_bytes").Should().Be($"{16 << 20}");
        Read("memory", "memory.memsw.limit_in_bytes").Should().Be($"{32 << 20}");
        older.Undo();
    }

    [Fact]
    public void Device_rules_hold()
    {
        SkipWithoutCgroups();
        Skip.Unless(_facts.WithController("devices") is not null, "needs the v1 controller devices");
        using ContainerCgroups cgroups = Make(_name, new() { Devices = [CgroupPlanningTests.Deny] });

        string[] list = Read("devices", "devices.list").Split('\n');
        list.Should().Contain("c 1:3 rwm").And.Contain("c *:* m").And.NotContain("a *:* rwm");
        cgroups.Undo();
    }

    [Fact]
    public void A_value_that_the_kernel_refuses_is_an_error_that_shows_file_and_value()
    {
        SkipWithoutCgroups();
        Skip.Unless(_facts.WithController("cpuset") is not null, "needs the v1 controller cpuset");

        FluentActions.Invoking(() => Make(_name, new() { Cpu = new() { Cpus = "0-9999" } })).Should().Throw<KernelException>()
            .WithMessage("write \"0-9999\" to *cpuset.cpus: *");
    }

    [Fact]
    public void Processes_enter_every_hierarchy_and_kill_reaches_them_all()
    {
        using ContainerCgroups cgroups = Make(_name);
        Process[] sleepers = [Sleep(), Sleep(), Sleep()];
        foreach (Process sleeper in sleepers)
        {
            Enter(cgroups, sleeper);
        }

        foreach (RecordedCgroup cgroup in cgroups.Made)
        {
            CgroupProcesses.In(cgroup.Directory).Should().BeEquivalentTo(sleepers.Select(sleeper => sleeper.Id));
        }

        CgroupSignals.Kill(cgroups.Made);
        sleepers.Should().OnlyContain(sleeper => sleeper.WaitForExit(5000));
        cgroups.Undo();
        Existing().Should().BeEmpty();
    }

    [Fact]
    public void A_frozen_container_is_seen_as_such_and_can_be_killed()
    {
        using ContainerCgroups cgroups = Make(_name);
        SkipWithoutFreezer(cgroups.Made);
        Process sleeper = Sleep();
        Enter(cgroups, sleeper);
        Freezer.IsFrozen(cgroups.Made).Should().BeFalse();
        Freezer.TryFreeze(cgroups.Made, 2000).Should().BeTrue();
        Freezer.IsFrozen(cgroups.Made).Should().BeTrue();

        CgroupSignals.Kill(cgroups.Made);

        sleeper.WaitForExit(5000).Should().BeTrue();
        cgroups.Undo();
    }

    [Fact]
    public void Removal_takes_what_was_made_inside_and_kills_who_is_left()
    {
        using ContainerCgroups cgroups = Make(_name);
        Process sleeper = Sleep();
        foreach (RecordedCgroup cgroup in cgroups.Made)
        {
            Directory.CreateDirectory(cgroup.Directory + "/inner/most");
        }

        // A cpuset made by hand would take nobody; any other hierarchy does.
        RecordedCgroup any = cgroups.Made.First(cgroup => !cgroup.Directory.Contains("cpuset", StringComparison.Ordinal));
        File.WriteAllText(any.Directory + "/inner/most/cgroup.procs", $"{sleeper.Id}");

        cgroups.Undo();

        sleeper.WaitForExit(5000).Should().BeTrue();
        Existing().Should().BeEmpty();
    }

    private ContainerCgroups Make(string path, Hull.Oci.Resources? resources = null)
    {
        SkipWithoutCgroups();
        var cgroups = new ContainerCgroups();
        foreach (HostStep step in CgroupPlanning.Plan("c1", path, resources, false, Facts()).Make)
        {
            switch (step.Action)
            {
                case MakeCgroup make: cgroups.Make(make); break;
                case InheritCpuset inherit: cgroups.Inherit(inherit); break;
                case WriteCgroupFile write: cgroups.Write(write); break;
            }
        }

        return cgroups;
    }

    private static HostFacts Facts() => HostProbe.Probe();

    private static void Enter(ContainerCgroups cgroups, Process process) =>
        cgroups.Enter(new EnterCgroups([.. cgroups.Made.Select(cgroup => cgroup.Directory)]), process.Id);

    private Process Sleep()
    {
        Process process = Process.Start("sleep", "1000");
        _processes.Add(process);
        return process;
    }

    private string Read(string controller, string file) => File.ReadAllText($"{_facts.WithController(controller)!.Mount}{_name}/{file}").TrimEnd();

    private List<CgroupHierarchy> Hierarchies() => [.. _facts.V1, .. _facts.V2 is null ? Array.Empty<CgroupHierarchy>() : [_facts.V2]];

    private List<string> Existing() => [.. Hierarchies().Select(hierarchy => hierarchy.Mount + _name).Where(Directory.Exists)];

    private void SkipWithoutCgroups()
    {
        Skip.Unless(Credentials.EffectiveUserId() == 0, "needs root");
        Skip.Unless(_facts.Layout != CgroupLayout.None, "no cgroups are mounted");
        Skip.Unless(Files.Access(Fd.CurrentDirectory, Hierarchies()[0].Mount, AccessMode.Write, AtFlags.None).Errno == Errno.None, "cgroups are read-only here");
    }

    private static void SkipWithoutFreezer(ImmutableArray<RecordedCgroup> cgroups) =>
        Skip.Unless(cgroups.Any(cgroup => File.Exists(cgroup.Directory + "/freezer.state") || File.Exists(cgroup.Directory + "/cgroup.freeze")), "needs a freezer");
}
