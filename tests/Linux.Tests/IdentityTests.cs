namespace Hull.Linux.Tests;

/// <summary>What a process is allowed: ids, capabilities, filters, names; each test on a thread of its own.</summary>
public sealed class IdentityTests
{
    private const int CAP_KILL = 5, CAP_SETGID = 6, CAP_SETUID = 7;

    [Fact]
    public void Ids_are_changed_for_one_thread_only() => OwnThread.Run(() =>
    {
        Needs.Root();
        Credentials.SetGroups([10, 20]).OrThrow("setgroups");
        Credentials.SetGroupIds(1000, 1000, 1000).OrThrow("setresgid");
        Credentials.SetKeepCapabilities(true).OrThrow("prctl");
        Credentials.SetUserIds(1000, 1000, 1000).OrThrow("setresuid");
        Status("Uid").Should().Be("1000\t1000\t1000\t1000");
        Status("Gid").Should().Be("1000\t1000\t1000\t1000");
        Status("Groups").Should().Be("10 20");
        Capabilities.Get(0, out var effective, out var permitted, out _).OrThrow("capget");
        effective.Should().Be(CapabilitySet.Empty);
        permitted.Should().NotBe(CapabilitySet.Empty, "they were to be kept");
        Credentials.SetUserIds(0, uint.MaxValue, uint.MaxValue).Errno.Should().Be(Errno.EPERM);
    });

    [Fact]
    public void Capabilities_are_given_up_in_all_five_sets() => OwnThread.Run(() =>
    {
        Needs.Root();
        Capabilities.DropFromBounding(CAP_KILL).OrThrow("prctl");
        Capabilities.IsInBounding(CAP_KILL).Value.Should().Be(0);
        Capabilities.IsInBounding(CAP_SETUID).Value.Should().Be(1);
        var kept = CapabilitySet.Empty.With(CAP_SETUID).With(CAP_SETGID);
        Capabilities.Set(kept, kept, CapabilitySet.Empty.With(CAP_SETUID)).OrThrow("capset");
        Capabilities.Get(0, out var effective, out var permitted, out var inheritable).OrThrow("capget");
        (effective, permitted, inheritable).Should().Be((kept, kept, CapabilitySet.Empty.With(CAP_SETUID)));
        Capabilities.RaiseAmbient(CAP_SETUID).OrThrow("prctl");
        Capabilities.RaiseAmbient(CAP_SETGID).Errno.Should().Be(Errno.EPERM, "it is not inheritable");
        Bindings.IsAmbient(CAP_SETUID).Value.Should().Be(1);
        Capabilities.ClearAmbient().OrThrow("prctl");
        Bindings.IsAmbient(CAP_SETUID).Value.Should().Be(0);
        Capabilities.DropFromBounding(CAP_SETGID).Errno.Should().Be(Errno.EPERM, "CAP_SETPCAP is gone");
    });

    [Fact]
    public void A_filter_decides_on_system_calls_and_an_empty_one_is_refused() => OwnThread.Run(() =>
    {
        const ushort Load = 0x20, JumpIfEqual = 0x15, Return = 0x06;
        Credentials.SetNoNewPrivileges().OrThrow("prctl");
        Bindings.GetNoNewPrivileges().Value.Should().Be(1);
        var program = new FilterProgram([
            new FilterInstruction(Load, 0, 0, 0),
            new FilterInstruction(JumpIfEqual, 0, 1, (uint)SyscallNumber.getppid),
            new FilterInstruction(Return, 0, 0, (uint)SeccompAction.Error | (uint)Errno.EOWNERDEAD),
            new FilterInstruction(Return, 0, 0, (uint)SeccompAction.Allow),
        ]);
        Seccomp.SetFilter(program, SeccompFilterFlags.None).OrThrow("seccomp");
        Kernel.Call(SyscallNumber.getppid).Errno.Should().Be(Errno.EOWNERDEAD);
        Kernel.Call(SyscallNumber.getpid).Failed.Should().BeFalse();
        Seccomp.SetFilter(new FilterProgram([]), SeccompFilterFlags.None).Errno.Should().Be(Errno.EINVAL);
    });

    [Fact]
    public void New_namespaces_have_host_and_domain_names_and_a_loopback_interface_of_their_own() =>
        OwnThread.RunIn(NamespaceKinds.Uts | NamespaceKinds.Network, () =>
        {
            HostName.SetHostName("hull-test").OrThrow("sethostname");
            HostName.SetDomainName("example").OrThrow("setdomainname");
            HostFiles.ReadText(Fd.CurrentDirectory, "/proc/sys/kernel/hostname").Should().Be("hull-test\n");
            HostFiles.ReadText(Fd.CurrentDirectory, "/proc/sys/kernel/domainname").Should().Be("example\n");

            using var socket = Sockets.Socket(AddressFamily.Internet, SocketType.Datagram).OwnedOrThrow("socket");
            Bindings.LoopbackFlags(socket, out var before).OrThrow("ioctl");
            before.Should().NotHaveFlag(InterfaceFlags.Up);
            Network.BringUpLoopback().OrThrow("ioctl");
            Bindings.LoopbackFlags(socket, out var after).OrThrow("ioctl");
            after.Should().HaveFlag(InterfaceFlags.Up).And.HaveFlag(InterfaceFlags.Loopback);
        });

    [Fact]
    public void A_namespace_that_was_left_can_be_entered_again() => OwnThread.Run(() =>
    {
        using var own = Files.OpenAt(Fd.CurrentDirectory, "/proc/thread-self/ns/uts", OpenFlags.ReadOnly).OwnedOrThrow("ns");
        var left = Namespaces.Unshare(NamespaceKinds.Uts);
        Skip.Unless(left.Errno != Errno.EPERM, "needs CAP_SYS_ADMIN");
        Inode().Should().NotBe(InodeOf(own));
        Namespaces.Enter(own, NamespaceKinds.Network).Errno.Should().Be(Errno.EINVAL);
        Namespaces.Enter(own, NamespaceKinds.Uts).OrThrow("setns");
        Inode().Should().Be(InodeOf(own));
        Namespaces.Unshare(NamespaceKinds.User).Errno.Should().Be(Errno.EINVAL, "other threads exist");

        static ulong Inode()
        {
            using var now = Files.OpenAt(Fd.CurrentDirectory, "/proc/thread-self/ns/uts", OpenFlags.ReadOnly).OwnedOrThrow("ns");
            return InodeOf(now);
        }
    });

    [Fact]
    public void A_session_keyring_is_joined_and_described() => OwnThread.Run(() =>
    {
        var joined = Keys.JoinSessionKeyring("hull-test");
        Skip.Unless(joined.Errno != Errno.ENOSYS, "needs CONFIG_KEYS");
        var key = (int)joined.OrThrow("keyctl");
        Bindings.SetPermissions(key, 0x3f3f0000).OrThrow("keyctl");
        var text = new byte[100];
        var length = (int)Bindings.Describe(key, text).OrThrow("keyctl");
        System.Text.Encoding.UTF8.GetString(text, 0, length).Should().MatchRegex("^keyring;[0-9]+;[0-9]+;3f3f0000;hull-test\0$");
    });

    [Fact]
    public void A_device_program_is_loaded_attached_found_and_detached()
    {
        Needs.Root();
        var root = new[] { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" }.FirstOrDefault(directory => File.Exists(directory + "/cgroup.procs")
            && File.Exists(directory + "/cgroup.controllers"));
        Skip.Unless(root is not null, "needs a cgroup v2 mount");
        using var parent = HostFiles.OpenDirectory(Fd.CurrentDirectory, root!);
        var name = $"hull-test-{Environment.ProcessId}";
        Files.MakeDirectory(parent, name, 0b111_101_101).OrThrow("mkdirat");
        try
        {
            using var cgroup = HostFiles.OpenDirectory(parent, name);
            // r0 = 1; exit
            var loaded = Bpf.LoadProgram([new BpfInstruction(0xb7, 0, 0, 0, 1), new BpfInstruction(0x95, 0, 0, 0, 0)], []);
            Skip.Unless(loaded.Errno is not (Errno.ENOSYS or Errno.EINVAL), $"needs CONFIG_CGROUP_BPF: {loaded.Errno}");
            using var program = loaded.OwnedOrThrow("bpf");
            Bpf.Attach(cgroup, program, BpfAttachFlags.AllowMultiple, Fd.None).OrThrow("bpf");
            var ids = new uint[4];
            Bpf.Query(cgroup, ids, out var count).OrThrow("bpf");
            count.Should().Be(1);
            using var found = Bpf.OpenProgram(ids[0]).OwnedOrThrow("bpf");
            Bpf.Detach(cgroup, found).OrThrow("bpf");
            Bpf.Query(cgroup, ids, out count).OrThrow("bpf");
            count.Should().Be(0);

            var log = new byte[4096];
            Bpf.LoadProgram([new BpfInstruction(0x95, 0, 0, 0, 0)], log).Failed.Should().BeTrue();
            System.Text.Encoding.UTF8.GetString(log).Should().Contain("R0");
        }
        finally
        {
            HostFiles.RemoveTree(parent, name);
        }
    }

    private static ulong InodeOf(Fd fd)
    {
        Files.Status(fd, "", AtFlags.EmptyPath, out var status).OrThrow("statx");
        return status.Inode;
    }

    private static string Status(string name) => HostFiles.ReadText(Fd.CurrentDirectory, "/proc/thread-self/status").Split('\n')
        .First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}
