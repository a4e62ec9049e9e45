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
