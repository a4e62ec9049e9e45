namespace Hull.Linux;

/// <summary>What a message to or from the kernel's routing is. rtnetlink(7), linux/netlink.h, linux/rtnetlink.h</summary>
internal enum NetlinkType : ushort
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>NLMSG_ERROR</c>: the end of a request, with its error number or 0.</summary>
    Error = 2,
    /// <summary><c>NLMSG_DONE</c>: the end of a list.</summary>
    Done = 3,
    /// <summary><c>RTM_NEWLINK</c>: an interface; sent, what to change about it.</summary>
    NewLink = 16,
    /// <summary><c>RTM_GETLINK</c>: ask for interfaces.</summary>
    GetLink = 18,
    /// <summary><c>RTM_NEWADDR</c>: an address; sent, one to add.</summary>
    NewAddress = 20,
    /// <summary><c>RTM_GETADDR</c>: ask for addresses.</summary>
    GetAddress = 22,
}

/// <summary>How a message is meant. netlink(7), linux/netlink.h</summary>
[Flags]
internal enum NetlinkFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>NLM_F_REQUEST</c>: always.</summary>
    Request = 0x1,
    /// <summary><c>NLM_F_ACK</c>: answer with an <see cref="NetlinkType.Error"/> in any case.</summary>
    Acknowledge = 0x4,
    /// <summary><c>NLM_F_REPLACE</c>: what exists is changed.</summary>
    Replace = 0x100,
    /// <summary><c>NLM_F_DUMP</c>: everything.</summary>
    Dump = 0x300,
    /// <summary><c>NLM_F_CREATE</c>: what is missing is made.</summary>
    Create = 0x400,
}

/// <summary>Attributes of an interface. rtnetlink(7), linux/if_link.h</summary>
internal enum LinkAttribute : ushort
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>IFLA_IFNAME</c>: its name.</summary>
    Name = 3,
    /// <summary><c>IFLA_NET_NS_FD</c>: a descriptor of the network namespace it is to move to.</summary>
    NetworkNamespace = 28,
}

/// <summary>Attributes of an address. rtnetlink(7), linux/if_addr.h</summary>
internal enum AddressAttribute : ushort
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>IFA_ADDRESS</c>: the address, or that of the other end.</summary>
    Address = 1,
    /// <summary><c>IFA_LOCAL</c>: our address.</summary>
    Local = 2,
    /// <summary><c>IFA_LABEL</c>: a name of its own, <c>eth0:1</c>.</summary>
    Label = 3,
    /// <summary><c>IFA_BROADCAST</c>: the broadcast address.</summary>
    Broadcast = 4,
    /// <summary><c>IFA_CACHEINFO</c>: how long it is valid and preferred.</summary>
    Lifetimes = 6,
    /// <summary><c>IFA_FLAGS</c>: <see cref="AddressFlags"/> with all their bits.</summary>
    Flags = 8,
    /// <summary><c>IFA_RT_PRIORITY</c>: the metric of the route that comes with it.</summary>
    RoutePriority = 9,
    /// <summary><c>IFA_PROTO</c>: what has set it: the kernel, a router's advertisement, an administrator. Kernel 5.18.</summary>
    Protocol = 11,
}

/// <summary>What is special about an address. rtnetlink(7), linux/if_addr.h</summary>
[Flags]
public enum AddressFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary><c>IFA_F_NODAD</c>: no duplicate address detection.</summary>
    NoDuplicateDetection = 0x02,
    /// <summary><c>IFA_F_PERMANENT</c>: it was set by hand, and stays until it is taken away.</summary>
    Permanent = 0x80,
}

/// <summary>How far an address reaches. rtnetlink(7), linux/rtnetlink.h</summary>
public enum AddressScope : byte
{
    /// <summary><c>RT_SCOPE_UNIVERSE</c>: everywhere.</summary>
    Universe = 0,
    /// <summary><c>RT_SCOPE_LINK</c>: on this network only.</summary>
    Link = 253,
    /// <summary><c>RT_SCOPE_HOST</c>: on this machine only.</summary>
    Host = 254,
}

/// <summary><c>struct nlmsghdr</c>. netlink(7), linux/netlink.h</summary>
internal struct NetlinkHeader
{
    /// <summary><c>nlmsg_len</c></summary>
    internal uint Length;

    /// <summary><c>nlmsg_type</c></summary>
    internal NetlinkType Type;

    /// <summary><c>nlmsg_flags</c></summary>
    internal NetlinkFlags Flags;

    /// <summary><c>nlmsg_seq</c></summary>
    internal uint Sequence;

    /// <summary><c>nlmsg_pid</c></summary>
    internal uint Port;
}

/// <summary><c>struct rtattr</c>. rtnetlink(7), linux/rtnetlink.h</summary>
internal struct AttributeHeader
{
    /// <summary><c>rta_len</c></summary>
    internal ushort Length;

    /// <summary><c>rta_type</c></summary>
    internal ushort Type;
}

/// <summary><c>struct ifinfomsg</c>. rtnetlink(7), linux/rtnetlink.h</summary>
internal struct LinkMessage
{
    /// <summary><c>ifi_family</c></summary>
    internal byte Family;

    /// <summary><c>__ifi_pad</c></summary>
    internal byte Padding;

    /// <summary><c>ifi_type</c></summary>
    internal ushort Type;

    /// <summary><c>ifi_index</c></summary>
    internal int Index;

    /// <summary><c>ifi_flags</c></summary>
    internal uint Flags;

    /// <summary><c>ifi_change</c></summary>
    internal uint Change;
}

/// <summary><c>struct ifaddrmsg</c>. rtnetlink(7), linux/if_addr.h</summary>
internal struct AddressMessage
{
    /// <summary><c>ifa_family</c></summary>
    internal byte Family;

    /// <summary><c>ifa_prefixlen</c></summary>
    internal byte PrefixLength;

    /// <summary><c>ifa_flags</c></summary>
    internal byte Flags;

    /// <summary><c>ifa_scope</c></summary>
    internal AddressScope Scope;

    /// <summary><c>ifa_index</c></summary>
    internal uint Index;
}
