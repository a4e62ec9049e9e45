using System.Text.Json.Nodes;
using Hull.Skipping;

namespace Hull.EndToEnd.Tests;

/// <summary>A file that is there and cannot be run: the message names what is missing, and keeps the words that engines match.</summary>
public sealed class ProgramFileTests : EndToEndTest
{
    [Theory]
    [InlineData("#!/bin/nosuch -x\necho\n", "its interpreter /bin/nosuch is not in the container")]
    [InlineData("#! /bin/nosuch\n", "its interpreter /bin/nosuch is not in the container")]
    [InlineData("#!/bin/sh\r\necho\r\n", "CR LF")]
    public void A_script_whose_interpreter_is_missing_names_it(string script, string hint)
    {
        Requires.Hull("its words");
        var outcome = NewBundle().WithFile("/run.sh", script, (UnixFileMode)0b111_101_101).Args("/run.sh").Run();

        outcome.Status.Should().Be(1);
        outcome.Error.Should().Contain("exec: \"/run.sh\": no such file or directory").And.Contain(hint);
    }

    [Fact]
    public void A_dynamic_program_without_its_loader_names_the_loader()
    {
        Requires.Hull("its words");
        Skip.Unless(File.Exists("/usr/bin/env") && File.ReadAllBytes("/usr/bin/env").AsSpan().IndexOf("ld-linux"u8) >= 0, "needs a dynamic program of the GNU C library");
        var bundle = NewBundle();
        File.Copy("/usr/bin/env", Path.Combine(bundle.RootfsPath, "dynamic"));

        bundle.Args("/dynamic").Run().Error.Should().Contain("no such file or directory").And.Contain("its loader /lib").And.Contain("is not in the container");
    }

    [Fact]
    public void A_program_for_another_processor_is_told_as_such()
    {
        Requires.Hull("its words");
        var program = new byte[64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(program);
        program[18] = 243;
        var bundle = NewBundle();
        File.WriteAllBytes(Path.Combine(bundle.RootfsPath, "foreign"), program);
        File.SetUnixFileMode(Path.Combine(bundle.RootfsPath, "foreign"), (UnixFileMode)0b111_101_101);

        bundle.Args("/foreign").Run().Error.Should().Contain("exec format error").And.Contain("another processor, RISC-V");
    }

    [Theory]
    [InlineData("/bin", "it is a directory")]
    [InlineData("/plain", "chmod +x")]
    public void What_may_not_be_executed_says_why(string path, string hint)
    {
        Requires.Hull("its words");
        NewBundle().WithFile("/plain", "text", (UnixFileMode)0b110_100_100).Args(path).Run().Error.Should().Contain("permission denied").And.Contain(hint);
    }

    [Theory]
    [InlineData("/tmp/deep/er/program", "/tmp")]
    [InlineData("program", "/tmp")]
    public void A_mount_on_which_nothing_can_be_run_is_named(string program, string mount)
    {
        Requires.Hull("its words");
        var bundle = NewBundle();
        string source = Directory.CreateDirectory(Path.Combine(bundle.Home, "source", "deep", "er")).FullName;
        File.Copy(HullBinary.Observer, Path.Combine(source, "program"));
        bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = mount, ["type"] = "bind", ["source"] = Path.Combine(bundle.Home, "source"), ["options"] = new JsonArray("bind", "noexec"),
        });
        bundle.With("process.env", new JsonArray("PATH=/bin:/tmp/deep/er"));

        bundle.Args(program).Run().Error.Should().Contain("permission denied").And.Contain($"the mount on {mount} has the option noexec");
    }

    [Fact]
    public void A_file_that_is_mounted_where_nothing_can_be_run_is_named_itself_also_without_proc()
    {
        Requires.Hull("its words");
        var bundle = NewBundle().With("mounts", new JsonArray());
        bundle.Adding("mounts", new JsonObject
        {
            ["destination"] = "/program", ["type"] = "bind", ["source"] = HullBinary.Observer, ["options"] = new JsonArray("bind", "noexec"),
        });

        bundle.Args("/program").Run().Error.Should().Contain("permission denied").And.Contain("the mount on /program has the option noexec");
    }

    [Fact]
    public void A_second_program_on_a_mount_on_which_nothing_can_be_run_is_told_so_too()
    {
        Requires.Hull("its words");
        var bundle = NewBundle().Adding("mounts", new JsonObject
        {
            ["destination"] = "/tmp", ["type"] = "tmpfs", ["source"] = "tmpfs", ["options"] = new JsonArray("noexec"),
        }).Running();
        bundle.Exec("--", "/bin/sh", "-c", "cp /bin/sh /tmp/sh && chmod 755 /tmp/sh").ShouldSucceed();

        bundle.Exec("--", "/tmp/sh").Error.Should().Contain("permission denied").And.Contain("the mount on /tmp has the option noexec");
    }

    [Fact]
    public void One_argument_for_a_whole_line_is_told_as_such()
    {
        Requires.Hull("its words");
        NewBundle().Args("sh -c true").Run().Error.Should().Contain("executable file not found in $PATH").And.Contain("[\"sh\", \"-c\", \"true\"]");
    }

    [Fact]
    public void A_second_program_is_looked_at_in_the_containers_own_root()
    {
        Requires.Hull("its words");
        var bundle = NewBundle().WithFile("/run.sh", "#!/bin/nosuch\n", (UnixFileMode)0b111_101_101).Running();

        bundle.Exec("--", "/run.sh").Error.Should().Contain("its interpreter /bin/nosuch is not in the container");
    }

    [Fact]
    public void A_root_file_system_without_files_is_told_as_such()
    {
        Requires.Hull("its words");
        var bundle = NewBundle().Args("sh");
        bundle.With("root.path", Directory.CreateDirectory(Path.Combine(bundle.Home, "empty")).FullName);

        bundle.Run().Error.Should().Contain("executable file not found in $PATH").And.Contain("is empty");
    }
}
