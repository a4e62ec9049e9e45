namespace Hull.EndToEnd.Tests;

/// <summary>
/// A test with bundles. Whatever happened, afterwards each container is deleted by force through the runtime; anything still
/// there then is a failure of the test and is removed by the harness, as far as it is the test's own.
/// </summary>
public abstract class EndToEndTest : IDisposable
{
    private readonly List<Bundle> _bundles = [];

    protected EndToEndTest()
    {
        Requires.Root();
    }

    /// <summary>System calls that the runtime is to be without in this class: <c>ENOSYS:5.4</c>, see <see cref="WithoutCalls"/>; null for none.</summary>
    protected virtual string? MissingCalls => null;

    protected Bundle NewBundle()
    {
        var bundle = new Bundle();
        bundle.Through = MissingCalls is { } calls ? WithoutCalls.Words(calls) : [];
        _bundles.Add(bundle);
        return bundle;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        var left = _bundles.SelectMany(CleanUp).ToList();
        Cgroups.RemovePrefixIfEmpty();
        left.Should().BeEmpty("after `delete --force` nothing of a container may be left");
    }

    private static List<string> CleanUp(Bundle bundle)
    {
        var left = new List<string>();
        if (Directory.Exists(bundle.StateRoot) && Directory.EnumerateFileSystemEntries(bundle.StateRoot).Any())
        {
            left.AddRange(DeleteByForce(bundle));
        }

        Cgroups.GoAway(bundle.CgroupPath);
        left.AddRange(Cgroups.Below(bundle.CgroupPath).Select(directory => "cgroup " + directory));
        Cgroups.Remove(bundle.CgroupPath);
        left.AddRange(MountTable.Below(bundle.Home).Select(point => "mount " + point));
        // A file is only removed when nothing is mounted below: removing must never reach into another file system.
        if (MountTable.UnmountBelow(bundle.Home))
        {
            Directory.Delete(bundle.Home, recursive: true);
        }

        return left;
    }

    private static IEnumerable<string> DeleteByForce(Bundle bundle)
    {
        var outcome = bundle.Runtime("delete", "--force", bundle.Id).Run();
        if (outcome.Status != 0)
        {
            yield return outcome.ToString();
        }

        if (Directory.Exists(Path.Combine(bundle.StateRoot, bundle.Id)))
        {
            yield return "state " + Path.Combine(bundle.StateRoot, bundle.Id);
        }
    }
}
