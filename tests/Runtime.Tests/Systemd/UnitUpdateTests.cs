using System.Collections.Immutable;
using Hull.Oci;
using Hull.Runtime.Tests.Cgroups;

namespace Hull.Runtime.Tests.Systemd;

/// <summary>An update tells systemd first; when what comes after fails, it tells systemd what was.</summary>
public sealed class UnitUpdateTests
{
    private const string Unit = "a.scope";

    private static readonly Resources Before = new()
    {
        Memory = new() { Limit = 64 << 20, Reservation = 16 << 20 },
        Cpu = new() { Cpus = "0" },
        Pids = new() { Limit = 33 },
    };

    private static readonly Resources After = new()
    {
        Memory = new() { Limit = 32 << 20, Reservation = 16 << 20 },
        Cpu = new() { Cpus = "0-1", Shares = 1024, Mems = "0" },
        Pids = new() { Limit = 33 },
        Unified = new Map<string>([new("memory.min", "4096")]),
    };

    [Fact]
    public void What_was_set_is_set_as_it_was_and_what_was_not_is_unset()
    {
        var bus = Ready();
        Answer(bus, changes: 2);

        using (UnitUpdate update = Apply(bus, Before, After)!)
        {
            Changes(bus)[^1].Should().Equal(
                "MemoryMax=33554432", "CPUWeight=100", "AllowedCPUs=03", "AllowedMemoryNodes=01", "MemoryMin=4096");
            update.TakeBack().Should().BeEmpty();
        }

        Changes(bus).Should().HaveCount(2);
        Changes(bus)[^1].Should().Equal(
            "MemoryMax=67108864", "CPUWeight=18446744073709551615", "AllowedCPUs=01", "AllowedMemoryNodes=", "MemoryMin=0");
        bus.IsClosed.Should().BeTrue();
    }

    [Fact]
    public void A_systemd_that_keeps_the_change_is_told_of()
    {
        var bus = Ready();
        Answer(bus, changes: 1);
        bus.Answers.Enqueue(new BusError("org.freedesktop.systemd1.NoSuchUnit", "Unit a.scope not loaded."));
        using UnitUpdate update = Apply(bus, new() { Pids = new() { Limit = 5 } }, new() { Pids = new() { Limit = 6 } })!;

        update.TakeBack().Should().Be(
            " (and could not be taken back: TasksMax of unit a.scope: change unit a.scope: systemd refused: "
            + "Unit a.scope not loaded. (org.freedesktop.systemd1.NoSuchUnit))");
    }

    [Fact]
    public void A_change_that_systemd_has_no_word_for_is_none_of_its_business()
    {
        var bus = Ready();

        Apply(bus, Before, Before with { Memory = Before.Memory! with { Swappiness = 10 } }).Should().BeNull();

        Changes(bus).Should().BeEmpty();
        bus.IsClosed.Should().BeTrue();
    }

    [Fact]
    public void A_change_that_systemd_refuses_is_the_error()
    {
        var bus = Ready();
        bus.Answers.Enqueue(new BusError("org.freedesktop.DBus.Error.InvalidArgs", "no"));

        FluentActions.Invoking(() => Apply(bus, Before, After)).Should().Throw<RuntimeError>().WithMessage("change unit a.scope: systemd refused: no*");
        bus.IsClosed.Should().BeTrue();
    }

    private static UnitUpdate? Apply(ScriptedBus bus, Resources before, Resources after) =>
        UnitUpdate.Apply(new UnitManager(bus, ofUser: false), Unit, before, after, CgroupFixtures.V2);

    private static ScriptedBus Ready()
    {
        var bus = new ScriptedBus();
        bus.Answers.Enqueue(Text("257"));
        bus.Answers.Enqueue(Text(""));
        return bus;
    }

    /// <summary>Each change is followed by a question, whose answer says that systemd has written the files.</summary>
    private static void Answer(ScriptedBus bus, int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            bus.Answers.Enqueue(ImmutableArray<BusValue>.Empty);
            bus.Answers.Enqueue(Text("257"));
        }
    }

    private static ImmutableArray<BusValue> Text(string text) => [new BusVariant(BusValue.Of(text))];

    /// <summary>The properties of every change that systemd was asked for: <c>TasksMax=5</c>, sets of processors in hexadecimal.</summary>
    private static string[][] Changes(ScriptedBus bus) =>
        [.. bus.Calls.Where(call => call.Member == "SetUnitProperties").Select(call => ((BusArray)call.Body[2]).Items.Select(Describe).ToArray())];

    private static string Describe(BusValue property)
    {
        ImmutableArray<BusValue> members = ((BusStructure)property).Members;
        string value = ((BusVariant)members[1]).Value switch
        {
            BusNumber number => number.Bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
            BusArray array => string.Concat(array.Items.Select(item => ((BusNumber)item).Bits.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))),
            var other => other.ToString(),
        };
        return $"{((BusText)members[0]).Value}={value}";
    }
}
