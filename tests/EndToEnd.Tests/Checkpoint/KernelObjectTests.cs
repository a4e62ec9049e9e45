using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>What a program holds of the kernel works after a checkpoint, or is refused by its name: tests/Harness/holder.c holds it.</summary>
public sealed class KernelObjectTests : CheckpointedTest
{
    private static readonly Lazy<string> Holder = new(() => StaticProgram.Compile("holder"));

    [Theory]
    [InlineData("pair")]
    [InlineData("epoll")]
    [InlineData("timers")]
    [InlineData("signals")]
    [InlineData("inotify")]
    [InlineData("pidfd")]
    [InlineData("memory")]
    public void It_works_after_a_restore(string kind) => WorksAfter(Holding(NewBundle(), kind));

    [Fact]
    public void Established_connections_are_kept_when_asked_for_and_refused_by_name_when_not()
    {
        var bundle = Holding(NewBundle(), "tcp");
        var refused = CheckpointCommand(bundle).Run();
        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("established TCP connections").And.Contain("--tcp-established");
        WorksAfter(bundle, "--tcp-established");
    }

    [Fact]
    public void A_datagram_socket_to_the_host_is_kept_in_the_hosts_network_when_asked_for_and_refused_when_not()
    {
        var bundle = NewBundle().WithoutNamespace("network");
        using var server = Bound(bundle, SocketType.Dgram);
        Holding(bundle, "unix-datagram");
        Receive(server).Should().Be("first");
        var refused = CheckpointCommand(bundle).Run();
        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("--ext-unix-sk");
        bundle.Status().Should().Be("running");
        WorksAfter(bundle, "--ext-unix-sk");

        Receive(server).Should().Be("second");
    }

    [Fact]
    public void A_datagram_socket_from_a_network_of_its_own_is_refused_in_any_case()
    {
        var bundle = NewBundle();
        using var server = Bound(bundle, SocketType.Dgram);
        Holding(bundle, "unix-datagram");
        Receive(server).Should().Be("first");
        var refused = CheckpointCommand(bundle, "--ext-unix-sk").Run();

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("unix").And.Contain("outside");
        bundle.Status().Should().Be("running");
        Go(bundle);
        Receive(server).Should().Be("second");
    }

    [Fact]
    public void A_stream_to_the_host_is_refused_and_the_container_goes_on()
    {
        var bundle = NewBundle();
        using var server = Bound(bundle, SocketType.Stream);
        server.Listen();
        Holding(bundle, "unix-stream");
        using var connection = server.Accept();
        connection.ReceiveTimeout = 20_000;
        Receive(connection).Should().Be("first");
        var refused = CheckpointCommand(bundle, "--ext-unix-sk").Run();

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("unix").And.Contain("outside");
        bundle.Status().Should().Be("running");
        Go(bundle);
        Receive(connection).Should().Be("second");
        State(bundle).Should().Be("works");
    }

    [Fact]
    public void Descriptors_that_CRIU_cannot_save_are_named()
    {
        var bundle = Holding(NewBundle(), "uring", "none", "holds");
        Skip.Unless(State(bundle) == "holds", $"io_uring: {State(bundle)}");
        var refused = CheckpointCommand(bundle).Run();

        refused.Status.Should().Be(1);
        refused.Error.Should().Contain("is io_uring, which CRIU cannot save");
        bundle.Status().Should().Be("running");
    }

    private static Bundle Holding(Bundle bundle, string kind, params string[] states)
    {
        File.Copy(Holder.Value, Path.Combine(bundle.RootfsPath, "holder"));
        Running(bundle.With("root.readonly", false).Args("/holder", kind, Socket(bundle)));
        string[] awaited = states.Length > 0 ? states : ["holds"];
        Eventually.Holds(() => awaited.Any(State(bundle).StartsWith), () => $"{kind} should be held: {State(bundle)}");
        return bundle;
    }

    private static void WorksAfter(Bundle bundle, params string[] options)
    {
        Save(bundle, options);
        GoOn(bundle, options);
        Go(bundle);
        State(bundle).Should().Be("works");
    }

    private static void Go(Bundle bundle)
    {
        File.WriteAllText(Path.Combine(bundle.RootfsPath, "go"), "");
        Eventually.Holds(() => State(bundle) != "holds", () => "the program should go on");
    }

    private static string State(Bundle bundle)
    {
        var file = Path.Combine(bundle.RootfsPath, "state");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    private static string Socket(Bundle bundle) => Path.Combine(bundle.Home, "outside/socket");

    /// <summary>A socket of the host in a directory that the container sees at the same place: CRIU connects to the address that the peer has.</summary>
    private static Socket Bound(Bundle bundle, SocketType type)
    {
        var outside = Directory.CreateDirectory(Path.GetDirectoryName(Socket(bundle))!).FullName;
        bundle.Adding("mounts", new JsonObject { ["destination"] = outside, ["type"] = "bind", ["source"] = outside, ["options"] = new JsonArray("bind") });
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        socket.Bind(new UnixDomainSocketEndPoint(Socket(bundle)));
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
