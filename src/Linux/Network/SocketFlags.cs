namespace Hull.Linux;

/// <summary>What kind of socket. socket(2), sys/socket.h</summary>
[Flags]
public enum SocketType
{
    /// <summary>No type.</summary>
    None = 0,
    /// <summary><c>SOCK_STREAM</c>: bytes in order.</summary>
    Stream = 1,
    /// <summary><c>SOCK_DGRAM</c>: messages.</summary>
    Datagram = 2,
    /// <summary><c>SOCK_RAW</c>: what netlink wants.</summary>
    Raw = 3,
    /// <summary><c>SOCK_SEQPACKET</c>: messages in order, with an end.</summary>
    SequencedPacket = 5,
    /// <summary><c>SOCK_NONBLOCK</c>: EAGAIN rather than waiting.</summary>
    NonBlocking = 0x800,
    /// <summary><c>SOCK_CLOEXEC</c>: always added.</summary>
    CloseOnExec = 0x80000,
}

/// <summary>How addresses look. socket(2), sys/socket.h</summary>
public enum AddressFamily
{
    /// <summary><c>AF_UNSPEC</c></summary>
    Unspecified = 0,
    /// <summary><c>AF_UNIX</c></summary>
    Unix = 1,
    /// <summary><c>AF_INET</c></summary>
    Internet = 2,
    /// <summary><c>AF_NETLINK</c></summary>
    Netlink = 16,
}

/// <summary>How one message is sent or received. send(2), recv(2), sys/socket.h</summary>
[Flags]
public enum MessageFlags
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary><c>MSG_PEEK</c>: leave it in the queue.</summary>
    Peek = 0x2,
    /// <summary><c>MSG_CTRUNC</c>: out: control data was lost.</summary>
    ControlTruncated = 0x8,
    /// <summary><c>MSG_TRUNC</c>: in: the real length of a message; out: it was cut.</summary>
    Truncated = 0x20,
    /// <summary><c>MSG_DONTWAIT</c>: EAGAIN rather than waiting.</summary>
    DontWait = 0x40,
    /// <summary><c>MSG_NOSIGNAL</c>: EPIPE without SIGPIPE. Always added when sending.</summary>
    NoSignal = 0x4000,
    /// <summary><c>MSG_CMSG_CLOEXEC</c>: received descriptors are close-on-exec. Always added.</summary>
    CloseOnExec = 0x40000000,
}

/// <summary>What a control message is. unix(7), sys/socket.h</summary>
internal enum ControlMessageType
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>SCM_RIGHTS</c>: descriptors.</summary>
    Rights = 1,
}

/// <summary>Whose options and control messages. socket(7), sys/socket.h</summary>
internal enum SocketLevel
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary><c>SOL_SOCKET</c></summary>
    Socket = 1,
}

/// <summary><c>struct sockaddr_un</c>. unix(7), linux/un.h</summary>
internal unsafe struct UnixAddress
{
    internal const int PathCapacity = 108;

    /// <summary><c>sun_family</c></summary>
    internal ushort Family;

    /// <summary><c>sun_path</c></summary>
    internal fixed byte Path[PathCapacity];
}

/// <summary><c>struct iovec</c>. readv(2), linux/uio.h</summary>
internal unsafe struct BufferVector
{
    /// <summary><c>iov_base</c></summary>
    internal byte* Base;

    /// <summary><c>iov_len</c></summary>
    internal nuint Length;
}

/// <summary><c>struct msghdr</c>. sendmsg(2), sys/socket.h</summary>
internal unsafe struct MessageHeader
{
    /// <summary><c>msg_name</c></summary>
    internal void* Name;

    /// <summary><c>msg_namelen</c></summary>
    internal uint NameLength;

    /// <summary><c>msg_iov</c></summary>
    internal BufferVector* Buffers;

    /// <summary><c>msg_iovlen</c></summary>
    internal nuint BufferCount;

    /// <summary><c>msg_control</c></summary>
    internal void* Control;

    /// <summary><c>msg_controllen</c></summary>
    internal nuint ControlLength;

    /// <summary><c>msg_flags</c></summary>
    internal int Flags;
}

/// <summary><c>struct cmsghdr</c>. cmsg(3), sys/socket.h</summary>
internal struct ControlMessageHeader
{
    /// <summary><c>cmsg_len</c></summary>
    internal nuint Length;

    /// <summary><c>cmsg_level</c></summary>
    internal int Level;

    /// <summary><c>cmsg_type</c></summary>
    internal int Type;
}

/// <summary>One control message with room for descriptors, as CMSG_SPACE would lay it out.</summary>
internal unsafe struct DescriptorMessage
{
    internal const int Capacity = 16;

    internal ControlMessageHeader Header;

    internal fixed int Descriptors[Capacity];
}
