using System.Globalization;
using Tmds.Linux;

namespace Hull.EndToEnd.Tests.Engines;

/// <summary>
/// Debian's containerd with a root, state directory and socket of its own, in a mount namespace of its own: what it mounts goes with it.
/// Started once for the tests of a class, stopped by process id.
/// </summary>
public sealed class Containerd : IDisposable
{
    private RunningCommand? _daemon;

    public Containerd()
    {
        Home = Directory.CreateTempSubdirectory("hull-test-containerd-").FullName;
    }

    internal string Home { get; }

    private string Socket => Path.Combine(Home, "sock");

    private string Configuration => Path.Combine(Home, "config.toml");

    /// <summary>Starts it at the first call; a test calls this after it has checked what it requires.</summary>
    internal void Start()
    {
        if (_daemon is not null)
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(Home, "scratch"));
        Directory.CreateDirectory(Path.Combine(Home, "path"));
        // Some ways through containerd take `runc` from the PATH whatever is configured: that must be the runtime under test too.
        File.CreateSymbolicLink(Path.Combine(Home, "path", "runc"), HullBinary.Path);
        File.WriteAllText(Configuration, $"""
            version = 2
            root = "{Home}/root"
            state = "{Home}/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "{Socket}"
            """);
        _daemon = NewCommand("unshare", "--mount", "--propagation", "private", "containerd", "--config", Configuration, "--log-level", "warn").Start();
        Eventually.Holds(
            () => !_daemon.HasEnded && Control("version").Run().Status == 0, () => "containerd should answer; it wrote: " + _daemon.Error);
        var image = Path.Combine(Home, "image.tar");
        BusyboxImage.Write(image);
        Control("images", "import", "--snapshotter", "native", image).Run().ShouldSucceed();
    }

    /// <summary>ctr, talking to this containerd.</summary>
    internal Command Control(params string[] arguments) => NewCommand(["ctr", "--address", Socket, .. arguments]);

    /// <summary>`ctr run` with the runtime under test.</summary>
    internal Command RunContainer(string id, string[] options, params string[] program) => Control(
        ["run", "--snapshotter", "native", "--runc-binary", HullBinary.Path, "--runc-root", Path.Combine(Home, "runc"),
            "--fifo-dir", Path.Combine(Home, "fifo"), "--cgroup", Cgroups.Prefix + "/" + id, .. options, BusyboxImage.Name, id, .. program]);

    internal string TaskStatus(string id) => Control("tasks", "ls").Run().ShouldSucceed().Output.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length == 3 && fields[0] == id)
        .Select(fields => fields[2]).FirstOrDefault("none");

    public void Dispose()
    {
        if (_daemon is not null)
        {
            // What a failed test left running goes first, then the daemon, then shims that nobody told to end.
            foreach (var id in Control("tasks", "ls", "--quiet").Run().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Control("tasks", "delete", "--force", id).Run();
            }

            ClassicCalls.Kill(_daemon.ProcessId, LibC.SIGTERM);
            Eventually.Try(() => _daemon.HasEnded, Patience.Limit);
            _daemon.Kill();
            Shims().ForEach(pid => ClassicCalls.Kill(pid, LibC.SIGKILL));
        }

        Cgroups.Remove(Cgroups.Prefix);
        Eventually.Try(() => Shims().Count == 0, Patience.Limit);
        if (MountTable.UnmountBelow(Home))
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    private Command NewCommand(params string[] arguments) => new Command(Path.Combine(Home, "scratch"), arguments)
        .Environment("PATH", Path.Combine(Home, "path") + ":/usr/sbin:/usr/bin:/sbin:/bin");

    // A shim names its daemon's socket on its command line.
    private List<int> Shims() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(directory => Path.GetFileName(directory))
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Where(name => CommandLine(name).Contains("containerd-shim", StringComparison.Ordinal) && CommandLine(name).Contains(Socket, StringComparison.Ordinal))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture)),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
