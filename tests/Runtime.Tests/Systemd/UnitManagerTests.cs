using System.Collections.Immutable;

namespace Hull.Runtime.Tests.Systemd;

/// <summary>The conversation with systemd, with a systemd that says what a test wants.</summary>
public sealed class UnitManagerTests
{
    private const string Name = "org.freedesktop.systemd1.";

    [Fact]
    public void A_unit_runs_when_its_own_job_is_done()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(Job("/job/2"));
        bus.Signals.Enqueue(Removed("/job/1", "failed"));
        bus.Signals.Enqueue(new BusMessage { Type = BusMessageType.Signal, Member = "UnitNew", Body = [BusValue.Of("x"), new BusText('o', "/x")] });
        bus.Signals.Enqueue(Removed("/job/2", "done"));
        using var systemd = new UnitManager(bus, ofUser: false);

        systemd.StartTransient("a.scope", [new UnitProperty("TasksMax", BusValue.Of(5ul))]).Should().BeTrue();

        BusMessage call = bus.Calls.Should().ContainSingle().Subject;
        call.Member.Should().Be("StartTransientUnit");
        string.Concat(call.Body.Select(value => value.Signature)).Should().Be("ssa(sv)a(sa(sv))");
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("timeout")]
    [InlineData("dependency")]
    public void A_job_that_does_not_end_well_is_an_error_with_its_result_and_nothing_is_left(string result)
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(Job("/job/2"));
        bus.Signals.Enqueue(Removed("/job/2", result));
        bus.Answers.Enqueue(ImmutableArray<BusValue>.Empty);
        using var systemd = new UnitManager(bus, ofUser: false);

        FluentActions.Invoking(() => systemd.StartTransient("a.scope", [])).Should().Throw<RuntimeError>().WithMessage($"start unit a.scope*ended with \"{result}\"*");
        bus.Calls[^1].Member.Should().Be("ResetFailedUnit");
    }

    [Fact]
    public void A_unit_that_failed_earlier_is_forgotten_and_started_once_more()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(new BusError(Name + "UnitExists", "Unit a.scope was already loaded"));
        bus.Answers.Enqueue(ImmutableArray<BusValue>.Empty);
        bus.Answers.Enqueue(Job("/job/3"));
        bus.Signals.Enqueue(Removed("/job/3", "done"));
        using var systemd = new UnitManager(bus, ofUser: false);

        systemd.StartTransient("a.scope", []).Should().BeTrue();
        bus.Calls.Select(call => call.Member).Should().Equal("StartTransientUnit", "ResetFailedUnit", "StartTransientUnit");
    }

    [Fact]
    public void A_unit_that_runs_for_somebody_else_is_left_alone()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(new BusError(Name + "UnitExists", "exists"));
        bus.Answers.Enqueue(ImmutableArray<BusValue>.Empty);
        bus.Answers.Enqueue(new BusError(Name + "UnitExists", "exists"));
        using var systemd = new UnitManager(bus, ofUser: false);

        systemd.StartTransient("a.scope", []).Should().BeFalse();
        bus.Calls.Select(call => call.Member).Should().Equal("StartTransientUnit", "ResetFailedUnit", "StartTransientUnit");
    }

    [Fact]
    public void Stopping_waits_for_the_end_and_forgets_a_failure()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(Job("/job/4"));
        bus.Signals.Enqueue(Removed("/job/4", "done"));
        bus.Answers.Enqueue(new BusError(Name + "NoSuchUnit", "gone"));
        using var systemd = new UnitManager(bus, ofUser: false);

        systemd.Stop("a.scope");
        bus.Calls.Select(call => call.Member).Should().Equal("StopUnit", "ResetFailedUnit");
    }

    [Fact]
    public void A_unit_that_is_gone_needs_no_stopping()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(new BusError(Name + "NoSuchUnit", "gone"));
        using var systemd = new UnitManager(bus, ofUser: false);

        systemd.Stop("a.scope");
        bus.Calls.Should().ContainSingle();
    }

    [Fact]
    public void What_systemd_refuses_is_an_error_in_its_words()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(new BusError("org.freedesktop.DBus.Error.PropertyReadOnly", "Cannot set property Foo, or unknown property."));
        using var systemd = new UnitManager(bus, ofUser: true);

        FluentActions.Invoking(() => systemd.StartTransient("a.scope", [])).Should().Throw<RuntimeError>()
            .WithMessage("start unit a.scope: the user's systemd refused: Cannot set property Foo, or unknown property. (org.freedesktop.DBus.Error.PropertyReadOnly)");
    }

    [Fact]
    public void Facts_are_the_version_and_the_place()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(Text("257.13-1~deb13u1"));
        bus.Answers.Enqueue(Text("/user.slice/user-1.slice/user@1.service"));
        using var systemd = new UnitManager(bus, ofUser: true);

        systemd.Ask().Should().Be(new SystemdFacts(257, "/user.slice/user-1.slice/user@1.service", true));
    }

    [Theory]
    [InlineData("v252", 252)]
    [InlineData("systemd 241", 241)]
    [InlineData("260~rc1", 260)]
    [InlineData("", 0)]
    [InlineData("99999999999999999999", 0)]
    public void Versions_are_read_as_distributions_write_them(string text, int version)
    {
        SystemdFacts.ParseVersion(text).Should().Be(version);
    }

    private static ImmutableArray<BusValue> Job(string path) => [new BusText('o', path)];

    private static ImmutableArray<BusValue> Text(string text) => [new BusVariant(BusValue.Of(text))];

    private static BusMessage Removed(string job, string result) => new()
    {
        Type = BusMessageType.Signal,
        Member = "JobRemoved",
        Body = [BusValue.Of(1u), new BusText('o', job), BusValue.Of("a.scope"), BusValue.Of(result)],
    };
}
