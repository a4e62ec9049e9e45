using System.Text;

namespace Hull.Runtime.Tests.Criu;

/// <summary>What is made of CRIU's logs; the lines are those of CRIU 4.2.1 for containers that it could not save.</summary>
public sealed class CriuLogTests
{
    private const string Preamble = """
        (00.000000) Version: 4.2.1 (gitid 0)
        (00.000012) Running on host Linux 6.18.44
        (00.000020) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self
        (00.011000) Warn  (criu/kerndat.c:1290): Can't keep kdat cache on non-tempfs

        """;

    [Theory]
    [InlineData("(00.083431) Error (criu/files-reg.c:1838): Can't lookup mount=44 for fd=1 path=/tmp/out.log", "descriptor 1 of the container is the host's /tmp/out.log")]
    [InlineData("(00.083431) Error (criu/file-lock.c:110): Some file locks are hold by dumping tasks! You can try --file-locks to dump them.", "--file-locks")]
    [InlineData("(00.030000) Error (criu/sk-inet.c:191): inet: Connected TCP socket, consider using --tcp-established option.", "--tcp-established")]
    [InlineData("(00.030000) Error (criu/sk-unix.c:854): unix: External socket is used. Consider using --ext-unix-sk option.", "--ext-unix-sk")]
    [InlineData("(08.147401)      1: Error (criu/mount.c:2955): mnt: Can't create a temporary directory: Read-only file system", "a directory /tmp")]
    [InlineData("(00.030000) Error (criu/sk-unix.c:914): unix: Unix socket 3901462 without peer 3901111", "another network namespace")]
    [InlineData("(00.030000) Error (criu/mount.c:1089): mnt: 98:./dev/tty doesn't have a proper root mount", "config.json")]
    [InlineData("(00.030000) Error (criu/tty.c:1842): tty: Found dangling tty with sid 1 pgid 1 (pts) on peer fd 0.", "--shell-job")]
    [InlineData("(00.030000) Error (criu/files.c:912): Can't dump ghost file /tmp/x of 2097152 size, increase limit", "--ghost-limit")]
    [InlineData("(00.030000)      1: Error (criu/image.c:450): Unable to open core-1.img: Permission denied", "user namespace")]
    [InlineData("(00.030000)      1: Error (criu/files-reg.c:2205): File usr/bin/sleep has bad size 4 (expect 35)", "rootfs")]
    [InlineData("(00.030000) Error (criu/vdso.c:250): vdso: Unexpected rt vDSO area bounds", "older than the kernel")]
    [InlineData("(00.030000) Error (compel/src/lib/infect.c:1513): send_fds failed (-22)", "cannot save")]
    [InlineData("(00.030000) Error (criu/protobuf.c:99): Read 88 bytes while 2286 expected from core-1.img", "cut off")]
    public void The_first_real_error_is_found_and_something_is_known_about_it(string line, string hint)
    {
        byte[] log = Encoding.UTF8.GetBytes($"{Preamble}{line}\n(00.09) Error (criu/cr-dump.c:2111): Dumping FAILED.\n");

        string error = CriuLog.FirstError(log)!;

        line.Should().EndWith(error);
        CriuLog.HintFor(error).Should().Contain(hint);
    }

    [Fact]
    public void What_only_looks_like_an_error_is_none()
    {
        CriuLog.FirstError(Encoding.UTF8.GetBytes(Preamble + "(00.1) Error (criu/cr-dump.c:2111): Dumping FAILED.\n")).Should().BeNull();
        CriuLog.FirstError([]).Should().BeNull();
        CriuLog.FirstError("Error ("u8).Should().BeNull();
    }

    [Fact]
    public void Nothing_is_known_about_an_error_of_another_kind()
    {
        CriuLog.HintFor("the moon is in the wrong phase").Should().BeNull();
    }

    [Fact]
    public void A_log_of_a_container_cannot_move_the_cursor_of_a_terminal()
    {
        CriuLog.FirstError("(00.1) Error (a.c:1): Can't open file \e[2J on path x\n"u8).Should().Be("Can't open file ?[2J on path x");
    }
}
