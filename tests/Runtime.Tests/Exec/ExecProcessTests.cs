using Hull.Oci;

namespace Hull.Runtime.Tests.Exec;

/// <summary>What the options of exec make of the container's own program.</summary>
public sealed class ExecProcessTests
{
    private static readonly Process Own = new()
    {
        Cwd = "/own",
        Args = ["own"],
        Env = ["A=own"],
        Terminal = true,
        ConsoleSize = new ConsoleSize { Height = 1, Width = 2 },
        User = new User { Uid = 5, Gid = 6, Umask = 7, AdditionalGids = [8] },
        Capabilities = new Capabilities { Bounding = ["CAP_KILL"], Inheritable = ["CAP_CHOWN"] },
        OomScoreAdj = 9,
    };

    [Fact]
    public void Without_options_only_the_arguments_and_the_terminal_are_others()
    {
        Process made = Make(new ExecOptions());

        made.Args.Should().Equal("program");
        made.Terminal.Should().BeFalse();
        made.ConsoleSize.Should().BeNull();
        made.Should().BeEquivalentTo(Own, options => options.Excluding(one => one.Args).Excluding(one => one.Terminal).Excluding(one => one.ConsoleSize)
            .Excluding(one => one.NoNewPrivileges));
    }

    [Theory]
    [InlineData("1", 1u, 6u)]
    [InlineData("0", 0u, 6u)]
    [InlineData("1:2", 1u, 2u)]
    [InlineData("4294967294:0", 4294967294u, 0u)]
    public void A_user_is_exactly_the_one_that_is_named(string text, uint user, uint group)
    {
        User made = Make(new ExecOptions { User = text }).User!;

        made.Should().Be(new User { Uid = user, Gid = group, Umask = 7, AdditionalGids = made.AdditionalGids });
        made.AdditionalGids.Should().Equal(8u);
    }

    // CVE-2026-30892: what is no number was taken for 0, and that is root.
    [Theory]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("+1")]
    [InlineData("")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData(":")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("abc")]
    [InlineData("1x")]
    [InlineData(" 1")]
    [InlineData("1:2:3")]
    [InlineData("١")]
    public void Anything_else_is_no_user(string text)
    {
        ((Action)(() => Make(new ExecOptions { User = text }))).Should().Throw<RuntimeError>().WithMessage("option --user: * is not UID or UID:GID*");
    }

    [Fact]
    public void Groups_and_variables_are_added()
    {
        Process made = Make(new ExecOptions { AdditionalGids = ["100", "0"], Environment = ["B=1", "A=2"] });

        made.User!.AdditionalGids.Should().Equal(8u, 100u, 0u);
        made.Env.Should().Equal("A=own", "B=1", "A=2");
    }

    [Fact]
    public void A_capability_is_added_to_three_sets_and_is_ambient_only_where_it_is_inheritable()
    {
        Capabilities made = Make(new ExecOptions { Capabilities = ["CAP_CHOWN", "CAP_FOWNER"] }).Capabilities!;

        made.Bounding.Should().Equal("CAP_KILL", "CAP_CHOWN", "CAP_FOWNER");
        made.Effective.Should().Equal("CAP_CHOWN", "CAP_FOWNER");
        made.Permitted.Should().Equal("CAP_CHOWN", "CAP_FOWNER");
        made.Inheritable.Should().Equal("CAP_CHOWN");
        made.Ambient.Should().Equal("CAP_CHOWN");
    }

    [Fact]
    public void Labels_and_the_promise_of_no_new_privileges_are_taken()
    {
        Process made = Make(new ExecOptions { AppArmor = "profile", ProcessLabel = "label", NoNewPrivileges = true });

        made.ApparmorProfile.Should().Be("profile");
        made.SelinuxLabel.Should().Be("label");
        made.NoNewPrivileges.Should().BeTrue();
    }

    [Theory]
    [InlineData("NOVALUE")]
    [InlineData("=x")]
    [InlineData("")]
    public void A_variable_without_a_name_is_refused(string variable)
    {
        ((Action)(() => Make(new ExecOptions { Environment = [variable] }))).Should().Throw<RuntimeError>().WithMessage("option --env*NAME=VALUE*");
    }

    [Fact]
    public void A_program_is_needed()
    {
        ((Action)(() => ExecProcess.Of(new ExecOptions(), Own))).Should().Throw<RuntimeError>().WithMessage("*program is missing*");
    }

    [Fact]
    public void Beside_a_file_only_a_terminal_goes_without_saying()
    {
        ExecProcess.Unused(new ExecOptions { Terminal = true, Detach = true, PidFile = "x", PreserveFds = 3, Cgroups = ["x"] }).Should().BeEmpty();
        ExecProcess.Unused(new ExecOptions { User = "1", Program = ["x"] }).Should().Be("--user, the program's arguments");
    }

    private static Process Make(ExecOptions options)
    {
        options.Program = ["program"];
        return ExecProcess.Of(options, Own);
    }
}
