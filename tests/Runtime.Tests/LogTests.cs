using System.Runtime.Versioning;
using System.Text.Json;
using Hull.Linux;

namespace Hull.Runtime.Tests;

[SupportedOSPlatform("linux")]
public sealed class LogTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hull-log-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_failure_is_one_JSON_object_with_the_members_that_engines_read_first()
    {
        var error = new RuntimeError("mounting \"a\\b\"\n<ü>", Errno.ENOENT) { Property = "mounts[2]", Step = 17, Hint = "Look" };
        Json().Failure(error.Message, error);

        string line = File.ReadAllLines(_file).Should().ContainSingle().Subject;
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        root.EnumerateObject().Select(member => member.Name).Should().Equal("level", "msg", "time", "property", "errno", "step");
        root.GetProperty("level").GetString().Should().Be("error");
        root.GetProperty("msg").GetString().Should().Be(error.Message);
        root.GetProperty("time").GetDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        root.GetProperty("step").GetInt32().Should().Be(17);
        root.GetProperty("errno").GetString().Should().Be("ENOENT");
    }

    [Fact]
    public void Lines_are_added_to_what_is_there_and_end_with_a_line_feed()
    {
        File.WriteAllText(_file, "{}\n");
        Json().Warning("one");
        Json().Failure("two");

        File.ReadAllText(_file).Should().MatchRegex("^\\{\\}\n\\{\"level\":\"warning\",\"msg\":\"one\",[^\n]*\\}\n\\{\"level\":\"error\",\"msg\":\"two\",[^\n]*\\}\n$");
    }

    [Fact]
    public void Nothing_to_say_leaves_no_file()
    {
        Json().Debug("not asked for");
        new GlobalOptions { Log = _file, LogLevel = LogLevel.Error }.NewLog().Warning("not asked for");

        File.Exists(_file).Should().BeFalse();
    }

    [Theory]
    [InlineData("/no/such/directory/log", Errno.ENOENT)]
    [InlineData("/etc/hostname/log", Errno.ENOTDIR)]
    [InlineData("/proc/version/log", Errno.ENOTDIR)]
    public void A_file_that_cannot_be_written_is_known_before_there_is_anything_to_say(string file, Errno errno)
    {
        RuntimeError? error = new GlobalOptions { Log = file }.NewLog().Unwritable;

        error!.Errno.Should().Be(errno);
        error.Message.Should().Contain(file);
    }

    [Fact]
    public void A_file_that_can_be_written_is_not_made_by_the_question()
    {
        Json().Unwritable.Should().BeNull();
        new GlobalOptions { Log = "log-in-the-current-directory" }.NewLog().Unwritable.Should().BeNull();
        new GlobalOptions().NewLog().Unwritable.Should().BeNull();

        File.Exists(_file).Should().BeFalse();
    }

    [Fact]
    public void Debug_lines_are_written_when_asked_for()
    {
        new GlobalOptions { Log = _file, Debug = true }.NewLog().Debug("three words here");
        new GlobalOptions { Log = _file, LogLevel = LogLevel.Debug }.NewLog().Debug("word");

        File.ReadAllText(_file).Should().MatchRegex("^time=\"[^\"]+Z\" level=debug msg=\"three words here\"\ntime=\"[^\"]+Z\" level=debug msg=word\n$");
    }

    [Fact]
    public void The_text_form_quotes_as_Go_does()
    {
        new GlobalOptions { Log = _file }.NewLog().Warning("a \"b\" \\ \n\t\u001b");

        File.ReadAllText(_file).Should().Contain("level=warning msg=\"a \\\"b\\\" \\\\ \\n\\t\\u001b\"\n");
    }

    [Fact]
    public void A_log_file_that_cannot_be_written_is_an_error_of_its_own()
    {
        var log = new GlobalOptions { Log = "/nonexistent/log" }.NewLog();

        log.Invoking(it => it.Warning("lost")).Should().Throw<RuntimeError>()
            .WithMessage("opening the log file /nonexistent/log: no such file or directory (ENOENT)");
    }

    [Fact]
    public void A_new_log_file_is_readable_by_others_and_writable_by_its_owner()
    {
        Json().Failure("x");

        UnixFileMode allowed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        (File.GetUnixFileMode(_file) & ~allowed).Should().Be(UnixFileMode.None);
    }

    private Log Json() => new GlobalOptions { Log = _file, LogFormat = LogFormat.Json }.NewLog();
}
