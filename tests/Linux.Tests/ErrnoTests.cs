using System.Runtime.InteropServices;

namespace Hull.Linux.Tests;

public sealed class ErrnoTests
{
    [Fact]
    public void Every_text_is_that_of_strerror_in_lower_case() =>
        Enum.GetValues<Errno>().Where(errno => errno != Errno.None)
            .Where(errno => !string.Equals(errno.Text(), Marshal.GetPInvokeErrorMessage((int)errno), StringComparison.OrdinalIgnoreCase)
                || (char.IsUpper(errno.Text()[0]) && !char.IsUpper(errno.Text()[1])))
            .Select(errno => $"{errno}: {errno.Text()} is not {Marshal.GetPInvokeErrorMessage((int)errno)}")
            .Should().BeEmpty();

    [Theory]
    [InlineData(Errno.ENOENT, "no such file or directory (ENOENT)")]
    [InlineData(Errno.EACCES, "permission denied (EACCES)")]
    [InlineData((Errno)4000, "error 4000 (4000)")]
    public void A_description_is_text_and_name(Errno errno, string description) => errno.Describe().Should().Be(description);

    [Fact]
    public void A_failed_call_says_what_was_done_and_why()
    {
        var open = () => Files.OpenAt(Fd.CurrentDirectory, "/nowhere", OpenFlags.Path).OrThrow("openat /nowhere");
        var exception = open.Should().Throw<KernelException>().WithMessage("openat /nowhere: no such file or directory (ENOENT)").Which;
        exception.Errno.Should().Be(Errno.ENOENT);
        exception.Call.Should().Be("openat /nowhere");
        SyscallResult.Failure(Errno.EPERM).Failed.Should().BeTrue();
        SyscallResult.Success(5).Errno.Should().Be(Errno.None);
    }
}
