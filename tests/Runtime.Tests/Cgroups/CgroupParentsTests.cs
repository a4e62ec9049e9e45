using System.Collections.Immutable;
using Hull.Runtime.Tests.Storage;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>On ordinary directories: to remove an empty one is the same as with cgroups.</summary>
public sealed class CgroupParentsTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly string _hierarchy = Directory.CreateTempSubdirectory("hull-unit-").FullName;

    public void Dispose()
    {
        _temporary.Dispose();
        Directory.Delete(_hierarchy, recursive: true);
    }

    [Fact]
    public void The_last_container_to_go_removes_what_another_one_made_above_both()
    {
        ImmutableArray<RecordedCgroup> maker = Make("/a/b/one", levels: 3), other = Make("/a/b/two", levels: 1);
        ContainerDirectory second = _temporary.Reserve("c2");

        Remove("c1", maker);
        Directory.Exists(_hierarchy + "/a/b/two").Should().BeTrue();
        Remove(second, other);

        Directory.EnumerateFileSystemEntries(_hierarchy).Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty("there is nothing left to be noted");
    }

    [Fact]
    public void What_was_there_before_stays()
    {
        Directory.CreateDirectory(_hierarchy + "/before");
        ImmutableArray<RecordedCgroup> maker = Make("/before/a/one", levels: 2), other = Make("/before/a/two", levels: 1);
        ContainerDirectory second = _temporary.Reserve("c2");

        Remove("c1", maker);
        Remove(second, other);

        Directory.EnumerateFileSystemEntries(_hierarchy + "/before").Should().BeEmpty();
    }

    [Fact]
    public void A_cgroup_that_has_been_made_anew_since_is_not_ours()
    {
        ImmutableArray<RecordedCgroup> maker = Make("/a/one", levels: 2), third = Make("/b/three", levels: 1);
        Directory.CreateDirectory(_hierarchy + "/a/two");
        using ContainerDirectory other = _temporary.Reserve("other");
        Remove("c1", maker);
        File.Exists(_temporary.Path + "/" + CgroupParents.FileName).Should().BeTrue();
        Directory.Delete(_hierarchy + "/a/two");
        Directory.Move(_hierarchy + "/a", _hierarchy + "/old");
        Directory.CreateDirectory(_hierarchy + "/a");

        Remove("c2", third);

        Directory.Exists(_hierarchy + "/a").Should().BeTrue();
        File.Exists(_temporary.Path + "/" + CgroupParents.FileName).Should().BeFalse();
    }

    [Fact]
    public void A_container_that_shares_nothing_leaves_no_note()
    {
        Remove("c1", Make("/a/one", levels: 2));

        Directory.EnumerateFileSystemEntries(_hierarchy).Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void The_last_container_of_a_state_directory_leaves_no_note_of_what_others_use()
    {
        ImmutableArray<RecordedCgroup> maker = Make("/a/one", levels: 2);
        Directory.CreateDirectory(_hierarchy + "/a/of another state directory");

        Remove("c1", maker);

        Directory.Exists(_hierarchy + "/a").Should().BeTrue();
        Directory.EnumerateFileSystemEntries(_temporary.Path).Should().BeEmpty();
    }

    [Fact]
    public void The_notes_are_no_container()
    {
        ContainerId.IsValid(CgroupParents.FileName).Should().BeFalse();
    }

    private ImmutableArray<RecordedCgroup> Make(string path, int levels)
    {
        Directory.CreateDirectory(_hierarchy + path);
        return [new RecordedCgroup(_hierarchy + path, levels)];
    }

    private void Remove(string id, ImmutableArray<RecordedCgroup> cgroups) => Remove(_temporary.Reserve(id), cgroups);

    private static void Remove(ContainerDirectory container, ImmutableArray<RecordedCgroup> cgroups)
    {
        using ContainerDirectory directory = container;
        CgroupRemoval.Remove(cgroups);
        CgroupParents.RemoveUnused(directory, cgroups);
        directory.Remove();
    }
}
