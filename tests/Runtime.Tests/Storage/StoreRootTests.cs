
namespace Hull.Runtime.Tests.Storage;

public sealed class StoreRootTests
{
    [Theory]
    [InlineData(null, null, 0, false, "/run/hull")]
    [InlineData("", null, 0, true, "/run/hull")]
    [InlineData("/run/user/0", null, 0, false, "/run/hull")]
    [InlineData("/run/user/1000", null, 1000, false, "/run/user/1000/hull")]
    [InlineData("/run/user/1000/", "me", 0, true, "/run/user/1000/hull")]
    [InlineData("/run/user/1000", null, 0, true, "/run/user/1000/hull")]
    [InlineData("/run/user/0", "root", 0, true, "/run/hull")]
    public void The_default_root_depends_on_who_asks(string? runtimeDirectory, string? user, uint userId, bool inUserNamespace, string expected) =>
        StoreRoot.Choose(runtimeDirectory, user, userId, () => inUserNamespace).Should().Be(new StoreRoot(expected, false));

    [Fact]
    public void A_given_root_is_taken_as_it_is() => StoreRoot.Choose("state").Should().Be(new StoreRoot("state", true));
}
