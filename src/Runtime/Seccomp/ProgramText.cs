using System.Globalization;
using System.Text;
using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>A program as text: what is loaded, compared and returned, with labels where jumps arrive and names for numbers.</summary>
internal sealed class ProgramText
{
    private const uint ArgumentsOffset = 16;

    private readonly SeccompProgram _program;
    private readonly List<SeccompArchitecture> _architectures;

    /// <summary>What is in the accumulator before each instruction: the offset it was loaded from, or <see cref="Nothing"/>.</summary>
    private readonly uint[] _loaded;

    /// <summary>For which architecture each instruction works; -1 before that is known.</summary>
    private readonly int[] _sections;
    private readonly bool[] _targets;

    private const uint Nothing = uint.MaxValue;

    private ProgramText(SeccompProgram program, List<SeccompArchitecture> architectures)
    {
        _program = program;
        _architectures = architectures;
        _loaded = new uint[program.Instructions.Length];
        _sections = new int[program.Instructions.Length];
        _targets = new bool[program.Instructions.Length];
        _loaded.AsSpan().Fill(Nothing);
        _sections.AsSpan().Fill(-1);
    }

    /// <summary>The whole program, one line for each instruction.</summary>
    /// <param name="program">The program.</param>
    /// <param name="architectures">Those that it distinguishes.</param>
    public static string Of(SeccompProgram program, List<SeccompArchitecture> architectures)
    {
        ProgramText text = Followed(program, architectures);
        var lines = new StringBuilder();
        lines.Append(CultureInfo.InvariantCulture, $"{program.Instructions.Length} instructions, loaded with {(program.Flags == 0 ? "no flags" : program.Flags)}\n");
        for (int at = 0; at < text._loaded.Length; at++)
        {
            text.Write(at, lines);
        }

        return lines.ToString();
    }

    /// <summary>
    /// The same as an object: <c>flags</c>, and <c>instructions</c> with <c>code</c>, <c>jumpTrue</c>, <c>jumpFalse</c> and <c>operand</c> as the
    /// kernel reads them (struct sock_filter) and a <c>text</c>.
    /// </summary>
    public static string Json(SeccompProgram program, List<SeccompArchitecture> architectures)
    {
        ProgramText text = Followed(program, architectures);
        var json = new JsonText(indented: true);
        json.Open('{');
        json.Member("flags", (long)program.Flags);
        json.Name("instructions");
        json.Open('[');
        for (int at = 0; at < program.Instructions.Length; at++)
        {
            FilterInstruction instruction = program.Instructions[at];
            json.Open('{');
            json.Member("code", (long)instruction.Code);
            json.Member("jumpTrue", (long)instruction.JumpTrue);
            json.Member("jumpFalse", (long)instruction.JumpFalse);
            json.Member("operand", (long)instruction.Operand);
            json.Member("text", text.Sentence(at));
            json.Close('}');
        }

        json.Close(']');
        json.Close('}');
        return json.ToString();
    }

    private static ProgramText Followed(SeccompProgram program, List<SeccompArchitecture> architectures)
    {
        var text = new ProgramText(program, architectures);
        for (int at = 0; at < text._loaded.Length; at++)
        {
            text.Follow(at);
        }

        return text;
    }

    /// <summary>The name of a call by its number as a filter sees it; empty when there is none.</summary>
    public static string NameOf(SeccompArchitecture architecture, uint number)
    {
        uint bare = architecture == SeccompArchitecture.X32 ? number - Architectures.X32Bit : number;
        ReadOnlySpan<ushort> numbers = Architectures.Numbers(architecture);
        for (int name = 0; name < numbers.Length; name++)
        {
            if (numbers[name] != SyscallNumbers.Absent && SyscallNumbers.Decode(numbers[name]) == bare)
            {
                return SyscallNames.At(name);
            }
        }

        return "";
    }

    /// <summary>A condition as a person writes it.</summary>
    public static string Describe(ArgumentTest test)
    {
        string argument = $"argument {test.Index}";
        string left = test.Operator == SeccompOperator.MaskedEqual ? $"({argument} & 0x{test.Mask:x})" : argument;
        string comparison = test.Operator switch
        {
            SeccompOperator.NotEqual => "!=",
            SeccompOperator.LessThan => "<",
            SeccompOperator.LessOrEqual => "<=",
            SeccompOperator.GreaterOrEqual => ">=",
            SeccompOperator.GreaterThan => ">",
            SeccompOperator.Equal or SeccompOperator.MaskedEqual => "==",
        };
        return $"{left} {comparison} 0x{test.Value:x}";
    }

    /// <summary>Jumps only go forwards, so what is known before an instruction is known when it is reached.</summary>
    private void Follow(int at)
    {
        FilterInstruction instruction = _program.Instructions[at];
        uint loaded = instruction.Code == FilterAssembler.LoadCode ? instruction.Operand : _loaded[at];
        switch (instruction.Code)
        {
            case FilterAssembler.ReturnCode:
                break;
            case FilterAssembler.JumpCode:
                Reach(at, at + 1 + (int)instruction.Operand, loaded, jumps: true, _sections[at]);
                break;
            case FilterAssembler.LoadCode or FilterAssembler.AndCode:
                Reach(at, at + 1, loaded, jumps: false, _sections[at]);
                break;
            default:
                int section = loaded == SeccompCompiler.ArchitectureOffset ? SectionOf(instruction.Operand) : _sections[at];
                Reach(at, at + 1 + instruction.JumpTrue, loaded, instruction.JumpTrue != 0, section);
                Reach(at, at + 1 + instruction.JumpFalse, loaded, instruction.JumpFalse != 0, _sections[at]);
                break;
        }
    }

    private void Reach(int from, int to, uint loaded, bool jumps, int section)
    {
        _loaded[to] = loaded;
        _targets[to] |= jumps || _sections[from] != section;
        _sections[to] = Math.Max(_sections[to], section);
    }

    private int SectionOf(uint auditNumber) => _architectures.FindIndex(architecture => Architectures.AuditNumber(architecture) == auditNumber);

    private void Write(int at, StringBuilder lines)
    {
        if (_targets[at])
        {
            bool begins = _sections[at] >= 0 && _loaded[at] == SeccompCompiler.ArchitectureOffset;
            lines.Append(CultureInfo.InvariantCulture, $"L{at}:{(begins ? $"    # {_architectures[_sections[at]].SpecName()}" : "")}\n");
        }

        lines.Append(CultureInfo.InvariantCulture, $"{at,6}  ").Append(Sentence(at)).Append('\n');
    }

    private string Sentence(int at)
    {
        FilterInstruction instruction = _program.Instructions[at];
        return instruction.Code switch
        {
            FilterAssembler.ReturnCode => $"answer: {FilterAction.Describe(instruction.Operand)}",
            FilterAssembler.JumpCode => $"go to L{at + 1 + instruction.Operand}",
            FilterAssembler.LoadCode => $"load {Place(instruction.Operand)}",
            FilterAssembler.AndCode => $"keep the bits 0x{instruction.Operand:x}",
            _ => Branch(at, instruction),
        };
    }

    private string Branch(int at, FilterInstruction instruction)
    {
        string comparison = (FilterComparison)instruction.Code switch
        {
            FilterComparison.Equal => "==",
            FilterComparison.Greater => ">",
            FilterComparison.GreaterOrEqual => ">=",
        };
        string whenTrue = $"go to L{at + 1 + instruction.JumpTrue}", whenFalse = $"go to L{at + 1 + instruction.JumpFalse}";
        return $"if {Place(_loaded[at])} {comparison} {Constant(at, instruction.Operand)} "
            + (instruction.JumpTrue == 0 ? $"go on, else {whenFalse}" : instruction.JumpFalse == 0 ? whenTrue : $"{whenTrue}, else {whenFalse}");
    }

    private string Constant(int at, uint value)
    {
        if (_loaded[at] == SeccompCompiler.ArchitectureOffset)
        {
            return _architectures[SectionOf(value)].SpecName();
        }

        if (_loaded[at] != 0 || _sections[at] < 0)
        {
            return $"0x{value:x}";
        }

        SeccompArchitecture architecture = _architectures[_sections[at]];
        bool x32 = architecture == SeccompArchitecture.X64 && value >= Architectures.X32Bit;
        string name = NameOf(x32 ? SeccompArchitecture.X32 : architecture, value);
        string number = value >= Architectures.X32Bit ? $"0x{value:x}" : value.ToString(CultureInfo.InvariantCulture);
        return name.Length == 0 ? number : $"{number} ({name}{(x32 ? " of x32" : "")})";
    }

    private string Place(uint offset)
    {
        if (offset < ArgumentsOffset)
        {
            return offset == 0 ? "the call" : "the architecture";
        }

        bool upper = offset % 8 == 4 ^ Architectures.IsBigEndian(_architectures[0]);
        return $"argument {(offset - ArgumentsOffset) / 8}{(upper ? "'s upper half" : "'s lower half")}";
    }
}
