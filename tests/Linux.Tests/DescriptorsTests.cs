namespace Hull.Linux.Tests;

public sealed class DescriptorsTests
{
    [Fact]
    public void A_pipe_carries_bytes_one_way_and_both_ends_are_close_on_exec()
    {
        Descriptors.Pipe(out var read, out var write, OpenFlags.NonBlocking).Failed.Should().BeFalse();
        using OwnedFd reader = new(read.Number), writer = new(write.Number);
        Descriptors.GetDescriptorFlags(read).Value.Should().Be(1);
        var buffer = new byte[4];
        Files.Read(read, buffer).Errno.Should().Be(Errno.EAGAIN);
        Files.Write(write, "abc"u8).Value.Should().Be(3);
        Files.Read(read, buffer).Value.Should().Be(3);
        ((OpenFlags)Descriptors.GetStatusFlags(write).Value).Should().HaveFlag(OpenFlags.NonBlocking).And.HaveFlag(OpenFlags.WriteOnly);
    }

    [Fact]
    public void Close_on_exec_is_switched_and_a_copy_gets_the_number_asked_for()
    {
        using var file = Files.MakeMemoryFile("test", MemoryFileFlags.None).OwnedOrThrow("memfd");
        Bindings.SetCloseOnExec(file, false).Failed.Should().BeFalse();
        Descriptors.GetDescriptorFlags(file).Value.Should().Be(0);
        using var above = Descriptors.DuplicateAbove(file, 700).OwnedOrThrow("dup");
        above.Fd.Number.Should().BeGreaterThanOrEqualTo(700);
        using var exact = Descriptors.Duplicate(file, 900, OpenFlags.CloseOnExec).OwnedOrThrow("dup3");
        exact.Fd.Number.Should().Be(900);
        Descriptors.Duplicate(file, file.Fd.Number, OpenFlags.ReadOnly).Errno.Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_range_of_descriptors_is_marked_and_closed()
    {
        using var file = Files.MakeMemoryFile("test", MemoryFileFlags.None).OwnedOrThrow("memfd");
        var first = (int)Descriptors.Duplicate(file, 950, OpenFlags.ReadOnly).OrThrow("dup3");
        var second = (int)Descriptors.Duplicate(file, 951, OpenFlags.ReadOnly).OrThrow("dup3");
        Descriptors.CloseRange(950, 951, CloseRangeFlags.CloseOnExec).Failed.Should().BeFalse();
        Descriptors.GetDescriptorFlags(new Fd(first)).Value.Should().Be(1);
        Descriptors.CloseRange(950, 951, CloseRangeFlags.None).Failed.Should().BeFalse();
        Descriptors.GetDescriptorFlags(new Fd(second)).Errno.Should().Be(Errno.EBADF);
    }

    [Fact]
    public void An_owner_closes_its_descriptor()
    {
        var owner = Files.MakeMemoryFile("test", MemoryFileFlags.None).OwnedOrThrow("memfd");
        var high = new OwnedFd((int)Descriptors.Duplicate(owner, 960, OpenFlags.CloseOnExec).OrThrow("dup3"));
        high.Dispose();
        owner.Dispose();
        Descriptors.GetDescriptorFlags(new Fd(960)).Errno.Should().Be(Errno.EBADF);
    }
}
