using System.Diagnostics;

namespace Hull.Linux.Tests;

public sealed class ProcessesTests
{
    [Fact]
    public void Our_process_numbers_are_those_that_dotnet_knows()
    {
        Processes.ProcessId().Should().Be(Environment.ProcessId);
        Bindings.ParentProcessId().Should().BePositive();
        Bindings.ThreadId().Should().BePositive();
    }

    /// <summary>
    /// .NET reaps its own children, so the child must not be one of System.Diagnostics.Process: a shell leaves a grandchild behind, which
    /// becomes ours because we are a subreaper meanwhile.
    /// </summary>
    [Theory]
    [InlineData("exit 3", 3, 0)]
    [InlineData("", 0, 9)]
    public void A_pidfd_tells_when_and_how_a_child_ended(string script, int exitCode, int signal)
    {
        Bindings.SetChildSubreaper(true).OrThrow("prctl");
        var body = signal == 0 ? script : "exec sleep 100";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"(sleep 0.3; {body}) & echo $!"])
        {
            RedirectStandardOutput = true,
        })!;
        var child = int.Parse(shell.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        using var pidfd = Processes.OpenProcess(child).OwnedOrThrow("pidfd_open");
        shell.WaitForExit();
        Processes.Wait(pidfd, WaitOptions.Exited | WaitOptions.NoHang, out var nothing).Failed.Should().BeFalse();
        nothing.Should().Be(default(WaitStatus));
        if (signal != 0)
        {
            Processes.SendSignal(pidfd, signal).Failed.Should().BeFalse();
        }

        var ready = new[] { new PollDescriptor(pidfd, PollEvents.In) };
        Polling.PollWaiting(ready, 180_000).Value.Should().Be(1);
        Processes.Wait(pidfd, WaitOptions.Exited, out var status).Failed.Should().BeFalse();
        Bindings.SetChildSubreaper(false);
        status.Should().Be(new WaitStatus(child, exitCode, signal));
        Processes.Kill(child, 0).Errno.Should().Be(Errno.ESRCH);
    }

    /// <summary>A pidfd that was opened before the end keeps the status; one that is opened later is refused.</summary>
    [Fact]
    public void A_pidfd_tells_others_than_the_parent_how_a_process_ended_once_it_was_reaped()
    {
        Needs.Kernel(6, 15);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 100 & echo $!; wait $!; echo reaped; read line"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        var child = int.Parse(shell.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        using var pidfd = Processes.OpenProcess(child).OwnedOrThrow("pidfd_open");
        PidfdInformation.GetExit(pidfd, out _).Failed.Should().BeTrue("it lives");
        Processes.SendSignal(pidfd, (int)Signal.SIGTERM).Failed.Should().BeFalse();
        shell.StandardOutput.ReadLine().Should().Be("reaped");
        var hangUp = new[] { new PollDescriptor(pidfd, PollEvents.None) };
        Polling.PollWaiting(hangUp, 180_000).Value.Should().Be(1);
        hangUp[0].Returned.Should().HaveFlag(PollEvents.HangUp);

        PidfdInformation.GetExit(pidfd, out var status).Failed.Should().BeFalse();
        WaitStatus.FromRaw(child, status).Should().Be(new WaitStatus(child, 0, (int)Signal.SIGTERM));
        shell.StandardInput.WriteLine();
        shell.WaitForExit();
    }

    [Fact]
    public void Limits_are_asked_for()
    {
        Processes.GetResourceLimit(0, ResourceLimit.OpenFiles, out var soft, out var hard).Failed.Should().BeFalse();
        hard.Should().BeGreaterThanOrEqualTo(soft).And.BePositive();
        Processes.SetResourceLimit(0, ResourceLimit.OpenFiles, soft, hard).Failed.Should().BeFalse();
        Processes.SetResourceLimit(0, ResourceLimit.OpenFiles, 2, 1).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_namespace_file_tells_its_kind()
    {
        foreach (var (name, kind) in
            new[] { ("mnt", NamespaceKinds.Mount), ("user", NamespaceKinds.User), ("net", NamespaceKinds.Network) })
        {
            using var file = Files.OpenAt(Fd.CurrentDirectory, $"/proc/self/ns/{name}", OpenFlags.ReadOnly).OwnedOrThrow(name);
            ((NamespaceKinds)Namespaces.KindOf(file).OrThrow("ioctl")).Should().Be(kind);
            if (kind != NamespaceKinds.User)
            {
                using var owner = Bindings.UserNamespaceOf(file).OwnedOrThrow("ioctl");
                ((NamespaceKinds)Namespaces.KindOf(owner).Value).Should().Be(NamespaceKinds.User);
            }
        }

        using var other = Files.OpenAt(Fd.CurrentDirectory, "/proc/self/status", OpenFlags.ReadOnly).OwnedOrThrow("status");
        Namespaces.KindOf(other).Errno.Should().Be(Errno.ENOTTY);
    }

    [Fact]
    public void Credentials_and_capabilities_are_those_of_proc()
    {
        var status = File.ReadAllLines("/proc/thread-self/status").Select(line => line.Split(":\t", 2))
            .Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1]);
        status["Uid"].Should().StartWith($"{Bindings.UserId()}\t{Credentials.EffectiveUserId()}\t");
        status["Gid"].Should().StartWith($"{Bindings.GroupId()}\t{Credentials.EffectiveGroupId()}\t");
        status["NoNewPrivs"].Should().Be($"{Bindings.GetNoNewPrivileges().Value}");
        Capabilities.Get(0, out var effective, out var permitted, out var inheritable).Failed.Should().BeFalse();
        status["CapEff"].Should().Be($"{effective.Bits:x16}");
        status["CapPrm"].Should().Be($"{permitted.Bits:x16}");
        status["CapInh"].Should().Be($"{inheritable.Bits:x16}");
        Capabilities.IsInBounding(63).Errno.Should().Be(Errno.EINVAL);
        var groups = new uint[Bindings.GetGroups([]).Value];
        Bindings.GetGroups(groups).Failed.Should().BeFalse();
        status["Groups"].Trim().Should().Be(string.Join(' ', groups));
    }

    [Fact]
    public void Scheduling_is_asked_for_and_affinity_is_kept()
    {
        Bindings.GetScheduler(0, out var attributes).Failed.Should().BeFalse();
        attributes.Policy.Should().Be(SchedulingPolicy.Other);
        Scheduling.SetScheduler(0, attributes).Failed.Should().BeFalse();
        var mask = new byte[1024];
        var length = (int)Bindings.GetAffinity(0, mask).OrThrow("sched_getaffinity");
        Scheduling.SetAffinity(0, mask.AsSpan(0, length)).Failed.Should().BeFalse();
        var priority = Bindings.GetIoPriority(0).OrThrow("ioprio_get");
        Scheduling.SetIoPriority(0, (IoPriorityClass)(priority >> 13), (int)(priority & 7)).Failed.Should().BeFalse();
    }

    [Fact]
    public void A_blocked_signal_is_read_from_a_signal_descriptor()
    {
        // The mask belongs to a thread: use one that ends here.
        SignalRecord record = default;
        var thread = new Thread(() =>
        {
            var mask = SignalMask.Empty.With((int)Signal.SIGUSR2);
            Signals.BlockSignals(mask).OrThrow("rt_sigprocmask");
            Bindings.GetSignalMask(out var blocked).OrThrow("rt_sigprocmask");
            blocked.Contains((int)Signal.SIGUSR2).Should().BeTrue();
            using var descriptor = Signals.SignalDescriptor(mask).OwnedOrThrow("signalfd4");
            Kernel.Call(SyscallNumber.tgkill, Processes.ProcessId(), Bindings.ThreadId(), (nint)Signal.SIGUSR2).OrThrow("tgkill");
            Signals.ReadSignal(descriptor, out record).OrThrow("read");
        });
        thread.Start();
        thread.Join();
        record.Signal.Should().Be((int)Signal.SIGUSR2);
        record.ProcessId.Should().Be(Environment.ProcessId);
    }

    [Fact]
    public void Polling_no_descriptor_waits_for_the_whole_timeout()
    {
        var before = Polling.MonotonicNanoseconds();
        Polling.PollWaiting([], 20).Value.Should().Be(0, "a signal for the runtime only interrupts it");
        (Polling.MonotonicNanoseconds() - before).Should().BeGreaterThanOrEqualTo(20_000_000);
    }

    [Fact]
    public void The_kernel_is_asked_what_seccomp_knows()
    {
        Bindings.GetActionAvailable(SeccompAction.Error).Failed.Should().BeFalse();
        Bindings.GetActionAvailable((SeccompAction)0x12340000).Errno.Should().Be(Errno.EOPNOTSUPP);
        Bindings.ProbeFlags(SeccompFilterFlags.Log).Errno.Should().Be(Errno.EFAULT);
        Bindings.ProbeFlags((SeccompFilterFlags)0x10000).Errno.Should().Be(Errno.EINVAL);
    }
}
