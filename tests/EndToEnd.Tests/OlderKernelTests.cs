using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>
/// Kernels that lack newer calls, and engines whose profiles forbid them: each call alone, with both answers, and all that Linux 4.18, 5.4 and 5.10 lack. What is
/// seen in containers must be what is seen without the filter.
/// </summary>
public sealed class OlderKernelTests : EndToEndTest
{
    private static readonly string[] Calls =
    [
        "pidfd_send_signal", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "pidfd_open", "clone3", "close_range", "openat2", "pidfd_getfd",
        "faccessat2", "mount_setattr",
    ];

    private static readonly string[] Kernels = ["4.18", "5.4", "5.10"];

    public static TheoryData<string> EachCall
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var call in Calls)
            {
                data.Add("ENOSYS:" + call);
                data.Add("EPERM:" + call);
            }

            foreach (var kernel in Kernels)
            {
                data.Add("ENOSYS:" + kernel);
                data.Add("EPERM:" + kernel);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EachCall))]
    public void The_default_container_is_the_same(string without) => IsTheSame(without, bundle => bundle);

    [Theory]
    [MemberData(nameof(EachCall))]
    public void Mounts_of_every_kind_are_the_same(string without) => IsTheSame(without, WithMounts);

    [Theory]
    [MemberData(nameof(EachCall))]
    public void A_container_with_a_user_namespace_is_the_same(string without) => IsTheSame(without, bundle => InUserNamespace(bundle));

    [Theory]
    [MemberData(nameof(EachCall))]
    public void A_container_with_mounts_in_a_user_namespace_is_the_same(string without) => IsTheSame(without, bundle => InUserNamespace(WithBinds(bundle)));

    [Theory]
    [MemberData(nameof(EachCall))]
    public void A_container_that_joins_namespaces_is_the_same(string without)
    {
        var other = NewBundle().Running();
        var process = other.ProcessId();
        IsTheSame(without, bundle => bundle
            .Namespace("network", $"/proc/{process}/ns/net").Namespace("ipc", $"/proc/{process}/ns/ipc")
            .Namespace("uts", $"/proc/{process}/ns/uts").Namespace("pid", $"/proc/{process}/ns/pid").Without("hostname"));
    }

    [Theory]
    [MemberData(nameof(EachCall))]
    public void A_container_that_joins_a_mount_namespace_is_the_same(string without)
    {
        var scratch = NewBundle();
        var holder = new Command(scratch.Scratch, "unshare", "--mount", "--propagation", "private", "sleep", "1000").Start();
        try
        {
            Eventually.Holds(
                () => File.Exists($"/proc/{holder.ProcessId}/ns/mnt")
                    && new FileInfo($"/proc/{holder.ProcessId}/ns/mnt").LinkTarget != new FileInfo("/proc/self/ns/mnt").LinkTarget,
                () => "the holder should have a mount namespace of its own");
            IsTheSame(without, bundle => WithBinds(bundle).With("root.readonly", false).Namespace("mount", $"/proc/{holder.ProcessId}/ns/mnt"));
        }
        finally
        {
            holder.Kill();
        }
    }

    [Theory]
    [MemberData(nameof(EachCall))]
    public void The_life_of_a_container_is_the_same(string without)
    {
        var bundle = NewBundle();
        bundle.Through = WithoutCalls.Words(without);
        bundle.Args("sleep", "1000").Create();
        bundle.Status().Should().Be("created");
        bundle.Start().ShouldSucceed();
        bundle.Status().Should().Be("running");
        bundle.Exec("--", "cat", "/proc/self/comm").ShouldSucceed().Output.Should().Be("cat\n");
        bundle.Exec("--", "/no/such/program").Status.Should().Be(255);
        bundle.Exec("--", "sh", "-c", "exit 3").Status.Should().Be(3);
        bundle.Runtime("update", "--pids-limit", "77", bundle.Id).Run().ShouldSucceed();
        bundle.Runtime("pause", bundle.Id).Run().ShouldSucceed();
        bundle.Status().Should().Be("paused");
        bundle.Runtime("resume", bundle.Id).Run().ShouldSucceed();
        bundle.Kill("KILL").ShouldSucceed();
        bundle.WaitForStatus("stopped");
        bundle.Kill("TERM").Error.Should().Contain("container not running");
        bundle.Delete().ShouldSucceed();
        bundle.State().Should().BeNull();
        bundle.Shell("exit 7").Run().Status.Should().Be(7);
        bundle.Args("sleep", "1000").RunCommand("--detach").Run().ShouldSucceed();
        bundle.Delete("--force").ShouldSucceed();
    }

    [Theory]
    [MemberData(nameof(EachCall))]
    public void Hooks_and_their_time_limits_are_the_same(string without)
    {
        foreach (var kind in new[] { "createRuntime", "createContainer", "startContainer", "poststart" })
        {
            var bundle = NewBundle().Args("true");
            bundle.Through = WithoutCalls.Words(without);
            var sleep = kind == "startContainer" ? "/bin/sleep" : Requires.Find("sleep")!;
            bundle.With("hooks." + kind, new JsonArray(new JsonObject { ["path"] = sleep, ["args"] = new JsonArray("sleep", "0.1"), ["timeout"] = 20 }));
            bundle.Run().ShouldSucceed();

            bundle.With("hooks." + kind, new JsonArray(new JsonObject { ["path"] = sleep, ["args"] = new JsonArray("sleep", "1000"), ["timeout"] = 1 }));
            bundle.Run().Error.Should().Contain("took longer than 1 s and was killed");
        }
    }

    [Theory]
    [InlineData("ENOSYS:4.18")]
    [InlineData("ENOSYS:pidfd_open")]
    public void A_terminal_is_the_same_without_pidfds(string without)
    {
        var bundle = NewBundle().With("process.terminal", true).Shell("test -t 0 && test -t 1 && tty && stat -c '%t:%T' /dev/console; exit 5");
        bundle.Save();
        var words = string.Join(' ', WithoutCalls.Words(without));
        var line = $"{words} {HullBinary.File} --root {bundle.StateRoot} run --bundle {bundle.Location} {bundle.Id}";
        var outcome = new Command(bundle.Scratch, "script", "-qec", line, "/dev/null").Run();

        outcome.Status.Should().Be(5, outcome.ToString().Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        outcome.Output.Should().Contain("/dev/pts/0").And.Contain("88:0");
    }

    [Theory]
    [InlineData("ENOSYS:mount_setattr", "idmap", "mounts[7]", "Linux 5.12 (mount_setattr)")]
    [InlineData("EPERM:mount_setattr", "idmap", "mounts[7]", "Linux 5.12 (mount_setattr)")]
    [InlineData("ENOSYS:5.10", "rro", "mounts[7]", "Linux 5.12 (mount_setattr)")]
    [InlineData("ENOSYS:4.18", "rro", "mounts[7]", "Linux 5.12 (mount_setattr)")]
    [InlineData("ENOSYS:4.18", "rshared", "mounts[7]", "Linux 5.2 (open_tree)")]
    public void What_has_no_other_way_is_refused_by_name(string without, string option, string property, string needs)
    {
        var bundle = NewBundle().Args("true");
        bundle.Through = WithoutCalls.Words(without);
        bundle.Adding("mounts", Bind(bundle.Home, "/seen", "rbind", option));
        if (option == "idmap")
        {
            var mappings = """[{ "containerID": 0, "hostID": 100000, "size": 65536 }]""";
            JsonPath.Set(bundle.Config, "mounts[7].uidMappings", JsonNode.Parse(mappings));
            JsonPath.Set(bundle.Config, "mounts[7].gidMappings", JsonNode.Parse(mappings));
        }

        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain(property).And.Contain("needs " + needs).And.Contain("this is Linux ");
    }

    [Theory]
    [InlineData("ENOSYS:mount_setattr")]
    [InlineData("EPERM:mount_setattr")]
    [InlineData("ENOSYS:open_tree")]
    public void A_read_only_root_is_refused_where_it_would_be_the_hosts(string without)
    {
        var bundle = NewBundle().Args("true").With("mounts", new JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths").WithoutNamespace("mount");
        bundle.Through = WithoutCalls.Words(without);
        var outcome = bundle.Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("root.readonly").And.Contain("needs Linux 5.").And.Contain($"({without.Split(':')[1]})");
    }

    [Fact]
    public void A_pidfd_for_others_needs_pidfds()
    {
        var bundle = NewBundle().Args("true");
        bundle.Through = WithoutCalls.Words("ENOSYS:pidfd_open,clone3");
        var socket = Path.Combine(bundle.Home, "pidfd.sock");
        using var listener = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(socket));
        listener.Listen();
        var outcome = bundle.Run("--pidfd-socket", socket);

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("needs Linux 5.3 (pidfd_open)");
    }

    [Fact]
    public void Features_names_what_the_kernel_lacks()
    {
        var bundle = NewBundle();
        string Lacks() => (string?)JsonNode.Parse(bundle.Runtime("features").Run().ShouldSucceed().Output)!["annotations"]!["run.hull.kernel.lacks"] ?? "";
        bundle.Through = WithoutCalls.Words("EPERM:mount_setattr,clone3");

        Lacks().Should().Be("clone3 (Linux 5.3), mount_setattr (Linux 5.12)");
    }

    /// <summary>A denial is not taken for a missing call: what mount_setattr may not do, a remount is not tried for.</summary>
    [Fact]
    public void A_denial_is_reported_and_nothing_else_is_tried()
    {
        var bundle = InUserNamespace(NewBundle());
        var trace = Path.Combine(bundle.Home, "trace");
        bundle.Adding("mounts", Bind("/sys", "/seen", "rbind", "suid")).Args("true").Save();
        var outcome = new Command(
            bundle.Scratch, "strace", "-f", "-o", trace, "-e", "trace=mount", HullBinary.File, "--root", bundle.StateRoot, "run", "--bundle", bundle.Location,
            bundle.Id).Run();

        outcome.Status.Should().Be(outcome.Error.Contains("EPERM", StringComparison.Ordinal) ? 1 : 0);
        File.ReadAllText(trace).Should().NotContain("MS_REMOUNT");
    }

    private void IsTheSame(string without, Func<Bundle, Bundle> change)
    {
        string[] expected = Seen(change, null).Split('\n'), seen = Seen(change, without).Split('\n');

        // The lines that differ say more than the whole.
        seen.Except(expected).Should().BeEquivalentTo(expected.Except(seen));
        seen.Should().Equal(expected);
    }

    /// <summary>What a program in the container sees, without what is another one's in every container.</summary>
    private string Seen(Func<Bundle, Bundle> change, string? without)
    {
        var bundle = change(NewBundle());
        bundle.Through = without is null ? [] : WithoutCalls.Words(without);
        bundle.Shell("""
            cut -d' ' -f4- /proc/self/mountinfo | sed -E 's/(master|shared|propagate_from):[0-9]+/\1/g; s/size=[0-9]+k/size/g; s/ino=[0-9]+/ino/g; s/tmpfs r[ow],(size,nr_inodes=1)/tmpfs \1/'
            ls -ln /dev /dev/pts /dev/shm 2>&1 | sed -E 's/[A-Z][a-z]{2} +[0-9]+ +[0-9:]+//'
            grep -E '^(Cap|Uid|Gid|Groups|NoNewPrivs|SigBlk|SigIgn|SigCgt|Umask)' /proc/self/status
            ls /proc/self/fd; ulimit -a; pwd; cat /proc/1/comm; cat /proc/sys/kernel/hostname
            for path in /proc/kcore /proc/sysrq-trigger /proc/sys/kernel/hostname /sys/firmware /proc/irq /proc/scsi /new /seen /of /copied; do
                stat -c '%n %F %a %t:%T' $path 2>&1; ls -ln $path 2>&1 | sed -E 's/[A-Z][a-z]{2} +[0-9]+ +[0-9:]+//'; echo x >$path 2>/dev/null && echo written
            done
            """);
        var outcome = bundle.Run();
        return $"{outcome.Status}\n{outcome.Output}\n{outcome.Error}".Replace(bundle.Home, "HOME", StringComparison.Ordinal).Replace(bundle.Id, "ID", StringComparison.Ordinal)
            .Replace(Path.GetFileName(bundle.Home), "HOME", StringComparison.Ordinal);
    }

    private static Bundle InUserNamespace(Bundle bundle) => bundle.Namespace("user")
        .With("linux.uidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""))
        .With("linux.gidMappings", JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 65536 }]"""));

    private static Bundle WithMounts(Bundle bundle)
    {
        WithBinds(bundle);
        bundle.WithFile("copied/own", "of the image");
        bundle.Adding("mounts", Filesystem("/copied", "tmpfs", "tmpcopyup", "ro", "size=1m"));
        bundle.Adding("mounts", Filesystem("/late/a/b", "tmpfs", "ro", "noexec", "nosuid", "nodev"));
        bundle.Adding("mounts", Filesystem("/tmp", "tmpfs", "noatime", "nr_inodes=100"));
        bundle.Adding("mounts", Filesystem("/run/inner", "tmpfs", "mode=0711", "uid=7", "dirsync"));
        bundle.Adding("mounts", new JsonObject { ["destination"] = "/run/inner", ["type"] = "none", ["options"] = new JsonArray("remount", "bind", "ro", "noexec") });
        string lower = Directory.CreateDirectory(Path.Combine(bundle.Home, "lower")).FullName;
        File.WriteAllText(Path.Combine(lower, "layer"), "lower");
        string upper = Directory.CreateDirectory(Path.Combine(bundle.Home, "upper")).FullName, work = Directory.CreateDirectory(Path.Combine(bundle.Home, "work")).FullName;
        bundle.Adding("mounts", Filesystem("/of", "overlay", $"lowerdir={lower}", $"upperdir={upper}", $"workdir={work}"));
        return bundle;
    }

    private static Bundle WithBinds(Bundle bundle)
    {
        string volume = Directory.CreateDirectory(Path.Combine(bundle.Home, "volume")).FullName;
        File.WriteAllText(Path.Combine(volume, "file"), "content");
        bundle.Adding("mounts", Bind(volume, "/new", "rbind", "ro", "nosuid"));
        bundle.Adding("mounts", Bind(volume, "/seen", "bind", "noexec", "nodev", "rprivate"));
        bundle.Adding("mounts", Bind(Path.Combine(volume, "file"), "/deep/er/file", "bind", "ro"));
        bundle.Adding("mounts", Bind(volume, "/slave", "rbind", "rslave"));
        bundle.Adding("mounts", Bind(volume, "/times", "bind", "noatime", "nodiratime"));
        return bundle;
    }

    private static JsonObject Filesystem(string destination, string type, params string[] options) => new()
    {
        ["destination"] = destination, ["type"] = type, ["source"] = type, ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
    };

    private static JsonObject Bind(string source, string destination, params string[] options) => new()
    {
        ["destination"] = destination, ["type"] = "bind", ["source"] = source, ["options"] = new JsonArray([.. options.Select(option => JsonValue.Create(option))]),
    };
}
