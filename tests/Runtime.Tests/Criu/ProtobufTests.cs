using System.Text;

namespace Hull.Runtime.Tests.Criu;

/// <summary>The encoding of CRIU's messages; the expected bytes are those of protobuf.dev's examples and of messages that CRIU 4.2.1 has sent.</summary>
public sealed class ProtobufTests
{
    [Fact]
    public void Numbers_texts_and_messages_are_written_as_protocol_buffers_want_them()
    {
        var writer = new ProtobufWriter();
        writer.Number(1, 150);
        writer.Text(2, "testing");
        writer.Message(3, inner => inner.Number(1, 150));
        writer.Pair(23, "a", "b");

        Convert.ToHexString(writer.ToBytes()).Should().Be("089601" + "120774657374696E67" + "1A03089601" + "BA01060A0161120162");
    }

    [Fact]
    public void A_negative_number_takes_ten_bytes_and_comes_back()
    {
        var writer = new ProtobufWriter();
        writer.Number(7, -1);

        writer.ToBytes().Should().HaveCount(11);
        var reader = new ProtobufReader(writer.ToBytes());
        reader.Next().Should().BeTrue();
        reader.Int32.Should().Be(-1);
    }

    [Fact]
    public void What_is_false_or_null_is_left_out()
    {
        var writer = new ProtobufWriter();
        writer.Flag(3, false);
        writer.Text(10, null);

        writer.ToBytes().Should().BeEmpty();
    }

    [Fact]
    public void Fields_of_every_wire_type_that_are_unknown_are_passed_over()
    {
        var writer = new ProtobufWriter();
        writer.Number(1, 1);
        byte[] message =
        [
            0xF9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8, // Field 127, 64 bits.
            0xFD, 0x07, 1, 2, 3, 4, // Field 127, 32 bits.
            0xFA, 0x07, 2, 65, 66, // Field 127, two bytes.
            .. writer.ToBytes(),
            0x10, 1,
        ];

        CriuResponse response = CriuResponse.Read(message);

        response.Type.Should().Be(CriuMessageType.Dump);
        response.Success.Should().BeTrue();
    }

    [Theory]
    [InlineData("08")] // A key without its number.
    [InlineData("0A05")] // A text of five bytes that are not there.
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")] // A length that no message has.
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01")] // A number of eleven bytes.
    [InlineData("0B")] // A group, which nobody sends.
    public void A_message_that_is_cut_off_or_none_is_refused(string hex)
    {
        FluentActions.Invoking(() => CriuResponse.Read(Convert.FromHexString(hex))).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void Every_cut_of_a_message_is_read_as_far_as_it_goes_or_refused()
    {
        var writer = new ProtobufWriter();
        writer.Number(1, 6);
        writer.Message(5, notify =>
        {
            notify.Text(1, "post-restore");
            notify.Number(2, 4711);
        });
        writer.Message(10, version =>
        {
            version.Number(1, 4);
            version.Number(2, 2);
            version.Number(4, 1);
        });
        byte[] whole = writer.ToBytes();
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                CriuResponse.Read(whole.AsSpan(0, length)).Version.Should().Be(0);
            }
            catch (InvalidDataException refused)
            {
                refused.Message.Should().NotBeEmpty();
            }
        }

        CriuResponse response = CriuResponse.Read(whole);
        response.Script.Should().Be("post-restore");
        response.NotifiedPid.Should().Be(4711);
        CriuProgram.VersionText(response.Version).Should().Be("4.2.1");
    }

    [Fact]
    public void A_request_is_its_type_and_its_options()
    {
        byte[] request = CriuRequest.Of(CriuMessageType.Dump, new CriuOptions { Images = 7, Work = 8, Pid = 300, LogFile = "dump.log", Root = "/r" });

        request[..2].Should().Equal(8, 1);
        Encoding.UTF8.GetString(request).Should().Contain("dump.log").And.Contain("/r");
        request.Should().HaveCountLessThan(60, "what is not set is not sent");
    }
}
