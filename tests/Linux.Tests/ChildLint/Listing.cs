using System.Globalization;
using System.Text.RegularExpressions;

namespace Hull.Linux.Tests.ChildLint;

/// <summary>One instruction, as <c>objdump -d -M intel --no-show-raw-insn</c> writes it.</summary>
/// <param name="Address">Where.</param>
/// <param name="Text">Mnemonic and operands: <c>call   2ee290 &lt;RhpPInvoke&gt;</c>.</param>
internal sealed record Instruction(ulong Address, string Text)
{
    public string Mnemonic => Text.Split(' ', 2)[0];

    public string Operands => Text[Mnemonic.Length..].Trim();
}

/// <summary>A function of the binary. Identical bodies share one address, so it may have several names.</summary>
internal sealed record Function(ulong Address, ulong Size, IReadOnlyList<string> Names, IReadOnlyList<Instruction> Instructions);

/// <summary>
/// The functions of a binary, from the texts of <c>objdump -t</c> and <c>objdump -d</c>. The symbols may come from another file than the
/// instructions: a published binary is stripped.
/// </summary>
internal sealed partial class Listing
{
    private readonly SortedList<ulong, Function> _functions = [];

    public Listing(string symbolTable, string disassembly)
    {
        var symbols = Symbol().Matches(symbolTable)
            .Select(match => (Address: Hex(match.Groups["address"].Value), Size: Hex(match.Groups["size"].Value), Name: match.Groups["name"].Value))
            .GroupBy(symbol => symbol.Address).OrderBy(group => group.Key).ToList();
        var instructions = Line().Matches(disassembly)
            .Select(match => new Instruction(Hex(match.Groups["address"].Value), match.Groups["text"].Value.Trim()))
            .OrderBy(instruction => instruction.Address).ToList();
        var at = 0;
        for (var i = 0; i < symbols.Count; i++)
        {
            var begin = symbols[i].Key;
            // Assembly helpers carry no size: they end where the next function begins.
            var size = symbols[i].Max(symbol => symbol.Size);
            var end = size > 0 ? begin + size : i + 1 < symbols.Count ? symbols[i + 1].Key : ulong.MaxValue;
            while (at < instructions.Count && instructions[at].Address < begin)
            {
                at++;
            }

            var body = new List<Instruction>();
            for (; at < instructions.Count && instructions[at].Address < end; at++)
            {
                body.Add(instructions[at]);
            }

            _functions.Add(begin, new Function(begin, end - begin, [.. symbols[i].Select(symbol => symbol.Name)], body));
        }
    }

    public IEnumerable<Function> Functions => _functions.Values;

    /// <summary>The function an address is in, or null.</summary>
    public Function? At(ulong address)
    {
        var (low, high) = (0, _functions.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var function = _functions.GetValueAtIndex(middle);
            if (address < function.Address)
            {
                high = middle - 1;
            }
            else if (address >= function.Address + function.Size)
            {
                low = middle + 1;
            }
            else
            {
                return function;
            }
        }

        return null;
    }

    internal static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Symbols in sections that hold code: functions, indirect ones (i) and the untyped labels of assembly.</summary>
    [GeneratedRegex(@"^(?<address>[0-9a-f]+) .{6}[ F] (?:\.text|__managedcode|__unbox)\t(?<size>[0-9a-f]+)\s+(?:\.hidden )?(?<name>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"^\s+(?<address>[0-9a-f]+):\t(?<text>.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
