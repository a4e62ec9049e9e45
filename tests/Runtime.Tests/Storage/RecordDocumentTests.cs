using System.Text;
using System.Text.Json;

namespace Hull.Runtime.Tests.Storage;

public sealed class RecordDocumentTests
{
    private static ContainerRecord Record => TemporaryStore.Complete("c1", new ProcessIdentity(42, 12345678901234567890)) with
    {
        StartSocket = true,
        AsksAgent = true,
        Cgroups = [new RecordedCgroup("/sys/fs/cgroup/memory/a b\"/c1", 2), new RecordedCgroup("/sys/fs/cgroup/unified/c1", 0)],
        LiveMounts = [new LiveMount("/added \"place\"", ulong.MaxValue), new LiveMount("/b", 1)],
        Exit = new Hull.Oci.ContainerExit { Status = 137, Signal = 9, Time = "2026-01-02T03:04:06.123456700Z", OomKilled = false, PeakMemory = 1, CpuTime = 2 },
        Annotations = [KeyValuePair.Create("org.example/ä", "zeile\nzwei"), KeyValuePair.Create("z", ""), KeyValuePair.Create("a", "\0")],
    };

    [Fact]
    public void A_record_reads_back_as_it_was_written() => RecordDocument.Read(RecordDocument.Write(Record)).Should().Be(Record);

    [Fact]
    public void Members_of_later_versions_are_passed_over()
    {
        string later = Encoding.UTF8.GetString(RecordDocument.Write(Record)).Replace("{\"format\":1", "{\"later\":{\"a\":[1]},\"format\":1", StringComparison.Ordinal);

        RecordDocument.Read(Encoding.UTF8.GetBytes(later)).Should().Be(Record);
    }

    [Fact]
    public void No_part_of_a_record_is_taken_for_a_record()
    {
        byte[] whole = RecordDocument.Write(Record).ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] part = whole[..length];
            FluentActions.Invoking(() => RecordDocument.Read(part)).Should().Throw<JsonException>($"only {length} bytes were read");
        }
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2")]
    [InlineData("\"pid\":42", "\"pid\":0")]
    [InlineData("\"pid\":42", "\"pid\":\"42\"")]
    [InlineData("\"startTime\":12345678901234567890", "\"startTime\":0")]
    [InlineData("\"id\":\"c1\"", "\"id\":null")]
    [InlineData("\"ociVersion\":", "\"x\":")]
    [InlineData("\"bundle\":", "\"x\":")]
    [InlineData("\"rootfs\":", "\"x\":")]
    [InlineData("\"created\":", "\"x\":")]
    [InlineData("\"cgroups\":", "\"x\":")]
    [InlineData("\"gate\":true", "\"gate\":1")]
    public void A_record_that_cannot_be_trusted_is_refused(string before, string after)
    {
        string text = Encoding.UTF8.GetString(RecordDocument.Write(Record));
        text.Should().Contain(before);

        FluentActions.Invoking(() => RecordDocument.Read(Encoding.UTF8.GetBytes(text.Replace(before, after, StringComparison.Ordinal))))
            .Should().Throw<JsonException>();
    }

    [Fact]
    public void Of_a_record_that_breaks_off_everything_before_is_salvaged()
    {
        byte[] whole = RecordDocument.Write(Record).ToArray();
        int end = Encoding.UTF8.GetString(whole).IndexOf("\"annotations\"", StringComparison.Ordinal);

        ContainerRecord remains = RecordDocument.Salvage(whole.AsSpan(0, end), "c1");

        remains.Process.Should().Be(Record.Process);
        remains.Phase.Should().Be(RecordPhase.Complete);
        remains.Cgroups.Should().Equal(Record.Cgroups);
    }

    [Fact]
    public void Of_a_list_that_breaks_off_what_stands_before_is_salvaged()
    {
        byte[] whole = RecordDocument.Write(Record).ToArray();
        int end = Encoding.UTF8.GetString(whole).IndexOf("unified", StringComparison.Ordinal);

        RecordDocument.Salvage(whole.AsSpan(0, end), "c1").Cgroups.Should().Equal(Record.Cgroups[0]);
    }

    [Fact]
    public void Any_part_of_a_record_is_salvaged_without_an_error_and_names_a_process_whole_or_not_at_all()
    {
        byte[] whole = RecordDocument.Write(Record).ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            ContainerRecord remains = RecordDocument.Salvage(whole.AsSpan(0, length), "c1");
            if (remains.Phase == RecordPhase.Complete)
            {
                remains.Process.Should().Be(Record.Process);
            }
        }
    }

    [Fact]
    public void Times_are_written_with_nanoseconds_in_utc() =>
        ContainerRecord.TimeText(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567)).Should().Be("2026-01-02T03:04:05.123456700Z");
}
