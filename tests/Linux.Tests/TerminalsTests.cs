namespace Hull.Linux.Tests;

public sealed class TerminalsTests
{
    [Fact]
    public void A_pseudo_terminal_has_two_sides_a_size_and_a_raw_mode()
    {
        var opened = Bindings.OpenMaster(Fd.CurrentDirectory, "/dev/pts/ptmx");
        opened = opened.Errno == Errno.EACCES ? Bindings.OpenMaster(Fd.CurrentDirectory, "/dev/ptmx") : opened;
        Skip.Unless(!opened.Failed, $"needs a devpts instance: {opened.Errno}");
        using var master = opened.OwnedOrThrow("ptmx");
        Terminals.UnlockSlave(master).OrThrow("TIOCSPTLCK");
        using var slave = Terminals.PeerOf(master, OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal).OwnedOrThrow("TIOCGPTPEER");
        Terminals.SlaveNumberOf(master, out var number).Failed.Should().BeFalse();
        number.Should().BeGreaterThanOrEqualTo(0);
        Terminals.IsTerminal(slave).Should().BeTrue();

        Terminals.SetWindowSize(master, new WindowSize(50, 132)).OrThrow("TIOCSWINSZ");
        Terminals.GetWindowSize(slave, out var size).OrThrow("TIOCGWINSZ");
        (size.Rows, size.Columns).Should().Be((50, 132));

        Terminals.GetAttributes(slave, out var attributes).OrThrow("TCGETS");
        attributes.Output.Should().HaveFlag(TerminalOutput.Process);
        attributes.MakeRaw();
        Terminals.SetAttributes(slave, attributes).OrThrow("TCSETS");
        Files.Write(slave, "a\n"u8).OrThrow("write");
        var buffer = new byte[10];
        Files.Read(master, buffer).Value.Should().Be(2, "a raw terminal does not turn a newline into two characters");
    }

    [Fact]
    public void A_file_is_no_terminal()
    {
        using var file = Files.MakeMemoryFile("test", MemoryFileFlags.None).OwnedOrThrow("memfd");
        Terminals.IsTerminal(file).Should().BeFalse();
        Terminals.GetWindowSize(file, out _).Errno.Should().Be(Errno.ENOTTY);
    }
}
