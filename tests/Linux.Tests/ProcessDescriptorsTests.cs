using System.Diagnostics;

namespace Hull.Linux.Tests;

/// <summary>What stands in for a pidfd before Linux 5.3 means the same process, or none.</summary>
public sealed class ProcessDescriptorsTests
{
    [Fact]
    public void A_stand_in_signals_its_process_and_none_once_that_is_gone()
    {
        using var sleeper = Process.Start("sleep", "1000")!;
        using var process = ProcessDescriptors.Open(sleeper.Id).OwnedOrThrow("/proc/PID");

        ProcessDescriptors.PidOf(process, out bool ended).Value.Should().Be(sleeper.Id);
        ended.Should().BeFalse();
        ProcessDescriptors.Signal(process, 0).Failed.Should().BeFalse();
        ProcessDescriptors.Signal(process, (int)Signal.SIGKILL).Failed.Should().BeFalse();
        sleeper.WaitForExit();

        ProcessDescriptors.PidOf(process, out _).Errno.Should().Be(Errno.ESRCH);
        ProcessDescriptors.Signal(process, 0).Errno.Should().Be(Errno.ESRCH);
        ProcessDescriptors.Open(sleeper.Id).Errno.Should().Be(Errno.ESRCH);
    }

    [Fact]
    public void The_number_of_a_pidfd_is_the_processs()
    {
        using var pidfd = Processes.OpenProcess(Environment.ProcessId).OwnedOrThrow("pidfd_open");

        ProcessDescriptors.PidOf(pidfd, out _).Value.Should().Be(Environment.ProcessId);
    }

    [Fact]
    public void Every_kind_of_namespace_has_a_file_of_its_own()
    {
        string[] files = [.. NamespaceNames.All.ToArray().Select(NamespaceNames.FileOf)];

        files.Should().OnlyHaveUniqueItems();
        NamespaceNames.All.ToArray().Aggregate((all, kind) => all | kind).Should().Be(NamespaceNames.Every);
        files.Should().OnlyContain(file => File.ResolveLinkTarget($"/proc/self/ns/{file}", false)!.Name.StartsWith($"{file}:"));
    }
}
