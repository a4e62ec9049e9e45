using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>Images that runc has made or reads, and memory that does not lie beside the others.</summary>
public sealed class ForeignImageTests : CheckpointedTest
{
    [Fact]
    public void A_container_that_runc_has_saved_goes_on_with_a_warning()
    {
        var bundle = Counter(NewBundle());
        bundle.Save();
        Runc(bundle, "run", "--detach", "--bundle", bundle.Location, bundle.Id);
        Counts(bundle, 1);
        Runc(bundle, "checkpoint", "--image-path", Images(bundle), bundle.Id);
        var stood = Count(bundle);
        GoOn(bundle);

        File.ReadAllText(Complaints(bundle)).Should().Contain("no manifest.json");
        Counts(bundle, stood);
        File.ReadAllText($"/proc/{bundle.ProcessId()}/cgroup").Should().Contain(bundle.CgroupPath);
        SaveAndGoOn(bundle);
    }

    [Fact]
    public void A_container_that_runc_has_saved_is_refused_where_the_configuration_closes_more()
    {
        var bundle = Counter(NewBundle());
        bundle.Without("linux.maskedPaths").Save();
        Runc(bundle, "run", "--detach", "--bundle", bundle.Location, bundle.Id);
        Counts(bundle, 1);
        Runc(bundle, "checkpoint", "--image-path", Images(bundle), bundle.Id);
        bundle.With("linux.maskedPaths", new System.Text.Json.Nodes.JsonArray("/proc/keys")).Save();

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        File.ReadAllText(Complaints(bundle)).Should().Contain("/proc/keys is not masked");
        bundle.State().Should().BeNull();
        Cgroups.Below(bundle.CgroupPath).Should().BeEmpty();
    }

    [Fact]
    public void Runc_goes_on_with_a_container_that_was_saved_here()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        var stood = Count(bundle);
        Runc(bundle, "restore", "--detach", "--bundle", bundle.Location, "--image-path", Images(bundle), bundle.Id);
        Counts(bundle, stood);
        Runc(bundle, "delete", "--force", bundle.Id);
    }

    [Fact]
    public void Memory_goes_to_a_page_server_and_comes_back_with_its_images()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        var received = Directory.CreateDirectory(Path.Combine(bundle.Home, "received")).FullName;
        var port = FreePort();
        var server = new Command(
            bundle.Scratch, "criu", "page-server", "--images-dir", received, "--address", "127.0.0.1", "--port", port, "--log-file", "server.log", "-v4")
            .Environment("PATH", Criu.SearchPath).Start();
        Eventually.Holds(() => Listens(port), () => "the page server should listen: " + server.Error);
        Save(bundle, "--page-server", "127.0.0.1:" + port);
        server.Wait().ShouldSucceed();
        var stood = Count(bundle);
        Directory.GetFiles(Images(bundle), "pages-*.img").Should().BeEmpty("the memory is elsewhere");
        foreach (var file in Directory.GetFiles(received, "*.img"))
        {
            File.Copy(file, Path.Combine(Images(bundle), Path.GetFileName(file)), overwrite: true);
        }

        GoOn(bundle);
        Counts(bundle, stood);
    }

    [Fact]
    public void Images_that_shrink_at_the_restore_are_noticed_at_the_next()
    {
        var bundle = Running(Counter(NewBundle()));
        Counts(bundle, 1);
        Save(bundle);
        GoOn(bundle, "--auto-dedup");
        Counts(bundle, Count(bundle));
        bundle.Delete("--force").ShouldSucceed();

        RestoreCommand(bundle, "--detach").Run().Status.Should().Be(1);
        File.ReadAllText(Complaints(bundle)).Should().Contain("pages-1.img has changed");
    }

    /// <summary>In a mount namespace of its own: a peer may leave what it likes there. What it has made goes when it fails.</summary>
    private static void Runc(Bundle bundle, params string[] arguments)
    {
        Requires.Program("runc");
        Requires.Program("unshare");
        var log = Path.Combine(bundle.Scratch, "runc.log");
        Command Call(params string[] words) => new Command(
            bundle.Scratch, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh",
            "runc", "--root", Path.Combine(bundle.Home, "runc"), "--log", log).With(words).In(bundle.Location).Environment("PATH", Criu.SearchPath);
        if (Call(arguments).Run().Status != 0)
        {
            var said = File.ReadAllText(log);
            Call("delete", "--force", bundle.Id).Run();
            said.Should().BeNull("runc {0} should succeed", arguments[0]);
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Looked up, not tried: the server takes the first connection for the dump.</summary>
    private static bool Listens(string port)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"0100007F:{int.Parse(port, CultureInfo.InvariantCulture):X4} 00000000:0000 0A");
        return File.ReadAllText("/proc/net/tcp").Contains(address, StringComparison.Ordinal);
    }
}
