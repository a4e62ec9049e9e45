
namespace Hull.Runtime.Tests.Systemd;

public sealed class BusAddressTests
{
    [Fact]
    public void The_systems_systemd_is_asked_without_a_bus_between_unless_a_bus_is_named()
    {
        BusAddress.OfSystem(null).Should().Equal(new BusAddress("/run/systemd/private", true), new BusAddress("/run/dbus/system_bus_socket", false));
        BusAddress.OfSystem("unix:path=/x").Should().Equal(new BusAddress("/x", false));
    }

    [Fact]
    public void A_users_systemd_is_below_the_runtime_directory()
    {
        BusAddress.OfUser("/run/user/7/", "unix:path=/b", 7).Should().Equal(
            new BusAddress("/run/user/7/systemd/private", true), new BusAddress("/b", false), new BusAddress("/run/user/7/bus", false));
        BusAddress.OfUser(null, null, 9)[0].Path.Should().Be("/run/user/9/systemd/private");
    }

    [Fact]
    public void Addresses_are_read_as_the_specification_writes_them()
    {
        BusAddress.Parse("tcp:host=x;unix:path=/a%2fb%20c,guid=1;unix:guid=2,abstract=/d;unix:tmpdir=/e;unix:path=/bad%zz")
            .Select(address => address.Path).Should().Equal("/a/b c", "\0/d");
    }
}
