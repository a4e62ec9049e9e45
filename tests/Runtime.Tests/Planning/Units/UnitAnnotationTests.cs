
namespace Hull.Runtime.Tests.Planning.Units;

public sealed class UnitAnnotationTests
{
    [Theory]
    [InlineData("TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec=123456789")]
    [InlineData("TimeoutStopSec", "7", "TimeoutStopUSec=7000000")]
    [InlineData("TimeoutStopSec", "1.5", "TimeoutStopUSec=1500000")]
    [InlineData("TimeoutStopSec", "uint32 3", "TimeoutStopUSec=3000000")]
    [InlineData("CollectMode", "'inactive-or-failed'", "CollectMode=\"inactive-or-failed\"")]
    [InlineData("After", "['a.service', \"b.service\"]", "After=[\"a.service\", \"b.service\"]")]
    [InlineData("MemoryZSwapWriteback", "false", "MemoryZSwapWriteback=false")]
    public void An_annotation_is_a_property(string name, string text, string expected)
    {
        Add(name, text).Should().Equal(expected);
    }

    [Theory]
    [InlineData("Ab", "1")]
    [InlineData("A.b.c", "1")]
    [InlineData("Abc1", "1")]
    [InlineData("PIDs", "[uint32 1]")]
    [InlineData("Slice", "'x.slice'")]
    [InlineData("Delegate", "false")]
    [InlineData("TimeoutStopSec", "'soon'")]
    [InlineData("TimeoutStopSec", "-1")]
    [InlineData("TimeoutStopSec", "nan")]
    [InlineData("CollectMode", "unquoted")]
    [InlineData("CollectMode", "")]
    public void What_is_no_property_or_no_value_is_refused_by_name(string name, string text)
    {
        FluentActions.Invoking(() => Add(name, text)).Should().Throw<RuntimeError>().WithMessage($"*{name}*");
    }

    [Fact]
    public void An_annotation_wins_over_what_hull_would_say()
    {
        var properties = new UnitProperties();
        properties.Set("TasksMax", 5);
        UnitAnnotations.Add(properties, [new("org.systemd.property.TasksMax", "uint64 9"), new("other", "x")]);

        properties.All.Select(property => property.ToString()).Should().Equal("TasksMax=9");
    }

    [Theory]
    [InlineData("5", "i", "5")]
    [InlineData("-0x1f", "i", "-31")]
    [InlineData("017", "i", "15")]
    [InlineData("2.5e3", "d", "2500")]
    [InlineData("uint64 18446744073709551615", "t", "infinity")]
    [InlineData("int64 -5", "x", "-5")]
    [InlineData("byte 0xff", "y", "255")]
    [InlineData("true", "b", "true")]
    [InlineData("boolean false", "b", "false")]
    [InlineData("'it\\'s \\u20ac\\n'", "s", "\"it's \u20ac\n\"")]
    [InlineData("objectpath '/a'", "o", "\"/a\"")]
    [InlineData("@as []", "as", "[]")]
    [InlineData("@a(ss) [('/dev/fuse', 'rwm')]", "a(ss)", "[(\"/dev/fuse\", \"rwm\")]")]
    [InlineData("[('a', uint64 1), ('b', 2)]", "a(st)", "[(\"a\", 1), (\"b\", 2)]")]
    [InlineData("(1, 'x', [true])", "(isab)", "(1, \"x\", [true])")]
    [InlineData("(1,)", "(i)", "(1)")]
    [InlineData("{'a': <1>, 'b': <'x'>}", "a{sv}", "[\"a\": <1>, \"b\": <\"x\">]")]
    [InlineData("@a{sv} {}", "a{sv}", "[]")]
    [InlineData("b'ab'", "ay", "[61 62 00]")]
    [InlineData("[byte 1, 2]", "ay", "[01 02]")]
    [InlineData("  [ 1 ,2 ]  ", "ai", "[1, 2]")]
    public void Values_are_read_as_GVariant_writes_them(string text, string signature, string expected)
    {
        var value = VariantText.Parse(text);

        value.Signature.Should().Be(signature);
        value.ToString().Should().Be(expected);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[1, 'a']")]
    [InlineData("@as [1]")]
    [InlineData("uint32 -1")]
    [InlineData("byte 256")]
    [InlineData("1 2")]
    [InlineData("'open")]
    [InlineData("(1, 2")]
    [InlineData("()")]
    [InlineData("@z 1")]
    [InlineData("@ii 1")]
    [InlineData("08")]
    [InlineData("0x")]
    [InlineData("'a\\u0000b'")]
    [InlineData("'\\ud800'")]
    [InlineData("just 5")]
    [InlineData("uint64 'a'")]
    [InlineData("uint64")]
    [InlineData("@(ss) ('a',)")]
    [InlineData("@i")]
    public void What_is_no_value_is_refused(string text)
    {
        FluentActions.Invoking(() => VariantText.Parse(text)).Should().Throw<FormatException>();
    }

    [Fact]
    public void A_value_cannot_nest_without_end()
    {
        FluentActions.Invoking(() => VariantText.Parse(new string('[', 100_000))).Should().Throw<FormatException>();
        FluentActions.Invoking(() => VariantText.Parse(string.Concat(Enumerable.Repeat("uint64 ", 1000)) + "1")).Should().Throw<FormatException>();
    }

    private static string[] Add(string name, string text)
    {
        var properties = new UnitProperties();
        UnitAnnotations.Add(properties, [new("org.systemd.property." + name, text)]);
        return [.. properties.All.Select(property => property.ToString())];
    }
}
