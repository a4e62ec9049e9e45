using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Hull.Linux.Tests.Abi;

/// <summary>Writes C source files in which every assertion of ours is a <c>_Static_assert</c>.</summary>
internal static class CAssertions
{
    /// <summary>One file for one enum: every member against its macro or enumerator.</summary>
    /// <param name="type">The enum.</param>
    /// <param name="valueOf">The value expected for a member; the identity but for another processor.</param>
    public static string ForEnum(Type type, Func<string, ulong, ulong> valueOf)
    {
        var source = Begin(KernelNames.HeadersOf(type));
        var size = KernelTypes.SizeOf(Enum.GetUnderlyingType(type));
        foreach (var (member, value) in KernelTypes.MembersOf(type))
        {
            if (CNameOf(type, member) is { } name)
            {
                AppendConstant(source, name, valueOf(member, value), size, $"{type.Name}.{member}");
            }
        }

        return source.ToString();
    }

    /// <summary>One file for one structure: its size, and place and size of every field.</summary>
    public static string ForStructure(Type type)
    {
        var source = Begin([.. KernelNames.HeadersOf(type), "stddef.h"]);
        var structure = KernelNames.OfType(type)!;
        // A union is as large as its largest member, of which we may know a shorter one.
        var comparison = structure.StartsWith("union", StringComparison.Ordinal) ? "<=" : "==";
        source.Append(CultureInfo.InvariantCulture, $"_Static_assert({KernelTypes.SizeOf(type)} {comparison} sizeof({structure}), \"size of {type.Name}\");\n");
        foreach (var field in KernelTypes.FieldsOf(type))
        {
            if (KernelNames.OfField(type, field.Name) is { } name)
            {
                var offset = Marshal.OffsetOf(type, field.Name);
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert({offset} == offsetof({structure}, {name}), \"offset of {type.Name}.{field.Name}\");\n");
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert({KernelTypes.SizeOf(field.FieldType)} == sizeof((({structure} *)0)->{name}), \"size of {type.Name}.{field.Name}\");\n");
            }
        }

        return source.ToString();
    }

    /// <summary>One file for a list of names and values.</summary>
    public static string ForConstants(IEnumerable<(string Name, ulong Value)> constants, string[] headers, string[] definitions)
    {
        var source = new StringBuilder();
        foreach (var definition in definitions)
        {
            source.Append(CultureInfo.InvariantCulture, $"#define {definition}\n");
        }

        source.Append(Begin(headers));
        foreach (var (name, value) in constants)
        {
            AppendConstant(source, name, value, 8, name);
        }

        return source.ToString();
    }

    /// <summary>The C name of an enum member: its documentation's, or its own; null for a zero that only means "nothing".</summary>
    public static string? CNameOf(Type type, string member) =>
        Array.IndexOf(KernelTypes.NamedAsTheKernel, type) < 0 ? KernelNames.OfField(type, member)
        : member == "None" ? null
        : member;

    private static StringBuilder Begin(string[] headers)
    {
        var source = new StringBuilder();
        foreach (var header in headers)
        {
            source.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        return source;
    }

    private static void AppendConstant(StringBuilder source, string name, ulong value, int size, string ours)
    {
        var mask = size == 8 ? ulong.MaxValue : (1UL << (size * 8)) - 1;
        var isNewer = NewerThanHeaders.Constants.TryGetValue(name, out var newer);
        if (isNewer)
        {
            source.Append(CultureInfo.InvariantCulture, $"_Static_assert({newer.Value}ULL == {value & mask}ULL, \"{ours}: {name} of kernel {newer.Kernel}\");\n#ifdef {name}\n");
        }

        source.Append(CultureInfo.InvariantCulture, $"_Static_assert(((unsigned long long)({name}) & {mask}ULL) == {value & mask}ULL, \"{ours} is not {name}\");\n");
        source.Append(isNewer ? "#endif\n" : "");
    }
}
