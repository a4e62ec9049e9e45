
namespace Hull.Runtime.Tests.CommandLines;

public class BadArgumentTests
{
    [Theory]
    [InlineData("crate c1", "unknown command \"crate\"; did you mean create?")]
    [InlineData("frobnicate", "unknown command \"frobnicate\"")]
    [InlineData("rm c1", "unknown command \"rm\"; hull delete ID removes a container")]
    [InlineData("stop c1", "unknown command \"stop\"; hull kill ID TERM asks a container to end, hull delete removes it")]
    [InlineData("inspect c1", "unknown command \"inspect\"; hull state ID tells what a container is, hull features what this hull can do")]
    [InlineData("logs c1", "unknown command \"logs\"; a container writes where hull's own output goes, which is kept by no command")]
    [InlineData("version", "unknown command \"version\"; hull --version shows it")]
    [InlineData("run -it c1", "unknown option \"-it\"; process.terminal in config.json gives a container a terminal; see hull run --help")]
    [InlineData("run --rm c1", "unknown option \"--rm\"; a run in the foreground leaves nothing; see hull run --help")]
    [InlineData("foo -h", "No help topic for 'foo'")]
    [InlineData("help foo", "No help topic for 'foo'")]
    [InlineData("restore --lsm-mount-context", "flag needs an argument: --lsm-mount-context; see hull restore --help")] // Podman and CRI-O probe with it.
    [InlineData("checkpoint --network-lock", "flag needs an argument: --network-lock; see hull checkpoint --help")]
    [InlineData("checkpoint --format yaml c1", "option --format: \"yaml\" is not text or json; see hull checkpoint --help")]
    [InlineData("--rot /r list", "unknown option \"--rot\"; did you mean --root?")]
    [InlineData("--log-format xml list", "option --log-format: \"xml\" is not text or json; see hull --help")]
    [InlineData("--root", "flag needs an argument: --root; see hull --help")]
    [InlineData("create --bundel /b c1", "unknown option \"--bundel\"; did you mean --bundle?")]
    [InlineData("create --force c1", "unknown option \"--force\"; see hull create --help")]
    [InlineData("run -dZ c1", "unknown option \"-Z\"; see hull run --help")]
    [InlineData("create --debug c1", "option --debug goes before the command: hull --debug create; see hull create --help")]
    [InlineData("create", "container-id is missing; see hull create --help")]
    [InlineData("create --bundle", "flag needs an argument: --bundle; see hull create --help")]
    [InlineData("create -b", "flag needs an argument: -b; see hull create --help")]
    [InlineData("create c1 c2", "too many arguments: \"c2\" is not expected; see hull create --help")]
    [InlineData("list c1", "too many arguments: \"c1\" is not expected; see hull list --help")]
    [InlineData("kill c1 9 9", "too many arguments: \"9\" is not expected; see hull kill --help")]
    [InlineData("delete --force=maybe c1", "option --force: \"maybe\" is neither true nor false; see hull delete --help")]
    [InlineData("create --preserve-fds abc c1", "option --preserve-fds: \"abc\" is not a whole number from 0 to 4294967295; see hull create --help")]
    [InlineData("create --preserve-fds -1 c1", "option --preserve-fds: \"-1\" is not a whole number from 0 to 4294967295; see hull create --help")]
    [InlineData("create --preserve-fds 4294967296 c1", "option --preserve-fds: \"4294967296\" is not a whole number from 0 to 4294967295; see hull create --help")]
    [InlineData("create --preserve-fds 1.5 c1", "option --preserve-fds: \"1.5\" is not a whole number from 0 to 4294967295; see hull create --help")]
    [InlineData("ps --format yaml c1", "option --format: \"yaml\" is not table or json; see hull ps --help")]
    [InlineData("ps --format 1 c1", "option --format: \"1\" is not table or json; see hull ps --help")]
    public void What_is_wrong_is_said_in_one_line_that_names_it(string call, string expected)
    {
        UsageError error = Refuse(call.Split(' '));

        error.Text.Should().Be(expected);
        error.Status.Should().Be(1);
    }

    [Theory]
    [InlineData("exec")]
    [InlineData("exec --nonesuch c1 ls")]
    [InlineData("exec --preserve-fds x c1 ls")]
    [InlineData("exec --user")]
    public void Exec_refuses_with_the_status_that_no_program_ends_with(string call) => Refuse(call.Split(' ')).Status.Should().Be(255);

    [Fact]
    public void Every_option_refuses_an_empty_value_and_names_itself()
    {
        foreach (DeclaredOptions declared in DeclaredOptions.All().Where(declared => declared.Type != typeof(GlobalOptions)))
        {
            foreach (DeclaredOption option in declared.Options.Where(option => !option.IsFlag))
            {
                string verb = CommandTable.Verbs().Single(name => CommandTable.Find(name)!.Options.GetType() == declared.Type);
                Refuse([verb, $"--{option.LongName}", "", "c1"]).Text.Should().StartWith($"option --{option.LongName} needs a value, not an empty text");
                Refuse([verb, $"--{option.LongName}=", "c1"]).Text.Should().StartWith($"option --{option.LongName} needs a value, not an empty text");
            }
        }
    }

    [Fact]
    public void An_empty_container_id_is_refused() => Refuse(["state", ""]).Text.Should().Be("container-id is empty; see hull state --help");

    [Fact]
    public void A_huge_argument_is_not_repeated_in_full() =>
        Refuse(["create", $"--{new string('x', 100_000)}"]).Text.Length.Should().BeLessThan(300);

    [Fact]
    public void A_caller_cannot_add_lines_to_ours() =>
        Refuse(["create", "--a\nb\u001b[2J", "c1"]).Text.Should().Be("unknown option \"--a?b?[2J\"; see hull create --help");

    [Fact]
    public void Errors_go_where_the_readable_options_said()
    {
        Invocation invocation = CommandLine.Read(["--log", "/l", "--log-format", "json", "create", "--nonesuch"]);

        invocation.Request.Should().BeOfType<UsageError>();
        invocation.Global.Should().BeEquivalentTo(new { Log = "/l", LogFormat = LogFormat.Json });
    }

    private static UsageError Refuse(string[] arguments) => CommandLine.Read(arguments).Request.Should().BeOfType<UsageError>().Subject;
}
