using System.Collections.Immutable;

namespace Hull.Runtime.Tests.Systemd;

/// <summary>Values of D-Bus as bytes and back, against recorded messages and against hostile ones.</summary>
public sealed class MarshallingTests
{
    private static BusArray Properties => new("(sv)",
    [
        Property("PIDs", new BusArray("u", [BusValue.Of(0x45u)])),
        Property("Slice", BusValue.Of("system.slice")),
        Property("Delegate", BusValue.Of(true)),
        Property("MemoryMax", BusValue.Of(67108864ul)),
        Property("AllowedCPUs", BusValue.Bytes([3, 1])),
        Property("DeviceAllow", new BusArray("(ss)", [new BusStructure([BusValue.Of("/dev/null"), BusValue.Of("rw")])])),
    ]);

    private static ImmutableArray<BusValue> StartCall =>
        [BusValue.Of("cap.scope"), BusValue.Of("fail"), Properties, new BusArray("(sa(sv))", [])];

    [Fact]
    public void The_body_of_a_call_is_byte_for_byte_what_busctl_sends()
    {
        byte[] recorded = Recorded.StartTransientUnit;
        var writer = new BusWriter();

        foreach (BusValue value in StartCall)
        {
            writer.Write(value);
        }

        writer.Written.ToArray().Should().Equal(recorded[^writer.Length..]);
        writer.Length.Should().Be(0xf8, "that is the length of the body in the recorded header");
    }

    [Fact]
    public void A_recorded_call_is_understood()
    {
        BusMessage message = BusMessage.Decode(Recorded.StartTransientUnit);

        message.Should().BeEquivalentTo(new
        {
            Type = BusMessageType.Call, Serial = 2u, ReplySerial = 0u, Path = "/org/freedesktop/systemd1", Member = "StartTransientUnit",
            Interface = "org.freedesktop.systemd1.Manager", Destination = "org.freedesktop.systemd1", ErrorName = "",
        });
        message.Body.Should().Equal(StartCall);
    }

    [Fact]
    public void Recorded_answers_and_signals_are_understood()
    {
        BusMessage reply = BusMessage.Decode(Recorded.JobReply), removed = BusMessage.Decode(Recorded.JobRemoved),
            error = BusMessage.Decode(Recorded.NoSuchUnit), changed = BusMessage.Decode(Recorded.PropertiesChanged);

        (reply.Type, reply.ReplySerial, reply.Body[0]).Should().Be((BusMessageType.Return, 2u, new BusText('o', "/org/freedesktop/systemd1/job/52")));
        removed.Member.Should().Be("JobRemoved");
        removed.Body.Should().Equal(BusValue.Of(58u), new BusText('o', "/org/freedesktop/systemd1/job/58"), BusValue.Of("foo.scope"), BusValue.Of("done"));
        (error.Type, error.ErrorName, error.Body[0].AsText()).Should()
            .Be((BusMessageType.Error, "org.freedesktop.systemd1.NoSuchUnit", "Unit nosuch.scope not loaded."));
        changed.Body.Should().HaveCount(3);
        string.Concat(changed.Body.Select(value => value.Signature)).Should().Be("sa{sv}as");
    }

    [Fact]
    public void What_was_written_reads_the_same_in_all_types()
    {
        ImmutableArray<BusValue> values =
        [
            new BusNumber('y', 255), new BusNumber('b', 1), new BusNumber('n', unchecked((ulong)-2)), new BusNumber('q', 65535), new BusNumber('i', unchecked((ulong)-3)),
            new BusNumber('u', uint.MaxValue), new BusNumber('x', unchecked((ulong)long.MinValue)), new BusNumber('t', ulong.MaxValue),
            new BusNumber('d', BitConverter.DoubleToUInt64Bits(-1.5)), BusValue.Of("ä\u20ac"), new BusText('o', "/a/b_1"), new BusText('g', "a{sv}"),
            new BusArray("y", []), new BusArray("x", []), new BusArray("{sv}", [new BusEntry(BusValue.Of("k"), new BusVariant(BusValue.Texts("a", "b")))]),
            new BusStructure([new BusNumber('y', 1), new BusStructure([new BusNumber('t', 2)])]),
            new BusVariant(new BusVariant(new BusArray("as", [BusValue.Texts(), BusValue.Texts("x")]))),
        ];
        var message = new BusMessage { Type = BusMessageType.Call, Serial = 7, Path = "/a", Interface = "b.c", Member = "D", Destination = "e.f", Body = values };

        BusMessage read = BusMessage.Decode(message.Encode());

        read.Body.Should().Equal(values);
        (read with { Body = [] }).Should().BeEquivalentTo(message with { Body = [] });
    }

    [Fact]
    public void The_high_byte_may_come_first()
    {
        // A signal with one field (path "/"), and a body of the types q and u, by hand from the specification.
        byte[] message =
        [
            (byte)'B', 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 24,
            1, 1, (byte)'o', 0, 0, 0, 0, 1, (byte)'/', 0, 0, 0, 0, 0, 0, 0, 8, 1, (byte)'g', 0, 2, (byte)'q', (byte)'u', 0,
            1, 2, 0, 0, 3, 4, 5, 6,
        ];

        BusMessage read = BusMessage.Decode(message);

        (read.Serial, read.Path).Should().Be((9u, "/"));
        read.Body.Should().Equal(new BusNumber('q', 0x102), new BusNumber('u', 0x3040506));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("()")]
    [InlineData("(s")]
    [InlineData("s)")]
    [InlineData("{sv}")]
    [InlineData("a{vs}")]
    [InlineData("a{s}")]
    [InlineData("a{sss}")]
    [InlineData("z")]
    [InlineData("a{")]
    public void What_is_no_signature_is_refused(string signature)
    {
        FluentActions.Invoking(() => BusSignature.Split(signature is "" ? "(" : signature)).Should().Throw<BusFormatException>();
    }

    [Fact]
    public void A_signature_cannot_nest_without_end()
    {
        FluentActions.Invoking(() => BusSignature.First(new string('a', 200) + "y")).Should().Throw<BusFormatException>();
        FluentActions.Invoking(() => BusSignature.First(new string('(', 5000) + "y")).Should().Throw<BusFormatException>();
    }

    [Theory]
    [InlineData("s", new byte[] { 255, 255, 255, 255, 1 })]
    [InlineData("s", new byte[] { 1, 0, 0, 0, (byte)'a', (byte)'b' })]
    [InlineData("s", new byte[] { 1, 0, 0, 0, 0, 0 })]
    [InlineData("s", new byte[] { 1, 0, 0, 0, 0xff, 0 })]
    [InlineData("s", new byte[] { 4, 0, 0, 0, (byte)'a', 0 })]
    [InlineData("ay", new byte[] { 255, 255, 255, 127 })]
    [InlineData("ay", new byte[] { 2, 0, 0, 0, 1 })]
    [InlineData("ax", new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData("b", new byte[] { 2, 0, 0, 0 })]
    [InlineData("o", new byte[] { 2, 0, 0, 0, (byte)'/', (byte)'/', 0 })]
    [InlineData("v", new byte[] { 2, (byte)'y', (byte)'y', 0, 1, 1 })]
    [InlineData("v", new byte[] { 0, 0 })]
    [InlineData("(yt)", new byte[] { 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Lengths_gaps_and_texts_that_lie_are_refused(string type, byte[] bytes)
    {
        FluentActions.Invoking(() => new BusReader(bytes, 0, bigEndian: false).Read(type)).Should().Throw<BusFormatException>();
    }

    [Fact]
    public void Variants_cannot_nest_without_end()
    {
        byte[] nested = [.. Enumerable.Repeat<byte[]>([1, (byte)'v', 0], 10_000).SelectMany(level => level)];

        FluentActions.Invoking(() => new BusReader(nested, 0, bigEndian: false).Read("v")).Should().Throw<BusFormatException>();
    }

    [Fact]
    public void A_message_longer_than_anything_systemd_says_is_refused_before_it_is_read()
    {
        byte[] prefix = [(byte)'l', 2, 0, 1, 0, 0, 0, 64, 1, 0, 0, 0, 0, 0, 0, 0];

        FluentActions.Invoking(() => BusMessage.LengthOf(prefix)).Should().Throw<BusFormatException>().WithMessage("*too long");
    }

    [Fact]
    public void A_message_that_was_cut_or_changed_is_refused_or_understood_and_nothing_else_happens()
    {
        var random = new Random(5);
        foreach (byte[] original in new[] { Recorded.PropertiesChanged, Recorded.StartTransientUnit, Recorded.JobRemoved })
        {
            for (int i = 0; i < 5000; i++)
            {
                byte[] message = [.. original];
                for (int change = random.Next(1, 5); change > 0; change--)
                {
                    message[random.Next(message.Length)] = (byte)random.Next(256);
                }

                Try(message);
                Try(original[..random.Next(original.Length)]);
            }
        }
    }

    private static void Try(byte[] message)
    {
        try
        {
            BusMessage.Decode(message);
        }
        catch (BusFormatException)
        {
            // The one exception that may come.
        }
    }

    private static BusStructure Property(string name, BusValue value) => new([BusValue.Of(name), new BusVariant(value)]);
}
