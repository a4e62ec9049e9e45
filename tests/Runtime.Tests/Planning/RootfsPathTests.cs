using Hull.Linux;

namespace Hull.Runtime.Tests.Planning;

/// <summary>Paths inside the container, cleaned by letter.</summary>
public sealed class RootfsPathTests
{
    [Theory]
    [InlineData("/etc/hosts", "/etc/hosts")]
    [InlineData("etc/hosts", "/etc/hosts")]
    [InlineData("//etc///hosts", "/etc/hosts")]
    [InlineData("/etc/hosts/", "/etc/hosts")]
    [InlineData("/./etc/./hosts/.", "/etc/hosts")]
    [InlineData("/etc/../hosts", "/hosts")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/..", "/")]
    [InlineData("/../../../etc", "/etc")]
    [InlineData("../../etc", "/etc")]
    [InlineData("/a/../../b", "/b")]
    [InlineData("/a/..", "/")]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData(".", "/")]
    [InlineData("/...", "/...")]
    [InlineData("/a b/ü", "/a b/ü")]
    public void A_path_is_cleaned_and_never_leaves_the_root(string path, string expected)
    {
        RootfsPath cleaned = RootfsPath.Parse(path);

        cleaned.ToString().Should().Be(expected);
        cleaned.IsRoot.Should().Be(expected == "/");
    }

    [Fact]
    public void The_text_for_the_kernel_is_relative()
    {
        RootfsPath.Parse("/etc//hosts").Text.ToString().Should().Be("etc/hosts");
        RootfsPath.Parse("/").Text.ToString().Should().Be(".");
    }

    [Fact]
    public void Levels_walk_from_the_root_to_the_name()
    {
        RootfsPath path = RootfsPath.Parse("/a/b//c/");

        path.Levels.Select(level => (level.Path.ToString(), level.Name.ToString())).Should().Equal(("a", "a"), ("a/b", "b"), ("a/b/c", "c"));
        RootfsPath.Parse("/").Levels.Should().BeEmpty();
    }

    [Fact]
    public void Paths_that_lead_to_the_same_place_are_equal()
    {
        RootfsPath.Parse("/a//b/").Should().Be(RootfsPath.Parse("a/./x/../b"));
        RootfsPath.Parse("/a//b/").GetHashCode().Should().Be(RootfsPath.Parse("a/b").GetHashCode());
        RootfsPath.Parse("/a").Should().NotBe(RootfsPath.Parse("/b"));
    }

    [Fact]
    public void A_zero_character_is_refused()
    {
        Action parsed = () => RootfsPath.Parse("/a\0b");

        parsed.Should().Throw<ArgumentException>();
    }
}
