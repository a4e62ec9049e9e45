using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Hull.Linux.Tests.Abi;

/// <summary>Everything in the assembly that has to agree with C: found by reflection, so that nothing can be forgotten.</summary>
internal static partial class KernelTypes
{
    /// <summary>Structures that the kernel never sees as such, each with what it is instead.</summary>
    public static readonly Dictionary<Type, string> OwnStructures = new()
    {
        [typeof(CString)] = "a pointer and its length; the pointer alone is given away",
        [typeof(Fd)] = "a number; given away by value",
        [typeof(SyscallResult)] = "what came back",
        [typeof(DeviceNumber)] = "given away encoded: ValuesTests",
        [typeof(SignalMask)] = "given away as its 64 bits",
        [typeof(WaitStatus)] = "made from a ChildSignalInformation",
        [typeof(CapabilitySet)] = "given away in two halves",
        [typeof(CapabilityPair)] = "an array of two __user_cap_data_struct",
        [typeof(DescriptorPair)] = "int[2]",
        [typeof(MountAttributeName)] = "a name in messages and the bits that it stands for",
        [typeof(MountLine)] = "a line of /proc/self/mountinfo, read",
        [typeof(FileEvent)] = "an inotify_event and the name behind it, read",
        [typeof(DescriptorMessage)] = "a cmsghdr and what CMSG_DATA finds behind it: AbiTests",
    };

    /// <summary>Enums whose members carry the kernel's names themselves.</summary>
    public static readonly Type[] NamedAsTheKernel = [typeof(Errno), typeof(Signal), typeof(SyscallNumber)];

    /// <summary>What is declared in Operations and Child, which talk to no kernel directly.</summary>
    private static readonly HashSet<string> Own = [.. new[] { "Operations", "Child" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceDirectory(), "..", "..", "..", "src", "Linux", folder), "*.cs"))
        .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];

    private static IEnumerable<Type> Types => typeof(Kernel).Assembly.GetTypes()
        .Where(type => type.Namespace == "Hull.Linux" && !Own.Contains(type.Name) && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.IsNested);

    public static IEnumerable<Type> Enums => Types.Where(type => type.IsEnum);

    public static IEnumerable<Type> Structures => Types.Where(type => type.IsValueType && !type.IsEnum);

    /// <summary>The members of an enum that stand for a constant, with their values as 64 bits.</summary>
    public static IEnumerable<(string Member, ulong Value)> MembersOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, ToBits(field.GetRawConstantValue()!)));

    /// <summary>The fields of a structure that have a C name; the others are padding and reserved space.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>The constants that differ between processors, as compiled in.</summary>
    public static IEnumerable<(string Name, ulong Value)> ProcessorConstantsHere =>
        typeof(ProcessorConstants).GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, ToBits(field.GetRawConstantValue()!)));

    public static int SizeOf(Type type) => type.IsPointer
        ? nint.Size
        : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static ulong ToBits(object value) => value switch
    {
        ulong bits => bits,
        _ => (ulong)Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|ref|unsafe)\s+)*(?:class|record\s+struct|record|struct|interface|enum)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
