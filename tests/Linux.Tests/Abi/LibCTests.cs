using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Xunit.Abstractions;

namespace Hull.Linux.Tests.Abi;

/// <summary>
/// Our constants and structures are those of Tmds.LibC as well, which others wrote down from the headers of another C library, for both processors.
/// </summary>
public sealed class LibCTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_constant_that_both_know_has_the_same_value() => Compare("linux-x64", static (_, _, value) => value);

    [Fact]
    public void Every_constant_that_both_know_has_the_same_value_on_arm64() => Compare("linux-arm64", Arm64Constants.ValueOf);

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void Every_structure_that_both_know_has_the_same_size(string processor)
    {
        Assembly theirs = Load(processor);
        var pairs = KernelTypes.Structures.Where(type => !KernelTypes.OwnStructures.ContainsKey(type))
            .Select(type => (Ours: type, Theirs: theirs.GetType("Tmds.Linux." + KernelNames.OfType(type)?.Replace("struct ", "", StringComparison.Ordinal))))
            .Where(pair => pair.Theirs is not null).ToArray();

        output.WriteLine($"{pairs.Length} structures: {string.Join(' ', pairs.Select(pair => pair.Theirs!.Name))}");
        pairs.Should().HaveCountGreaterThan(8);
        pairs.Where(pair => KernelTypes.SizeOf(pair.Ours) != KernelTypes.SizeOf(pair.Theirs!)).Select(pair => pair.Ours.Name)
            .Should().BeEquivalentTo([nameof(SignalAction), nameof(TerminalAttributes)], "ours are the kernel's, theirs those that the C library turns into them");
    }

    private void Compare(string processor, Func<Type, string, ulong, ulong> valueOf)
    {
        Type theirs = Load(processor).GetType("Tmds.Linux.LibC", throwOnError: true)!;
        var pairs = KernelTypes.Enums
            .SelectMany(type => KernelTypes.MembersOf(type).Select(member => (Type: type, member.Member, Value: valueOf(type, member.Member, member.Value))))
            .Select(ours => (Ours: ours, Theirs: theirs.GetProperty(CAssertions.CNameOf(ours.Type, ours.Member) ?? " ")))
            .Where(pair => pair.Theirs is not null).ToArray();

        output.WriteLine($"{pairs.Length} constants");
        pairs.Should().HaveCountGreaterThan(300);
        pairs.Where(pair => (uint)pair.Ours.Value != Bits(pair.Theirs!))
            .Select(pair => $"{pair.Ours.Type.Name}.{pair.Ours.Member} is {pair.Ours.Value:x}, {pair.Theirs!.Name} {Bits(pair.Theirs):x}")
            .Should().BeEmpty();
    }

    // size_t and the like are structures there, around one another.
    private static uint Bits(PropertyInfo constant)
    {
        object value = constant.GetValue(null)!;
        while (value is not (IConvertible or nint or nuint))
        {
            value = value.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Single().GetValue(value)!;
        }

        return value switch
        {
            nint bits => (uint)bits,
            nuint bits => (uint)bits,
            ulong bits => (uint)bits,
            _ => (uint)Convert.ToInt64(value, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The package has a compiled table for each processor, which can be read on any.</summary>
    private static Assembly Load(string processor) => new AssemblyLoadContext(processor).LoadFromAssemblyPath(
        Path.Combine(AppContext.BaseDirectory, "runtimes", processor, "lib", "netstandard2.0", "Tmds.LibC.dll"));
}
