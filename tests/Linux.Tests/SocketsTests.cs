using System.Text;

namespace Hull.Linux.Tests;

public sealed class SocketsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_descriptor_passed_through_a_socket_is_the_same_file_and_close_on_exec()
    {
        Sockets.Pair(out var a, out var b, SocketType.SequencedPacket).OrThrow("socketpair");
        using OwnedFd left = new(a.Number), right = new(b.Number);
        using var file = Files.MakeMemoryFile("passed", MemoryFileFlags.None).OwnedOrThrow("memfd");
        Files.Write(file, "content"u8).OrThrow("write");
        Sockets.SendDescriptors(a, "with"u8, [file.Fd, file.Fd]).Value.Should().Be(4);

        var data = new byte[10];
        var received = new Fd[4];
        Sockets.ReceiveDescriptors(b, data, received, out var count).Value.Should().Be(4);
        count.Should().Be(2);
        using OwnedFd first = new(received[0].Number), second = new(received[1].Number);
        Descriptors.GetDescriptorFlags(first).Value.Should().Be(1);
        Files.Status(first, "", AtFlags.EmptyPath, out var status).OrThrow("statx");
        status.Size.Should().Be(7);
    }

    [Fact]
    public void A_message_without_descriptors_has_none()
    {
        Sockets.Pair(out var a, out var b, SocketType.Stream).OrThrow("socketpair");
        using OwnedFd left = new(a.Number), right = new(b.Number);
        Sockets.SendDescriptors(a, "x"u8, []).Value.Should().Be(1);
        Sockets.ReceiveDescriptors(b, new byte[1], new Fd[1], out var count).Value.Should().Be(1);
        count.Should().Be(0);
        Sockets.SendDescriptors(a, [], [a]).Errno.Should().Be(Errno.EINVAL);
        Sockets.SendDescriptors(a, "x"u8, new Fd[17]).Errno.Should().Be(Errno.EINVAL);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void More_descriptors_than_there_is_room_for_are_closed(int sent)
    {
        Sockets.Pair(out var a, out var b, SocketType.Stream).OrThrow("socketpair");
        using OwnedFd left = new(a.Number), right = new(b.Number);
        using var file = Files.MakeMemoryFile("unique-" + Guid.NewGuid(), MemoryFileFlags.None).OwnedOrThrow("memfd");
        Sockets.SendDescriptors(a, "x"u8, Enumerable.Repeat(file.Fd, sent).ToArray()).OrThrow("sendmsg");
        Sockets.ReceiveDescriptors(b, new byte[1], new Fd[1], out var count).Errno.Should().Be(Errno.EMSGSIZE);
        count.Should().Be(0);
        var name = new FileInfo($"/proc/self/fd/{file.Fd.Number}").LinkTarget;
        new DirectoryInfo("/proc/self/fd").EnumerateFiles().Count(link => link.LinkTarget == name).Should().Be(1);
    }

    [Fact]
    public void What_is_sent_to_a_listening_socket_is_peeked_at_and_then_received()
    {
        var path = Encoding.UTF8.GetBytes(_directory["socket"]);
        using var listening = Sockets.Socket(AddressFamily.Unix, SocketType.Stream).OwnedOrThrow("socket");
        Sockets.BindUnix(listening, path).OrThrow("bind");
        Sockets.ListenUnix(listening).OrThrow("listen");
        using var client = Sockets.Socket(AddressFamily.Unix, SocketType.Stream).OwnedOrThrow("socket");
        Sockets.ConnectUnix(client, path).OrThrow("connect");
        using var server = Bindings.AcceptWaiting(listening).OwnedOrThrow("accept4");
        Descriptors.GetDescriptorFlags(server).Value.Should().Be(1);
        Sockets.Send(client, "hello"u8, MessageFlags.None).Value.Should().Be(5);
        var data = new byte[10];
        Sockets.ReceiveWaiting(server, data, MessageFlags.Peek).Value.Should().Be(5);
        Sockets.Receive(server, data, MessageFlags.None).Value.Should().Be(5);
        Sockets.Receive(server, data, MessageFlags.DontWait).Errno.Should().Be(Errno.EAGAIN);
    }

    [Fact]
    public void A_path_that_is_too_long_is_reached_through_its_directory()
    {
        var deep = _directory[new string('d', 120)];
        Directory.CreateDirectory(deep);
        using var directory = HostFiles.OpenDirectory(Fd.CurrentDirectory, deep);
        using var listening = Sockets.Socket(AddressFamily.Unix, SocketType.Stream).OwnedOrThrow("socket");
        Sockets.BindUnix(listening, Encoding.UTF8.GetBytes(deep + "/s")).Errno.Should().Be(Errno.ENAMETOOLONG);
        Sockets.BindUnix(listening, new byte[108]).Errno.Should().Be(Errno.ENAMETOOLONG);
        Sockets.BindUnix(listening, Encoding.UTF8.GetBytes($"/proc/self/fd/{directory.Fd.Number}/s")).OrThrow("bind");
        File.Exists(deep + "/s").Should().BeTrue();
    }

    [Fact]
    public void A_peer_that_has_gone_is_an_error_and_no_signal()
    {
        Sockets.Pair(out var a, out var b, SocketType.Stream).OrThrow("socketpair");
        using var left = new OwnedFd(a.Number);
        Files.Close(b);
        Sockets.Send(a, "x"u8, MessageFlags.None).Errno.Should().Be(Errno.EPIPE);
        Sockets.Receive(a, new byte[1], MessageFlags.None).Value.Should().Be(0);
    }
}
