
namespace Hull.Runtime.Tests.Planning.Units;

public sealed class UnitNameTests
{
    [Theory]
    [InlineData("system.slice:docker:1234", "docker-1234.scope", "system.slice", "/system.slice/docker-1234.scope")]
    [InlineData("kubepods-burstable-pod1.slice:cri-containerd:9f", "cri-containerd-9f.scope", "kubepods-burstable-pod1.slice",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-9f.scope")]
    [InlineData(":p:n", "p-n.scope", "system.slice", "/system.slice/p-n.scope")]
    [InlineData("-:p:n", "p-n.scope", "-.slice", "/p-n.scope")]
    [InlineData("machine.slice::n", "n.scope", "machine.slice", "/machine.slice/n.scope")]
    [InlineData(null, "hull-c1.scope", "system.slice", "/system.slice/hull-c1.scope")]
    [InlineData("", "hull-c1.scope", "system.slice", "/system.slice/hull-c1.scope")]
    [InlineData("a.slice:p:x+y@z", "p-x\\x2by\\x40z.scope", "a.slice", "/a.slice/p-x\\x2by\\x40z.scope")]
    [InlineData("a.slice:p:../../x", "p-..\\x2f..\\x2fx.scope", "a.slice", "/a.slice/p-..\\x2f..\\x2fx.scope")]
    [InlineData("a.slice::memory.x", "memory.x.scope", "a.slice", "/a.slice/_memory.x.scope")]
    [InlineData("a.slice::_x", "_x.scope", "a.slice", "/a.slice/__x.scope")]
    public void The_path_names_a_slice_and_a_scope_in_it(string? path, string name, string slice, string cgroup)
    {
        UnitName.Parse("c1", path, ofUser: false).Should().Be(new UnitName(name, slice, cgroup));
    }

    [Fact]
    public void A_users_container_is_in_the_users_slice_unless_it_says_otherwise()
    {
        UnitName.Parse("c1", null, ofUser: true).Path.Should().Be("/user.slice/hull-c1.scope");
        UnitName.Parse("c1", "app.slice:p:n", ofUser: true).Path.Should().Be("/app.slice/p-n.scope");
    }

    [Theory]
    [InlineData("a.slice:x:a-b.slice")]
    [InlineData(":x:a-b.slice")]
    public void A_name_that_ends_like_a_slice_is_that_slice(string path)
    {
        UnitName unit = UnitName.Parse("c1", path, ofUser: false);

        unit.Should().Be(new UnitName("a-b.slice", "a.slice", "/a.slice/a-b.slice"));
        unit.IsSlice.Should().BeTrue();
    }

    [Theory]
    [InlineData("/system.slice/x")]
    [InlineData("x")]
    [InlineData("a:b")]
    [InlineData("a.slice:b:c:d")]
    public void Anything_but_three_parts_is_refused_in_the_words_that_callers_know(string path)
    {
        FluentActions.Invoking(() => UnitName.Parse("c1", path, ofUser: false)).Should().Throw<RuntimeError>()
            .WithMessage($"linux.cgroupsPath: expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{path}\" instead*");
    }

    [Theory]
    [InlineData("system:p:n")]
    [InlineData(".slice:p:n")]
    [InlineData("-a.slice:p:n")]
    [InlineData("a-.slice:p:n")]
    [InlineData("a--b.slice:p:n")]
    [InlineData("../a.slice:p:n")]
    [InlineData("a/b.slice:p:n")]
    [InlineData("a.slice:p:")]
    [InlineData("b.slice:p:a-c.slice")]
    public void What_is_no_slice_or_no_unit_is_refused(string path)
    {
        FluentActions.Invoking(() => UnitName.Parse("c1", path, ofUser: false)).Should().Throw<RuntimeError>().WithMessage("linux.cgroupsPath: *");
    }

    [Fact]
    public void A_name_is_at_most_as_long_as_systemd_takes_it()
    {
        UnitName.Parse(new string('a', 244), null, ofUser: false).Name.Should().HaveLength(255);
        FluentActions.Invoking(() => UnitName.Parse(new string('a', 245), null, ofUser: false)).Should().Throw<RuntimeError>().WithMessage("*255*");
    }
}
