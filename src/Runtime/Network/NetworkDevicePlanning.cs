using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>Network interfaces of the host that move into the container, before any hook looks for them there (NET-08).</summary>
internal static class NetworkDevicePlanning
{
    /// <exception cref="RuntimeError">A caller without power over the host has no interfaces to give (NET-07).</exception>
    public static void Move(ResolvedContainer container, HostFacts facts, PlanBuilder plan)
    {
        foreach ((string name, NetDevice device) in container.NetDevices)
        {
            Origin origin = new(SpecPath.Root.Property("linux").Property("netDevices").Property(name), "NET-01");
            if (facts.Rootless)
            {
                throw origin.Refuse("moving a network interface of the host needs root outside of a user namespace");
            }

            plan.Host(new MoveNetworkDevice(name, string.IsNullOrEmpty(device.Name) ? name : device.Name, container.Namespaces.IsJoined(NamespaceKinds.Network)), origin);
        }
    }
}
