using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hull.Runtime.Tests.Seccomp.Tables;

/// <summary>Reads the numbers of system calls out of a kernel header, as that processor's compiler would see them.</summary>
internal static partial class HeaderReader
{
    /// <summary>
    /// Calls that are newer than Debian 12's headers (Linux 6.1). Since Linux 5.1 every architecture gives a new call the same number
    /// (counted from the base of its table), so one list serves all. Copied from the kernel's scripts/syscall.tbl.
    /// </summary>
    private static readonly string[] s_newer =
    [
        "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue", "statmount", "listmount",
        "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat", "getxattrat", "listxattrat",
        "removexattrat", "open_tree_attr", "file_getattr", "file_setattr", "listns", "rseq_slice_yield",
    ];

    private const int FirstNewer = 451;

    /// <summary>New calls that one architecture alone has.</summary>
    private static readonly (string Table, string Name, int Number)[] s_newerOfOne =
    [
        ("X64", "uretprobe", 335), ("X64", "uprobe", 336), ("X32", "uretprobe", 335), ("X32", "uprobe", 336), ("RiscV64", "riscv_hwprobe", 258),
    ];

    /// <summary>Name to number; of a header and of what is newer than it.</summary>
    public static SortedDictionary<string, int> Read(HeaderSet set)
    {
        var macros = Macros(set);
        var numbers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var macro in macros.Keys)
        {
            var name = Name().Match(macro).Groups[1].Value;
            if (name.Length > 0 && !NoCall().IsMatch(name))
            {
                numbers[name] = Value(macros, macro);
            }
        }

        var shift = numbers["openat2"] - 437;
        for (var i = 0; i < s_newer.Length; i++)
        {
            AddNewer(numbers, s_newer[i], FirstNewer + i + shift);
        }

        foreach (var (table, name, number) in s_newerOfOne)
        {
            if (table == set.Table)
            {
                AddNewer(numbers, name, number);
            }
        }

        return numbers;
    }

    /// <summary>A header that knows the call by now has the last word, and must agree.</summary>
    private static void AddNewer(SortedDictionary<string, int> numbers, string name, int number)
    {
        if (!numbers.TryAdd(name, number) && numbers[name] != number)
        {
            throw new InvalidOperationException($"{name} is {numbers[name]} in the header, but {number} in the list of newer calls");
        }
    }

    /// <summary>AUDIT_ARCH_*: flags and the number of the processor in ELF files, all or-ed together.</summary>
    public static uint AuditNumber(string name)
    {
        var expression = Preprocess($"#include <linux/audit.h>\nAUDIT_ARCH_{name}\n", "-E", "-P", "-").TrimEnd().Split('\n')[^1];
        return expression.Trim('(', ')').Split('|', StringSplitOptions.TrimEntries).Aggregate(0u, (sum, term) => sum | (term.StartsWith("0x", StringComparison.Ordinal)
            ? uint.Parse(term[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : uint.Parse(term, CultureInfo.InvariantCulture)));
    }

    private static string Preprocess(string source, params string[] arguments)
    {
        var start = new ProcessStartInfo("gcc", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var gcc = Process.Start(start)!;
        gcc.StandardInput.Write(source);
        gcc.StandardInput.Close();
        var text = gcc.StandardOutput.ReadToEnd();
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? text : throw new InvalidOperationException($"gcc {string.Join(' ', arguments)} ended with {gcc.ExitCode}");
    }

    private static Dictionary<string, string> Macros(HeaderSet set)
    {
        var text = Preprocess(
            $"#include <{set.Header}>\n",
            ["-E", "-dM", "-undef", "-nostdinc", "-isystem", set.Directory, .. set.Defines.Select(define => "-D" + define), "-"]);
        var macros = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Split(' ', 3);
            if (parts.Length == 3)
            {
                macros[parts[1]] = parts[2];
            }
        }

        return macros;
    }

    /// <summary>The value of a sum of numbers and other macros.</summary>
    private static int Value(Dictionary<string, string> macros, string macro)
    {
        var sum = 0;
        foreach (var term in macros[macro].Trim('(', ')', ' ').Split('+', StringSplitOptions.TrimEntries))
        {
            sum += term.StartsWith("0x", StringComparison.Ordinal) ? int.Parse(term[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : char.IsAsciiDigit(term[0]) ? int.Parse(term, CultureInfo.InvariantCulture)
                : Value(macros, term.Trim('(', ')', ' '));
        }

        return sum;
    }

    [GeneratedRegex("^__(?:ARM_)?NR_([a-z_][a-z_0-9]*)$")]
    private static partial Regex Name();

    /// <summary>How many there are, and numbers that were never used.</summary>
    [GeneratedRegex("^(syscalls|arch_specific_syscall|(unused|reserved)[0-9]+)$")]
    private static partial Regex NoCall();
}
