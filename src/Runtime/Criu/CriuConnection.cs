using Hull.Linux;

namespace Hull.Runtime;

/// <summary>CRIU has ended, or said something that it cannot mean, in the middle of a conversation.</summary>
internal sealed class CriuGoneException(string message) : Exception(message);

/// <summary>
/// One conversation with <c>criu swrk</c>: a request, notifications that each want an answer, and the answer. One datagram of a socket of whole
/// packets is one message.
/// </summary>
internal sealed class CriuConnection : IDisposable
{
    /// <summary>Far more than any answer takes; one that fills it is cut off.</summary>
    private const int LongestAnswer = 64 * 1024;

    private readonly OwnedFd _socket;
    private OwnedFd? _far;

    private CriuConnection(OwnedFd socket, OwnedFd far) => (_socket, _far) = (socket, far);

    /// <summary>What becomes of a notification: false tells CRIU to give up.</summary>
    /// <param name="notification">Its script names it.</param>
    /// <param name="descriptor">What came with it; the receiver's to close.</param>
    public delegate bool Notified(CriuResponse notification, OwnedFd? descriptor);

    /// <summary>The process of CRIU. What it has forked holds its end of the socket open, so that its death alone does not show there.</summary>
    public Fd Program { get; set; } = Fd.None;

    /// <summary>CRIU's end of the socket, which stays open over execve: its number there is the same.</summary>
    public Fd Far => _far!;

    /// <summary>Makes the socket.</summary>
    public static CriuConnection Open()
    {
        Sockets.Pair(out Fd near, out Fd far, SocketType.SequencedPacket).OrThrow("socketpair");
        var connection = new CriuConnection(new OwnedFd(near.Number), new OwnedFd(far.Number));
        InheritableDescriptors.Make(far);
        return connection;
    }

    /// <summary>Closes our copy of CRIU's end: without that its death would never be seen.</summary>
    public void CloseFarEnd()
    {
        _far?.Dispose();
        _far = null;
    }

    /// <summary>Sends a request and answers notifications until its answer comes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="notified">What becomes of each notification.</param>
    /// <param name="patience">How long, in milliseconds, until the first sign of progress; negative for ever.</param>
    /// <exception cref="CriuGoneException">CRIU has ended without an answer, is silent for too long, or does not speak its protocol.</exception>
    public CriuResponse Ask(byte[] request, Notified notified, int patience = -1)
    {
        Begin(request);
        while (true)
        {
            CriuResponse response = Receive(patience, out OwnedFd? descriptor);
            if (response.Type != CriuMessageType.Notify)
            {
                descriptor?.Dispose();
                return response;
            }

            // Once the network is locked, all processes are frozen, and how long the rest takes is a question of their size.
            patience = response.Script == "network-lock" ? -1 : patience;
            Send(CriuRequest.Notified(notified(response, descriptor)));
        }
    }

    /// <summary>Sends a request; what comes then is for <see cref="Until"/>.</summary>
    public void Begin(byte[] request) => Send(request);

    /// <summary>Answers notifications until one of this name comes, which stays without an answer until <see cref="Resume"/>.</summary>
    /// <param name="script">Its name; null for the answer to the request.</param>
    /// <param name="notified">What becomes of the notifications before it.</param>
    /// <exception cref="CriuGoneException">CRIU has ended, or does not speak its protocol.</exception>
    /// <returns>The notification, or an answer that has come before it.</returns>
    public CriuResponse Until(string? script, Notified notified)
    {
        while (true)
        {
            CriuResponse response = Receive(-1, out OwnedFd? descriptor);
            if (response.Type != CriuMessageType.Notify || response.Script == script)
            {
                descriptor?.Dispose();
                return response;
            }

            Send(CriuRequest.Notified(notified(response, descriptor)));
        }
    }

    /// <summary>Answers the notification at which <see cref="Until"/> has stopped.</summary>
    public void Resume() => Send(CriuRequest.Notified(true));

    public void Dispose()
    {
        CloseFarEnd();
        _socket.Dispose();
    }

    private void Send(byte[] message)
    {
        SyscallResult sent = Sockets.Send(_socket, message, MessageFlags.None);
        if (sent.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            throw new CriuGoneException("CRIU has ended before it could be told what to do");
        }

        sent.OrThrow("sendto criu");
    }

    private void Await(int patience)
    {
        Span<PollDescriptor> awaited = [new(_socket, PollEvents.In), new(Program, PollEvents.In)];
        if (Polling.PollWaiting(awaited, patience).OrThrow("ppoll") == 0)
        {
            throw new CriuGoneException($"CRIU has said nothing for {patience / 1000} s");
        }

        // What it has sent before its end is read first.
        if (awaited[0].Returned == PollEvents.None && Polling.PollWaiting(awaited[..1], 0).OrThrow("ppoll") == 0)
        {
            throw new CriuGoneException("CRIU has ended without an answer");
        }
    }

    private CriuResponse Receive(int patience, out OwnedFd? descriptor)
    {
        descriptor = null;
        Await(patience);
        Span<Fd> descriptors = stackalloc Fd[1];
        var buffer = new byte[LongestAnswer];
        SyscallResult received;
        int count;
        do
        {
            received = Sockets.ReceiveDescriptors(_socket, buffer, descriptors, out count);
        }
        while (received.Errno == Errno.EINTR);

        descriptor = count > 0 ? new OwnedFd(descriptors[0].Number) : null;
        int length = received.Errno == Errno.ECONNRESET ? 0 : (int)received.OrThrow("recvmsg from criu");
        try
        {
            return length switch
            {
                0 => throw new CriuGoneException("CRIU has ended without an answer"),
                LongestAnswer => throw new CriuGoneException("CRIU's answer is longer than any can be"),
                _ => CriuResponse.Read(buffer.AsSpan(0, length)),
            };
        }
        catch (InvalidDataException broken)
        {
            throw new CriuGoneException($"CRIU's answer cannot be read: {broken.Message}");
        }
    }
}

/// <summary>Descriptors that stay open over execve.</summary>
internal static class InheritableDescriptors
{
    /// <summary>Makes one of them, with the number that it has.</summary>
    public static void Make(Fd descriptor)
    {
        // dup3(2) is what makes a descriptor that is not close-on-exec, but never of a number to the same number.
        using OwnedFd copy = Descriptors.DuplicateAbove(descriptor, 3).OwnedOrThrow("fcntl F_DUPFD_CLOEXEC");
        Descriptors.Duplicate(copy, descriptor.Number, OpenFlags.ReadOnly).OrThrow("dup3");
    }
}
