using System.Text.Json.Nodes;

namespace Hull.EndToEnd.Tests;

/// <summary>What follows when a poststart hook fails: since 1.3.0 of the specification an error that ends the container.</summary>
[Rule("HOOK-09", "LIFE-15")]
public sealed class PoststartTests : EndToEndTest
{
    [Fact]
    public void A_failing_poststart_hook_is_an_error_and_ends_the_container()
    {
        Requires.Hull("runc 1.1 keeps to the older rule");
        var bundle = NewBundle().Args("sleep", "1000")
            .With("hooks.poststart", JsonNode.Parse("""[{ "path": "/bin/sh", "args": ["sh", "-c", "echo why; exit 3"] }]"""));
        string trace = Path.Combine(bundle.Scratch, "poststop");
        bundle.With("hooks.poststop", new JsonArray(new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"echo ran > {trace}") }));
        bundle.Create();
        int pid = bundle.ProcessId();
        var start = bundle.Start();

        start.Status.Should().NotBe(0);
        start.Error.Should().Contain("poststart").And.Contain("why");
        bundle.State().Should().BeNull();
        Eventually.Holds(() => HasEnded(pid), () => "the container process lives");
        File.ReadAllText(trace).Should().Be("ran\n");
    }

    [Fact]
    public void A_poststart_hook_that_cannot_be_tried_ends_the_container_too()
    {
        Requires.Hull("hull's own system calls are disturbed");
        Requires.Program("strace");
        var bundle = NewBundle().Args("sleep", "1000").With("hooks.poststart", JsonNode.Parse("""[{ "path": "/bin/true" }]"""));
        bundle.Save();
        foreach (string[] command in new string[][] { ["run", "--detach", "--bundle", bundle.Location, bundle.Id], ["start", bundle.Id] })
        {
            if (command[0] == "start")
            {
                bundle.Create();
            }

            // Of all that either does, only a hook needs memory as a file.
            var outcome = new Command(
                bundle.Scratch, ["strace", "-o", "/dev/null", "-e", "inject=memfd_create:error=EMFILE", HullBinary.Path, "--root", bundle.StateRoot, .. command]).Run();

            outcome.Status.Should().Be(1);
            outcome.Error.Should().Contain("hooks.poststart[0]: error running poststart hook #0: /bin/true cannot be run").And.Contain("EMFILE");
            bundle.State().Should().BeNull("{0} has ended the container", command[0]);
        }
    }

    /// <summary>What is dead stays in the table until its parent, by now the host's first process, has time for it.</summary>
    private static bool HasEnded(int pid)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{pid}/stat");
            return status[status.LastIndexOf(')') + 2] == 'Z';
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
