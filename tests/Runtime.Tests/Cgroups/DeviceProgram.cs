using System.Collections.Immutable;
using Hull.Linux;

namespace Hull.Runtime.Tests.Cgroups;

/// <summary>Somebody wants to use a device.</summary>
internal readonly record struct DeviceUse(BpfDeviceType Type, uint Major, uint Minor, BpfDeviceAccess Access);

/// <summary>Carries out device programs as the kernel would, and fails where the kernel would refuse them.</summary>
internal static class DeviceProgram
{
    public static bool Allows(ImmutableArray<BpfInstruction> program, DeviceUse use)
    {
        uint[] context = [((uint)use.Access << 16) | (uint)use.Type, use.Major, use.Minor];
        var registers = new ulong?[10];
        const ulong ContextAddress = 0x1000;
        registers[1] = ContextAddress;
        for (int next = 0; ; next++)
        {
            // Jumps go forward only, so it ends; running past the end throws.
            BpfInstruction one = program[next];
            ulong constant = (ulong)one.Immediate;
            ref ulong? destination = ref registers[one.Destination];
            switch ((BpfOpcode)one.Code)
            {
                case BpfOpcode.LoadWord:
                    registers[one.Source].Should().Be(ContextAddress);
                    destination = context[one.Offset / sizeof(uint)];
                    break;
                case BpfOpcode.And: destination = (uint)(destination!.Value & constant); break;
                case BpfOpcode.ShiftRight: destination = (uint)destination!.Value >> (int)constant; break;
                case BpfOpcode.Set: destination = constant; break;
                case BpfOpcode.Copy: destination = registers[one.Source]!.Value; break;
                case BpfOpcode.JumpIfEqual: next += Jump(one, destination!.Value == constant); break;
                case BpfOpcode.JumpIfDifferent: next += Jump(one, destination!.Value != constant); break;
                case BpfOpcode.JumpIfAnyBit: next += Jump(one, (destination!.Value & constant) != 0); break;
                case BpfOpcode.Exit: return registers[0]!.Value == 1;
                default: throw new InvalidOperationException($"{one.Code:x} is no instruction of a device program");
            }
        }
    }

    /// <summary>The instructions that some path from the first one leads to: the kernel refuses a program with others.</summary>
    public static int Reachable(ImmutableArray<BpfInstruction> program)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>([0]);
        while (open.TryPop(out int index))
        {
            if (!seen.Add(index))
            {
                continue;
            }

            BpfInstruction one = program[index];
            if ((BpfOpcode)one.Code != BpfOpcode.Exit)
            {
                open.Push(index + 1);
                open.Push(index + 1 + one.Offset * ((BpfOpcode)one.Code is BpfOpcode.JumpIfEqual or BpfOpcode.JumpIfDifferent or BpfOpcode.JumpIfAnyBit ? 1 : 0));
            }
        }

        return seen.Count;
    }

    private static int Jump(BpfInstruction one, bool taken)
    {
        one.Offset.Should().BeGreaterThanOrEqualTo(0, "programs that go back are refused by older kernels");
        return taken ? one.Offset : 0;
    }
}
