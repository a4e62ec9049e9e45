using System.Globalization;
using System.Text;

namespace Hull.Runtime.Tests.Seccomp.Tables;

/// <summary>
/// Writes src/Runtime/Planning/Seccomp/Tables: the generator. How to run it is in the README.md there.
/// </summary>
internal static class TableWriter
{
    private const int LineLength = 136;
    private const ushort Absent = 0xFFFF;
    private const int ArmPrivateBase = 0xF0000;

    /// <summary>The number as the tables hold it: the private calls of ARM are far from all others and are moved to 0xF000.</summary>
    public static ushort Encode(int number) => checked((ushort)(number >= ArmPrivateBase ? 0xF000 + number - ArmPrivateBase : number));

    public static void WriteAll(string directory)
    {
        var tables = HeaderSet.All.Select(set => (set.Table, Numbers: HeaderReader.Read(set))).ToArray();
        var names = tables.SelectMany(table => table.Numbers.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        File.WriteAllText(Path.Combine(directory, "SyscallNames.Table.cs"), Names(names));
        foreach (var (table, numbers) in tables)
        {
            var values = names.Select(name => numbers.TryGetValue(name, out var number) ? Encode(number) : Absent);
            File.WriteAllText(Path.Combine(directory, $"SyscallNumbers.{table}.cs"), Numbers(table, values));
        }
    }

    private static string Names(string[] names)
    {
        var offsets = new List<int>();
        var total = 0;
        foreach (var name in names)
        {
            offsets.Add(total);
            total += name.Length;
        }

        offsets.Add(total);
        var text = new StringBuilder(Head("SyscallNames"));
        text.Append(CultureInfo.InvariantCulture, $"    /// <summary>How many names there are.</summary>\n    public const int Count = {names.Length};\n\n");
        text.Append("    /// <summary>All names, one after the other, in the order of their bytes.</summary>\n    private static ReadOnlySpan<byte> Text =>\n");
        text.AppendJoin("\n", Lines(names, "", LineLength - 20).Select((line, i) => $"        {(i == 0 ? "" : "+ ")}\"{line}\"u8")).Append(";\n\n");
        text.Append("    /// <summary>Where each name begins, and where the last one ends.</summary>\n    private static ReadOnlySpan<ushort> Offsets =>\n    [\n");
        return Finish(text, offsets.Select(offset => offset.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Numbers(string table, IEnumerable<ushort> values)
    {
        var text = new StringBuilder(Head("SyscallNumbers"));
        text.Append(CultureInfo.InvariantCulture, $"    /// <summary>The number of each of <see cref=\"SyscallNames\"/>, or <see cref=\"Absent\"/>.</summary>\n");
        text.Append(CultureInfo.InvariantCulture, $"    public static ReadOnlySpan<ushort> {table} =>\n    [\n");
        return Finish(text, values.Select(value => value == Absent ? "Absent" : value.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Head(string type) =>
        $"// Generated from the kernel's headers; see README.md beside this file.\nnamespace Hull.Runtime;\n\ninternal static partial class {type}\n{{\n";

    private static string Finish(StringBuilder text, IEnumerable<string> values)
    {
        foreach (var line in Lines(values.Select(value => value + ","), " ", LineLength - 8))
        {
            text.Append("        ").Append(line).Append('\n');
        }

        return text.Append("    ];\n}\n").ToString();
    }

    private static IEnumerable<string> Lines(IEnumerable<string> words, string separator, int length)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            if (line.Length + separator.Length + word.Length > length)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : separator).Append(word);
        }

        yield return line.ToString();
    }
}
