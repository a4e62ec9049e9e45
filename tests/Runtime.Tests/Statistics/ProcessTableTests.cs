
namespace Hull.Runtime.Tests.Statistics;

public sealed class ProcessTableTests
{
    private const string Table = """
        UID          PID    PPID  C STIME TTY          TIME CMD
        root           1       0  0 05:00 ?        00:00:01 /sbin/init 12
        root          12       1  0 05:01 ?        00:00:00 sleep 7
        a-very-long-name      13   12  0 05:01 ?   00:00:00 sleep 12
        root           7      12  0 05:01 ?        00:00:00 sleep 13

        """;

    [Fact]
    public void The_header_and_the_containers_rows_are_kept() => ProcessTable.Keep(Table, [12, 13]).Should().Be("""
        UID          PID    PPID  C STIME TTY          TIME CMD
        root          12       1  0 05:01 ?        00:00:00 sleep 7
        a-very-long-name      13   12  0 05:01 ?   00:00:00 sleep 12

        """);

    [Fact]
    public void Without_processes_the_header_stays() => ProcessTable.Keep(Table, []).Split('\n').Should().HaveCount(2);

    // ps -o lstart,pid: the column before has blanks in it.
    [Fact]
    public void The_number_is_found_behind_columns_with_blanks() => ProcessTable.Keep(
        "                 STARTED     PID\nSat Nov 21 05:00:00 2026       1\nSat Nov 21 05:00:00 2026      12\n", [12])
        .Should().Be("                 STARTED     PID\nSat Nov 21 05:00:00 2026      12\n");

    [Theory]
    [InlineData("COMMAND\nsleep 1\n")]
    [InlineData("PPID COMMAND\n1 sleep\n")]
    [InlineData("")]
    public void A_table_without_numbers_is_an_error_that_says_what_to_do(string table) => FluentActions.Invoking(() => ProcessTable.Keep(table, [1]))
        .Should().Throw<RuntimeError>().WithMessage("couldn't find PID field in ps output. Hint: *");
}
