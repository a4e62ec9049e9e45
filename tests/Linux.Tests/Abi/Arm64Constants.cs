using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Hull.Linux.Tests.Abi;

/// <summary>What is another number on arm64. The tables of the other processor are not compiled in; their source is read instead.</summary>
internal static partial class Arm64Constants
{
    public static Dictionary<string, ulong> OfProcessor { get; } = In("Processor.Arm64.cs");

    public static Dictionary<string, ulong> OfSystemCalls { get; } = In("SyscallNumber.Arm64.cs");

    /// <summary>The value that a member has when it is compiled for arm64.</summary>
    public static ulong ValueOf(Type type, string member, ulong value) => !KernelNames.DiffersBetweenProcessors(type, member) ? value
        : KernelTypes.ProcessorConstantsHere.Aggregate(0UL, (bits, constant) => bits | ((value & constant.Value) != 0 ? OfProcessor[constant.Name] : 0))
            | (value & ~KernelTypes.ProcessorConstantsHere.Aggregate(0UL, (bits, constant) => bits | constant.Value));

    private static Dictionary<string, ulong> In(string file) =>
        Constant().Matches(File.ReadAllText(Path.Combine(SourceDirectory(), "..", "..", "..", "src", "Linux", "Kernel", file)))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.StartsWith("0x", StringComparison.Ordinal)
                ? Convert.ToUInt64(match.Groups[2].Value, 16)
                : ulong.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"(?:const int )?\b(\w+) = (0x[0-9a-fA-F]+|[0-9]+)[,;]")]
    private static partial Regex Constant();
}
