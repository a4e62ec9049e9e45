namespace Hull.Linux;

/// <summary>Sending and receiving descriptors.</summary>
public static unsafe partial class Sockets
{
    /// <summary>
    /// <c>sendmsg(socket, {data, SCM_RIGHTS descriptors}, MSG_NOSIGNAL)</c>: send data and descriptors with it. At least one byte of data,
    /// or a stream loses them (EINVAL here); at most 16 descriptors (EINVAL). sendmsg(2), unix(7), cmsg(3)
    /// </summary>
    public static SyscallResult SendDescriptors(Fd socket, ReadOnlySpan<byte> data, ReadOnlySpan<Fd> descriptors)
    {
        if (data.IsEmpty || descriptors.Length > DescriptorMessage.Capacity)
        {
            return SyscallResult.Failure(Errno.EINVAL);
        }

        DescriptorMessage control;
        control.Header.Length = (nuint)(sizeof(ControlMessageHeader) + (descriptors.Length * sizeof(int)));
        control.Header.Level = (int)SocketLevel.Socket;
        control.Header.Type = (int)ControlMessageType.Rights;
        for (var i = 0; i < descriptors.Length; i++)
        {
            control.Descriptors[i] = descriptors[i].Number;
        }

        fixed (byte* bytes = data)
        {
            BufferVector buffer;
            buffer.Base = bytes;
            buffer.Length = (nuint)data.Length;
            MessageHeader message = default;
            message.Buffers = &buffer;
            message.BufferCount = 1;
            if (!descriptors.IsEmpty)
            {
                message.Control = &control;
                message.ControlLength = control.Header.Length;
            }

            return Kernel.Call(SyscallNumber.sendmsg, socket.Number, (nint)(&message), (nint)MessageFlags.NoSignal);
        }
    }

    /// <summary>
    /// <c>recvmsg(socket, {data, SCM_RIGHTS descriptors}, flags | MSG_CMSG_CLOEXEC)</c>: receive data and the descriptors that came with
    /// it. More descriptors than there is room for: those received are closed and the result is EMSGSIZE. EINTR is visible. recvmsg(2),
    /// unix(7)
    /// </summary>
    public static SyscallResult ReceiveDescriptors(
        Fd socket, Span<byte> data, Span<Fd> descriptors, out int descriptorCount, MessageFlags flags = MessageFlags.None)
    {
        descriptorCount = 0;
        DescriptorMessage control;
        fixed (byte* bytes = data)
        {
            BufferVector buffer;
            buffer.Base = bytes;
            buffer.Length = (nuint)data.Length;
            MessageHeader message = default;
            message.Buffers = &buffer;
            message.BufferCount = 1;
            message.Control = &control;
            message.ControlLength = (nuint)sizeof(DescriptorMessage);
            var result = Kernel.Call(
                SyscallNumber.recvmsg, socket.Number, (nint)(&message), (nint)(flags | MessageFlags.CloseOnExec));
            if (result.Failed || message.ControlLength < (nuint)sizeof(ControlMessageHeader)
                || control.Header.Type != (int)ControlMessageType.Rights)
            {
                return result;
            }

            // SAFETY: the kernel wrote a whole header and says in it how many descriptors follow, never more than ControlLength holds.
            var received = (int)(control.Header.Length - (nuint)sizeof(ControlMessageHeader)) / sizeof(int);
            if (received > descriptors.Length || ((MessageFlags)message.Flags & MessageFlags.ControlTruncated) != 0)
            {
                for (var i = 0; i < received; i++)
                {
                    Files.Close(new Fd(control.Descriptors[i]));
                }

                return SyscallResult.Failure(Errno.EMSGSIZE);
            }

            for (var i = 0; i < received; i++)
            {
                descriptors[i] = new Fd(control.Descriptors[i]);
            }

            descriptorCount = received;
            return result;
        }
    }
}
