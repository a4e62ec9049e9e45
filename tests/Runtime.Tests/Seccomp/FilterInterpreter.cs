using Hull.Linux;

namespace Hull.Runtime.Tests.Seccomp;

/// <summary>A system call as a filter sees it: struct seccomp_data.</summary>
internal readonly record struct CallData(uint Number, uint Architecture, ulong[] Arguments)
{
    public override string ToString() =>
        $"call {Number} (0x{Number:x}) of 0x{Architecture:x} with {string.Join(' ', Arguments.Select(argument => $"0x{argument:x}"))}";
}

/// <summary>Runs a classic BPF program over a system call, as the kernel would, and refuses what the kernel would refuse.</summary>
internal static class FilterInterpreter
{
    /// <summary>What the program answers.</summary>
    public static uint Run(ReadOnlySpan<FilterInstruction> program, CallData call, bool bigEndian)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var instruction = program[at];
            var constant = instruction.Operand;
            switch (instruction.Code)
            {
                case 0x20: accumulator = Load(call, constant, bigEndian); break;
                case 0x54: accumulator &= constant; break;
                case 0x05: at += (int)constant; break;
                case 0x15: at += accumulator == constant ? instruction.JumpTrue : instruction.JumpFalse; break;
                case 0x25: at += accumulator > constant ? instruction.JumpTrue : instruction.JumpFalse; break;
                case 0x35: at += accumulator >= constant ? instruction.JumpTrue : instruction.JumpFalse; break;
                case 0x45: at += (accumulator & constant) != 0 ? instruction.JumpTrue : instruction.JumpFalse; break;
                case 0x06: return constant;
                default: throw new InvalidOperationException($"the kernel refuses the instruction {instruction.Code:x} at {at}");
            }
        }
    }

    /// <summary>Every jump stays inside, every load is aligned and inside, and no way leads past the end: bpf_check_classic().</summary>
    public static void Check(ReadOnlySpan<FilterInstruction> program)
    {
        program.Length.Should().BeInRange(1, 4096);
        program[^1].Code.Should().Be(0x06, "the last instruction must return");
        for (var at = 0; at < program.Length; at++)
        {
            var instruction = program[at];
            var farthest = instruction.Code switch
            {
                0x05 => at + 1L + instruction.Operand,
                0x15 or 0x25 or 0x35 or 0x45 => at + 1L + Math.Max(instruction.JumpTrue, instruction.JumpFalse),
                0x20 when instruction.Operand % 4 == 0 && instruction.Operand < 64 => at,
                0x54 or 0x06 => at,
                _ => throw new InvalidOperationException($"the kernel refuses the instruction {instruction.Code:x} at {at}"),
            };
            farthest.Should().BeLessThan(program.Length);
        }
    }

    private static uint Load(CallData call, uint offset, bool bigEndian)
    {
        if (offset < 8)
        {
            return offset == 0 ? call.Number : call.Architecture;
        }

        var argument = call.Arguments[(offset - 16) / 8];
        return offset % 8 == 4 ^ bigEndian ? (uint)(argument >> 32) : (uint)argument;
    }
}
