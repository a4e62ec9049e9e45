namespace Hull.EndToEnd.Tests;

/// <summary>The harness itself: what the tests rely on to see.</summary>
public sealed class ObserverTests : EndToEndTest
{
    [Fact]
    public void The_observer_sees_a_container_from_inside()
    {
        var seen = NewBundle().Observe("/etc/passwd", "/nowhere");

        seen.Number("pid").Should().Be(1);
        seen.Text("hostname").Should().Be("hull-test");
        seen.Path("/etc/passwd").Content.Should().StartWith("root:");
        seen.Path("/nowhere").Exists.Should().BeFalse();
        seen.Mounts.Should().Contain(mount => mount.Point == "/proc" && mount.Type == "proc");
    }

    [Fact]
    public void The_observer_needs_no_proc()
    {
        var bundle = NewBundle();
        bundle.With("mounts", new System.Text.Json.Nodes.JsonArray()).Without("linux.maskedPaths").Without("linux.readonlyPaths");
        if (!HullBinary.IsHull)
        {
            Hull.Skipping.Skip.Because("runc 1.1.5 itself needs /proc in the container");
        }

        bundle.Observe().Text("seccomp").Should().BeNull();
    }
}
