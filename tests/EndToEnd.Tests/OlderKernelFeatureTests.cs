using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What few containers ask for, on kernels that lack newer calls: it works, or is refused with the name of the call that it needs.</summary>
public sealed class OlderKernelFeatureTests : EndToEndTest
{
    [Theory]
    [InlineData("ENOSYS:clone3", false)]
    [InlineData("EPERM:clone3", true)]
    [InlineData("ENOSYS:5.4", true)]
    [InlineData("ENOSYS:4.18", false)]
    [InlineData("ENOSYS:4.18", true)]
    public void A_time_namespace_is_made_without_clone3(string without, bool withOffsets)
    {
        Requires.Namespace("time");
        var host = new FileInfo("/proc/self/ns/time").LinkTarget;
        var bundle = Without(without).Namespace("time").Shell("readlink /proc/self/ns/time; cat /proc/self/timens_offsets");
        if (withOffsets)
        {
            bundle.With("linux.timeOffsets", JsonNode.Parse("""{ "monotonic": { "secs": 172800, "nanosecs": 5 } }"""));
        }

        var seen = bundle.Run().ShouldSucceed().Output;

        seen.Should().StartWith("time:[").And.NotContain(host);
        seen.Should().MatchRegex(withOffsets ? @"monotonic\s+172800\s+5\n" : @"monotonic\s+0\s+0\n");
    }

    [Theory]
    [InlineData("ENOSYS:4.18")]
    [InlineData("EPERM:clone3")]
    public void Programs_come_into_a_time_namespace_without_clone3(string without)
    {
        Requires.Namespace("time");
        var bundle = Without(without).Namespace("time").With("linux.timeOffsets", JsonNode.Parse("""{ "boottime": { "secs": 604800 } }"""))
            .With("hooks.poststart", JsonNode.Parse("""
                [{ "path": "/bin/sh", "args": ["sh", "-c", "PATH=/usr/bin:/bin readlink /proc/self/ns/time >hook"] }]
                """));
        bundle.Running();
        var hook = File.ReadAllText(Path.Combine(bundle.Location, "hook")).TrimEnd();
        var joined = bundle.Exec("--", "readlink", "/proc/self/ns/time").ShouldSucceed().Output;

        joined.TrimEnd().Should().Be(new FileInfo($"/proc/{bundle.ProcessId()}/ns/time").LinkTarget);
        hook.Should().Be(new FileInfo("/proc/self/ns/time").LinkTarget, "the runtime has left it again");
    }

    [Theory]
    [InlineData("ENOSYS:clone3")]
    public void A_time_namespace_of_a_new_user_namespace_needs_clone3(string without)
    {
        Requires.Namespace("time");
        var outcome = InUserNamespace(Without(without).Namespace("time")).Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("needs Linux 5.3 (clone3); this is Linux ");
    }

    [Theory]
    [InlineData("ENOSYS:pidfd_getfd")]
    [InlineData("EPERM:pidfd_getfd")]
    [InlineData("ENOSYS:5.4")]
    [InlineData("ENOSYS:4.18")]
    public void A_seccomp_listener_needs_a_call_that_is_named(string without)
    {
        var bundle = Notified(without);
        using var agent = new SeccompAgent(Path.Combine(bundle.Home, "agent"), null, false, false);
        var outcome = bundle.Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("linux.seccomp.listenerPath").And.Contain("needs Linux 5.6 (pidfd_getfd); this is Linux ");
        bundle.State().Should().BeNull("what was begun is undone");
    }

    [Theory]
    [InlineData("ENOSYS:5.10")]
    [InlineData("ENOSYS:clone3")]
    [InlineData("EPERM:close_range,openat2")]
    public void A_seccomp_listener_works_where_its_call_is_there(string without)
    {
        var bundle = Notified(without).Shell("mkdir /dev/shm/new; echo it runs");
        using var agent = new SeccompAgent(Path.Combine(bundle.Home, "agent"), null, false, false);

        bundle.Run().ShouldSucceed().Output.Should().Be("it runs\n");
        agent.States.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("ENOSYS:4.18")]
    [InlineData("ENOSYS:5.4")]
    [InlineData("EPERM:fsopen,open_tree")]
    [InlineData("EPERM:fsopen")]
    [InlineData("ENOSYS:fsconfig")]
    [InlineData("ENOSYS:5.10")]
    public void An_overlay_of_long_paths_is_mounted(string without)
    {
        var bundle = Overlay(without, layers: 4, longest: 200);
        var seen = bundle.Shell("cat /of/layer; echo new >/of/new && cat /of/new; cut -d' ' -f5 /proc/self/mountinfo | grep -c fdinfo").Run();

        seen.Output.Should().Be("3\nnew\n0\n");
    }

    [Theory]
    [InlineData("ENOSYS:4.18")]
    [InlineData("EPERM:fsopen")]
    public void Options_that_no_page_holds_need_a_call_that_is_named(string without)
    {
        var outcome = Overlay(without, layers: 40, longest: 200).Args("true").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts[7]").And.Contain("needs Linux 5.2 (fsopen); this is Linux ");
    }

    [Theory]
    [InlineData("ENOSYS:4.18", "ro")]
    [InlineData("ENOSYS:5.4", "ro")]
    [InlineData("ENOSYS:5.10", "ro")]
    [InlineData("EPERM:mount_setattr", "noexec")]
    [InlineData("ENOSYS:open_tree", "nosuid")]
    public void A_directory_that_is_closed_to_the_user_namespace_is_shown_and_changed(string without, string option)
    {
        var bundle = InUserNamespace(Without(without));
        File.SetUnixFileMode(bundle.RootfsPath, (UnixFileMode)0b111_111_111);
        var closed = Directory.CreateDirectory(Path.Combine(bundle.Home, "closed"), (UnixFileMode)0b111_000_000).FullName;
        bundle.Adding("mounts", Mount(closed, "/seen", "bind", "bind", option));

        var seen = bundle.Shell("stat -c %a:%u /seen; grep ' /seen ' /proc/self/mountinfo | cut -d' ' -f6").Run().ShouldSucceed().Output;

        seen.Should().StartWith("700:65534\n").And.Contain(option);
    }

    [Theory]
    [InlineData("sysfs", "network", "/sys", "nosuid")]
    [InlineData("proc", "pid", "/proc", "noexec")]
    public void What_the_host_shows_instead_is_refused_by_name_when_it_is_to_be_restricted(string type, string kind, string place, string restriction)
    {
        var bundle = InUserNamespace(Without("ENOSYS:5.10")).WithoutNamespace(kind).Args("true");
        new Command(bundle.Scratch, "chmod", "-R", "a+rwX", bundle.RootfsPath).Run().ShouldSucceed();
        bundle.With("mounts", new JsonArray(Mount(type, place, type, restriction))).Without("linux.maskedPaths").Without("linux.readonlyPaths");
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("mounts[0]").And.Contain("needs Linux 5.12 (mount_setattr); this is Linux ");

        bundle.With("mounts", new JsonArray(Mount(type, place, type))).Run().ShouldSucceed();
        bundle.With("mounts", new JsonArray(Mount(place, place, "bind", "rbind", "ro", restriction))).Run().ShouldSucceed();
    }

    private Bundle Without(string calls)
    {
        var bundle = NewBundle();
        bundle.Through = WithoutCalls.Words(calls);
        return bundle;
    }

    private Bundle Notified(string without)
    {
        var bundle = Without(without);
        var rule = """{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY" }""";
        return bundle.With("linux.seccomp", new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = Path.Combine(bundle.Home, "agent"),
            ["syscalls"] = new JsonArray(JsonNode.Parse(rule)),
        });
    }

    /// <summary>An overlay on /of of some directories with long names; the file "layer" of each holds its number, and the last lies on top.</summary>
    private Bundle Overlay(string without, int layers, int longest)
    {
        var bundle = Without(without);
        var paths = Enumerable.Range(0, layers).Reverse().Select(number =>
        {
            var path = Directory.CreateDirectory(Path.Combine(bundle.Home, number + new string('l', longest - 1 - $"{number}".Length))).FullName;
            File.WriteAllText(Path.Combine(path, "layer"), $"{number}\n");
            return path;
        }).ToArray();
        var upper = Directory.CreateDirectory(Path.Combine(bundle.Home, "upper")).FullName;
        var work = Directory.CreateDirectory(Path.Combine(bundle.Home, "work")).FullName;
        string[] options = ["lowerdir=" + string.Join(':', paths), "upperdir=" + upper, "workdir=" + work];
        return bundle.Adding("mounts", Mount("overlay", "/of", "overlay", options));
    }

    private static Bundle InUserNamespace(Bundle bundle) => bundle.Namespace("user")
        .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
        .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""));

    private static JsonObject Mount(string source, string destination, string type, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source,
        ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
    };
}
