using System.Globalization;
using System.Security.Cryptography;

namespace Hull.EndToEnd.Tests;

/// <summary>What a container might try on a program, and a runtime, that come into it.</summary>
public sealed class ExecSecurityTests : EndToEndTest
{
    /// <summary>CVE-2019-5736: the container makes the runtime execute itself, and writes to the file behind it.</summary>
    [Fact]
    public void The_runtimes_own_file_cannot_be_written_from_inside()
    {
        var bundle = NewBundle().WithFile("/bin/evil", "#!/proc/self/exe\n", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        bundle.Shell("""
            while :; do for exe in /proc/[0-9]*/exe; do
              (exec 9<$exe; echo broken >/proc/self/fd/9) 2>/dev/null
            done; done
            """);
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        var before = SHA256.HashData(File.ReadAllBytes(HullBinary.File));
        for (var attempt = 0; attempt < 20; attempt++)
        {
            bundle.Exec("--", "/bin/evil").Status.Should().NotBe(0);
            bundle.Exec("--", "true").ShouldSucceed();
        }

        SHA256.HashData(File.ReadAllBytes(HullBinary.File)).Should().Equal(before);
    }

    /// <summary>The same from the outside: neither the file that a container process runs from nor one that it has mapped can be opened for writing.</summary>
    [Fact]
    public void What_a_container_process_runs_from_is_on_a_read_only_mount()
    {
        Requires.Hull("runc has its own way");
        var bundle = NewBundle().Args("true");
        bundle.Create();
        var pid = bundle.ProcessId().ToString(CultureInfo.InvariantCulture);
        var files = new Command(bundle.Scratch, "sh", "-c", $"for file in /proc/{pid}/exe /proc/{pid}/map_files/*; do (: >>$file) && echo $file; echo $file >&2; done").Run();

        files.Output.Should().BeEmpty();
        files.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Should().HaveCountGreaterThan(3)
            .And.OnlyContain(pair => pair[0].EndsWith("Read-only file system", StringComparison.Ordinal));
    }

    /// <summary>CVE-2024-21626: a directory of the host that somebody left open.</summary>
    [Fact]
    public void No_descriptor_leads_out_of_the_container()
    {
        var bundle = NewBundle().Running();
        for (var descriptor = 3; descriptor < 16; descriptor++)
        {
            var number = descriptor.ToString(CultureInfo.InvariantCulture);
            var outcome = bundle.ExecCommand("--cwd", $"/proc/self/fd/{number}", "--", "ls").Prelude("exec 3</ 7</etc 9</proc").Run();

            (outcome.Status == 255 || outcome.Output.Contains("observer\n", StringComparison.Ordinal)).Should().BeTrue("it fails or is inside: {0}", outcome);
        }

        bundle.ExecCommand("--preserve-fds", "1", "--cwd", "/proc/self/fd/3", "--", "ls").Prelude("exec 3</").Run()
            .Status.Should().Be(255, "a descriptor that goes to the program is no directory to start in");
    }

    [Fact]
    public void Files_of_the_program_are_not_to_be_seen_before_it_runs()
    {
        // A process in the container that looks at every other one as fast as it can sees no descriptor but those of programs.
        var bundle = NewBundle().With("root.readonly", false);
        bundle.Shell("while :; do for fd in /proc/[0-9]*/fd/*; do readlink $fd; done; done 2>/dev/null | grep -v -e ^/dev -e ^/proc -e pipe: -e /scratch/ >>/seen");
        bundle.RunCommand("--detach").Run().ShouldSucceed();
        for (var attempt = 0; attempt < 50; attempt++)
        {
            bundle.Exec("--", "true").ShouldSucceed();
        }

        File.ReadAllText(Path.Combine(bundle.RootfsPath, "seen")).Should().NotContain("cgroup").And.NotContain("socket:").And.NotContain("anon_inode:[pidfd]");
    }
}
