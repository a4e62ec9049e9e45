using System.Globalization;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests.Checkpoint;

/// <summary>
/// Hierarchies of cgroups that are active and not mounted on this host: a process in a mount namespace of its own keeps them mounted, as engines
/// in containers do. The test sees them through that process.
/// </summary>
internal sealed class HiddenHierarchies : IDisposable
{
    private readonly RunningCommand _keeper;
    private readonly string _name;

    public HiddenHierarchies(Bundle bundle)
    {
        Requires.Program("unshare");
        _name = $"{Cgroups.Prefix[1..]}-others-{bundle.Id}";
        var place = Directory.CreateDirectory(Path.Combine(bundle.Scratch, "hidden")).FullName;
        var ready = Path.Combine(bundle.Scratch, "hidden.ready");
        string[] candidates = [.. File.ReadLines("/proc/cgroups").Skip(1).Select(line => line.Split('\t')[0]).Where(name => Cgroups.Version1Mount(name) is null)];
        _keeper = new Command(bundle.Scratch, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", $"""
            mount -t tmpfs none '{place}'
            for controller in {string.Join(' ', candidates)}; do
                mkdir '{place}'/$controller
                mount -t cgroup -o $controller none '{place}'/$controller || rmdir '{place}'/$controller
            done
            echo > '{ready}'
            exec sleep 1000
            """).Timeout(TimeSpan.FromMinutes(10)).Start();
        Eventually.Holds(() => File.Exists(ready), () => "hierarchies should be mounted elsewhere: " + _keeper.Error);
        var seen = string.Create(CultureInfo.InvariantCulture, $"/proc/{_keeper.ProcessId}/root{place}");
        Mounts = Directory.GetDirectories(seen);
        if (Mounts.Length == 0)
        {
            Dispose();
            Skip.Unless(false, "needs a controller of version 1 that is mounted nowhere");
        }
    }

    /// <summary>Where each is mounted, as this process can reach it.</summary>
    public string[] Mounts { get; }

    /// <summary>A cgroup of others in each of them, with one inside.</summary>
    public void MakeOthers() => Others().ForEach(other => Directory.CreateDirectory(other + "/inside"));

    /// <summary>The names of the cgroups of others that are there now.</summary>
    public string[] Present() => [.. Others().Where(Directory.Exists)];

    /// <summary>What no image may hold.</summary>
    public string Name => _name;

    public void RemoveOthers() => Present().ToList().ForEach(other =>
    {
        foreach (var directory in Directory.GetDirectories(other).Append(other))
        {
            Directory.Delete(directory);
        }
    });

    public void Dispose()
    {
        RemoveOthers();
        _keeper.Kill();
    }

    private List<string> Others() => [.. Mounts.Select(mount => $"{mount}/{_name}")];
}
