using System.Globalization;
using System.Text.RegularExpressions;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// hull dies by SIGKILL at a system call of `create`, or a system call of it fails: the host must come out clean, at once or after
/// `delete --force`. strace traces the runtime process alone, not its children, so the container's own calls are not disturbed.
/// </summary>
public sealed partial class CrashSafetyTests : EndToEndTest
{
    private const int Samples = 24;
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(10);

    // What each kind of call may plausibly fail with; a call not listed is left alone.
    private static readonly Dictionary<string, string> Errors = new()
    {
        ["clone3"] = "EAGAIN", ["openat"] = "EMFILE", ["openat2"] = "EMFILE", ["mkdir"] = "ENOSPC", ["mkdirat"] = "ENOSPC", ["write"] = "EIO",
        ["mount"] = "EPERM", ["fsopen"] = "EMFILE", ["fsmount"] = "ENOMEM", ["open_tree"] = "EMFILE", ["move_mount"] = "EPERM",
        ["mount_setattr"] = "EPERM", ["socketpair"] = "EMFILE", ["pipe2"] = "EMFILE", ["memfd_create"] = "ENOMEM", ["fchmod"] = "EPERM",
        ["fchown"] = "EPERM", ["rename"] = "ENOSPC", ["renameat"] = "ENOSPC", ["renameat2"] = "ENOSPC", ["fsync"] = "EIO", ["flock"] = "ENOLCK",
        ["linkat"] = "ENOSPC", ["mkfifo"] = "ENOSPC", ["mknodat"] = "ENOSPC", ["mknod"] = "ENOSPC", ["recvmsg"] = "EIO", ["sendmsg"] = "EPIPE",
        ["sendto"] = "EPIPE", ["recvfrom"] = "EIO", ["setns"] = "EPERM", ["pidfd_open"] = "EMFILE", ["symlinkat"] = "ENOSPC",
    };

    [Fact]
    public void Killed_at_any_system_call_of_create_leaves_what_delete_removes()
    {
        Requires.Hull("no other runtime manages that");
        Requires.Program("strace");
        var count = TraceCreate().Count;
        var killed = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            killed += KillAt(1 + count * sample / Samples) ? 1 : 0;
        }

        killed.Should().BeGreaterThan(Samples / 2, "most of the samples must really have killed it");
    }

    [Fact]
    public void A_failing_system_call_of_create_is_reported_and_undone()
    {
        Requires.Hull("hull's own system calls are sampled");
        Requires.Program("strace");
        var calls = TraceCreate().Select((call, index) => (call.Name, call.IsOwn, Index: index)).Where(call => Errors.ContainsKey(call.Name)).ToList();
        foreach (var kind in calls.GroupBy(call => call.Name))
        {
            var occurrences = kind.Select((call, index) => (call.IsOwn, Number: index + 1)).Where(call => call.IsOwn).Select(call => call.Number).ToArray();
            // The first, the last and one in the middle of each kind.
            foreach (var occurrence in occurrences.Where((_, index) => index == 0 || index == occurrences.Length / 2 || index == occurrences.Length - 1))
            {
                FailAt(kind.Key, occurrence);
            }
        }

        calls.Should().Contain(call => call.IsOwn);
    }

    private bool KillAt(int number)
    {
        var bundle = NewBundle().Shell("sleep 1000");
        var before = HostSnapshot.Take(bundle);
        var outcome = Strace(bundle, Each("inject=all:signal=KILL:when=", number)).Run();

        bundle.Runtime("delete", "--force", bundle.Id).Timeout(NoHang).Run().ShouldSucceed();
        HostSnapshot.ShouldBecome(bundle, before, Each("hull was killed at system call ", number) + " of create and deleted by force");
        return outcome.Status != 0;
    }

    private void FailAt(string name, int occurrence)
    {
        var bundle = NewBundle().Shell("sleep 1000");
        var before = HostSnapshot.Take(bundle);
        var outcome = Strace(bundle, Each($"inject={name}:error={Errors[name]}:when=", occurrence)).Run();
        var where = Each($"{name} failing with {Errors[name]} at occurrence ", occurrence);

        if (outcome.Status == 0)
        {
            // A call with a fallback, or whose failure does not matter: then the container must be whole.
            bundle.Status().Should().Be("created", where);
            bundle.Delete("--force").ShouldSucceed();
        }
        else
        {
            outcome.Error.Should().NotBeEmpty(where);
        }

        HostSnapshot.ShouldBecome(bundle, before, where);
    }

    /// <summary>
    /// The system calls of an undisturbed create, in order. Those between an execve and the first call that names the bundle are the
    /// language runtime's own start, which is not what is tested.
    /// </summary>
    private List<(string Name, bool IsOwn)> TraceCreate()
    {
        var bundle = NewBundle().Shell("sleep 1000");
        var log = Path.Combine(bundle.Scratch, "strace");
        Strace(bundle, null, log).Run().ShouldSucceed();
        bundle.Delete("--force").ShouldSucceed();
        var calls = new List<(string, bool)>();
        var isOwn = false;
        foreach (var line in File.ReadLines(log).Where(line => CallName().IsMatch(line)))
        {
            var name = CallName().Match(line).Value;
            isOwn = name != "execve" && (isOwn || line.Contains(bundle.Home, StringComparison.Ordinal));
            calls.Add((name, isOwn));
        }

        return calls;
    }

    private static Command Strace(Bundle bundle, string? injection, string log = "/dev/null")
    {
        bundle.Save();
        string[] options = injection is null ? [] : ["-e", injection];
        return new Command(bundle.Scratch, ["strace", "-o", log, .. options, HullBinary.Path, "--root", bundle.StateRoot,
            "create", "--bundle", bundle.Location, bundle.Id]).Timeout(NoHang);
    }

    private static string Each(string text, int number) => text + number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[a-z0-9_]+(?=\()")]
    private static partial Regex CallName();
}
