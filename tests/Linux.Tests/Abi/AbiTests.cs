using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Hull.Linux.Tests.Abi;

/// <summary>Our constants and structures are those of the C headers: a C compiler says so.</summary>
public sealed partial class AbiTests
{
    /// <summary>What arm64's own asm/unistd.h defines before it includes the generic table.</summary>
    private static readonly string[] s_arm64Choices =
        ["__ARCH_WANT_RENAMEAT", "__ARCH_WANT_NEW_STAT", "__ARCH_WANT_SET_GET_RLIMIT", "__ARCH_WANT_SYS_CLONE3"];

    [Fact]
    public void Every_constant_and_structure_agrees_with_the_C_headers() =>
        CCompiler.ForThisProcessor().Check(Files(static (_, _, value) => value)).Should().BeEmpty();

    [Fact]
    public void Every_constant_and_structure_agrees_with_the_C_headers_of_arm64()
    {
        var here = KernelTypes.ProcessorConstantsHere.ToDictionary(constant => constant.Name, constant => constant.Value);
        Arm64Constants.OfProcessor.Keys.Should().BeEquivalentTo(here.Keys, "both processors need the same constants");
        CCompiler.ForArm64().Check(
            Files(Arm64Constants.ValueOf)
            .Append(("ProcessorConstants", CAssertions.ForConstants(Pairs(Arm64Constants.OfProcessor), ["asm/fcntl.h"], []))))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_system_call_number_agrees_with_the_C_headers() =>
        CCompiler.ForThisProcessor().Check([("SyscallNumber", CAssertions.ForConstants(
            KernelTypes.MembersOf(typeof(SyscallNumber)).Select(call => ("__NR_" + call.Member, call.Value)), ["asm/unistd.h"], []))])
            .Should().BeEmpty();

    [Fact]
    public void Every_system_call_number_of_arm64_agrees_with_the_generic_C_header() =>
        CCompiler.ForThisProcessor().Check([("SyscallNumber", CAssertions.ForConstants(
            Pairs(Arm64Constants.OfSystemCalls).Select(call => ("__NR_" + call.Name, call.Value)),
            ["asm-generic/unistd.h"], s_arm64Choices))])
            .Should().BeEmpty();

    [Fact]
    public void Both_processors_have_the_same_system_calls() =>
        Arm64Constants.OfSystemCalls.Keys.Should().BeEquivalentTo(Enum.GetNames<SyscallNumber>());

    [Fact]
    public void A_wrong_constant_and_a_wrong_layout_are_noticed()
    {
        var compiler = CCompiler.ForThisProcessor();
        compiler.Check([("Wrong", CAssertions.ForConstants([("O_PATH", 1)], ["linux/fcntl.h"], []))])
            .Should().Contain("O_PATH is not O_PATH");
        compiler.Check([("Wrong", CAssertions.ForEnum(typeof(AtFlags), static (_, value) => value + 1))])
            .Should().Contain("AtFlags.EmptyPath is not AT_EMPTY_PATH");
        var shifted = CAssertions.ForStructure(typeof(OpenHow)).Replace("offsetof(struct open_how, mode)", "1", StringComparison.Ordinal);
        compiler.Check([("Wrong", shifted)]).Should().Contain("offset of OpenHow.Mode");
        compiler.Check([("Wrong", CAssertions.ForConstants([("NO_SUCH_CONSTANT", 1)], ["linux/fcntl.h"], []))])
            .Should().Contain("NO_SUCH_CONSTANT");
    }

    [Fact]
    public void No_constant_is_without_its_C_name() =>
        KernelTypes.Enums
            .SelectMany(type => KernelTypes.MembersOf(type).Select(member => (Type: type, member.Member, member.Value)))
            .Where(member => CAssertions.CNameOf(member.Type, member.Member) is null && member.Value != 0)
            .Select(member => $"{member.Type.Name}.{member.Member}")
            .Should().BeEmpty("the summary of a constant begins with its C name in <c>");

    [Fact]
    public void No_enum_is_without_its_header() =>
        KernelTypes.Enums.Where(type => type != typeof(SyscallNumber) && KernelNames.HeadersOf(type).Length == 0).Select(type => type.Name)
            .Should().BeEmpty("the summary of a type names its C header");

    [Fact]
    public void No_structure_is_without_its_C_type_unless_it_is_our_own()
    {
        var unknown = KernelTypes.Structures.Where(type => !KernelTypes.OwnStructures.ContainsKey(type));
        unknown.Where(type => KernelNames.OfType(type) is null || KernelNames.HeadersOf(type).Length == 0).Select(type => type.Name)
            .Should().BeEmpty("its summary begins with the C type in <c> and names its header, or KernelTypes.OwnStructures lists it");
    }

    [Fact]
    public void Nothing_is_left_of_a_structure_but_padding() =>
        KernelTypes.Structures.Where(type => !KernelTypes.OwnStructures.ContainsKey(type))
            .SelectMany(type => KernelTypes.FieldsOf(type).Select(field => (Type: type, field.Name)))
            .Where(field => KernelNames.OfField(field.Type, field.Name) is null && !Padding().IsMatch(field.Name))
            .Select(field => $"{field.Type.Name}.{field.Name}")
            .Should().Equal("BpfInstruction._registers");

    [Fact]
    public void A_message_with_descriptors_is_laid_out_as_the_macros_of_C_do()
    {
        var (space, header) = (Unsafe.SizeOf<DescriptorMessage>(), Unsafe.SizeOf<ControlMessageHeader>());
        CCompiler.ForThisProcessor().Check([("Rights",
            "#include <sys/socket.h>\n" +
            $"_Static_assert({space} == CMSG_SPACE({DescriptorMessage.Capacity} * sizeof(int)), \"space\");\n" +
            $"_Static_assert({header} == CMSG_LEN(0), \"length\");\n")])
            .Should().BeEmpty();
    }

    [Fact]
    public void Capability_names_have_the_numbers_of_the_C_header() =>
        CCompiler.ForThisProcessor().Check([("CapabilityNames", CAssertions.ForConstants(
            Enumerable.Range(0, CapabilityNames.Count).Select(number => (CapabilityNames.NameOf(number)!, (ulong)number))
                .Append(("CAP_LAST_CAP", (ulong)CapabilityNames.Count - 1)), ["linux/capability.h"], []))])
            .Should().BeEmpty();

    [Fact]
    public void The_enum_of_dotnet_for_seeking_has_the_values_of_C() =>
        CCompiler.ForThisProcessor().Check([("SeekOrigin", CAssertions.ForConstants(
            [("SEEK_SET", (ulong)SeekOrigin.Begin), ("SEEK_CUR", (ulong)SeekOrigin.Current), ("SEEK_END", (ulong)SeekOrigin.End)],
            ["linux/fs.h"], []))])
            .Should().BeEmpty();

    private static IEnumerable<(string Name, string Source)> Files(Func<Type, string, ulong, ulong> valueOf) =>
        KernelTypes.Enums.Where(type => type != typeof(SyscallNumber))
            .Select(type => (type.Name, CAssertions.ForEnum(type, (member, value) => valueOf(type, member, value))))
            .Concat(KernelTypes.Structures.Where(type => !KernelTypes.OwnStructures.ContainsKey(type))
                .Select(type => (type.Name, CAssertions.ForStructure(type))));

    private static IEnumerable<(string Name, ulong Value)> Pairs(Dictionary<string, ulong> constants) =>
        constants.Select(constant => (constant.Key, constant.Value));

    [GeneratedRegex("^_(padding|reserved|rest|spare)[0-9]*$")]
    private static partial Regex Padding();
}
