using Hull.Linux;

namespace Hull.Runtime.Tests.Host;

/// <summary>What passes between a container's terminal and our standard streams.</summary>
public sealed class ConsoleRelayTests
{
    /// <summary>A process that the program leaves behind can print faster than we read; /dev/zero never runs dry either.</summary>
    [Fact]
    public void After_the_programs_end_a_terminal_that_never_runs_dry_is_not_read_for_ever()
    {
        OwnedFd console = Files.OpenAt(Fd.CurrentDirectory, "/dev/zero", OpenFlags.ReadOnly).OwnedOrThrow("open /dev/zero");
        using OwnedFd output = HostFiles.InMemory("output", []);
        using var relay = new ConsoleRelay(console, terminal: null, output);

        relay.Finish();

        Files.Status(output, "", AtFlags.EmptyPath, out FileStatus written).OrThrow("statx");
        written.Size.Should().Be(65_536, "the kernel keeps less of what a program has printed to a terminal");
    }

    [Fact]
    public void What_the_program_printed_before_its_end_comes_out()
    {
        OwnedFd console = HostFiles.InMemory("console", new byte[10_000]);
        Files.Seek(console, 0, SeekOrigin.Begin).OrThrow("lseek");
        using OwnedFd output = HostFiles.InMemory("output", []);
        using var relay = new ConsoleRelay(console, terminal: null, output);

        relay.Finish();

        Files.Status(output, "", AtFlags.EmptyPath, out FileStatus written).OrThrow("statx");
        written.Size.Should().Be(10_000);
    }
}
