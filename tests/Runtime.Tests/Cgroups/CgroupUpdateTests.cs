using Hull.Oci;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Writes and their taking back, on a directory whose files stand for those of a cgroup.</summary>
public sealed class CgroupUpdateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hull-unit-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void When_one_write_fails_the_earlier_ones_are_taken_back()
    {
        Have("memory.max", "123\n");
        Have("pids.max", "max\n");
        using var update = new CgroupUpdate();

        FluentActions.Invoking(() => update.Apply([Write("memory.max", "456"), Write("pids.max", "100"), Write("no.such", "1")])).Should().Throw<RuntimeError>()
            .Where(error => error.Property == "linux.resources" && error.Errno == Linux.Errno.ENOENT && error.Action.Contains("no.such"))
            .Where(error => !error.Action.Contains("taken back"));

        Now("memory.max").Should().Be("123\n");
        Now("pids.max").Should().Be("max\n");
    }

    [Fact]
    public void What_cannot_be_taken_back_is_named()
    {
        Have("memory.max", "123\n");
        using var update = new CgroupUpdate();

        update.Apply([Write("memory.max", "456")]);
        File.Delete(Path.Combine(_directory, "memory.max"));

        update.TakeBack().Should().Be($" (and could not be taken back: {_directory}/memory.max)");
    }

    [Fact]
    public void A_file_that_need_not_be_there_is_passed_over_and_an_alternative_taken()
    {
        Have("io.weight", "default 100\n");
        using var update = new CgroupUpdate();
        var either = new WriteCgroupFile(_directory, "io.bfq.weight", "500", Otherwise: new CgroupFileValue("io.weight", "default 4950"));

        update.Apply([Step(new WriteCgroupFile(_directory, "cpu.idle", "0", MayBeMissing: true)), Step(either)]);
        Now("io.weight").Should().Be("default 4950");

        update.TakeBack().Should().BeEmpty();
        Now("io.weight").Should().StartWith("default 100");
    }

    [Fact]
    public void When_the_alternative_is_refused_the_error_names_the_alternative()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "io.weight"));
        using var writer = new CgroupWriter();

        FluentActions.Invoking(() => writer.Write(new WriteCgroupFile(_directory, "io.bfq.weight", "8:999 500", Otherwise: new CgroupFileValue("io.weight", "8:999 4950"))))
            .Should().Throw<Linux.KernelException>().Where(error => error.Errno == Linux.Errno.EISDIR && error.Call == $"write \"8:999 4950\" to {_directory}/io.weight");
    }

    [Fact]
    public void When_neither_file_is_there_the_error_names_the_first()
    {
        using var writer = new CgroupWriter();

        FluentActions.Invoking(() => writer.Write(new WriteCgroupFile(_directory, "io.bfq.weight", "500", Otherwise: new CgroupFileValue("io.weight", "default 4950"))))
            .Should().Throw<Linux.KernelException>().Where(error => error.Errno == Linux.Errno.ENOENT && error.Call.Contains("io.bfq.weight"));
    }

    [Fact]
    public void A_count_of_deaths_that_cannot_be_read_is_none()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "memory.events"));

        OutOfMemory.LimitIn([new RecordedCgroup(_directory, 1)]).Should().BeNull("the file is a directory: reading it fails");
    }

    [Fact]
    public void Levels_of_a_cgroup_that_cannot_be_made_are_not_left_behind()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "there"));

        FluentActions.Invoking(() => CgroupDirectories.Make(_directory, $"/there/new/deeper/{new string('x', 300)}/c1"))
            .Should().Throw<Linux.KernelException>().Where(error => error.Errno == Linux.Errno.ENAMETOOLONG);

        Directory.GetDirectories(_directory, "*", SearchOption.AllDirectories).Should().Equal(Path.Combine(_directory, "there"));
    }

    [Fact]
    public void A_container_without_a_class_of_service_cannot_change_it()
    {
        FluentActions.Invoking(() => ResctrlGroup.Steps(null, "c1", new IntelRdt { MemBwSchema = "MB:0=50" }, new Resctrl())).Should().Throw<RuntimeError>()
            .WithMessage("linux.intelRdt: the container has no class of service*");
    }

    private LimitStep Write(string file, string value) => Step(new WriteCgroupFile(_directory, file, value));

    private static LimitStep Step(LimitAction action) => new(action, new Origin(SpecPath.Root.Property("linux").Property("resources"), "MEM-01"));

    private void Have(string file, string content) => File.WriteAllText(Path.Combine(_directory, file), content);

    private string Now(string file) => File.ReadAllText(Path.Combine(_directory, file));
}
