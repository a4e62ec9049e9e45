using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Assembles a classic BPF program from its end to its beginning. Such programs only jump forwards, so whatever an instruction jumps to is
/// already there, its distance is known, and a distance that does not fit is mended on the spot. A label is how many instructions there are
/// from a place to the end.
/// </summary>
internal sealed class FilterAssembler
{
    /// <summary>BPF_LD | BPF_W | BPF_ABS: take 32 bits of struct seccomp_data.</summary>
    public const ushort LoadCode = 0x20;

    /// <summary>BPF_ALU | BPF_AND | BPF_K.</summary>
    public const ushort AndCode = 0x54;

    /// <summary>BPF_RET | BPF_K.</summary>
    public const ushort ReturnCode = 0x06;

    /// <summary>BPF_JMP | BPF_JA: the only jump with 32 bits.</summary>
    public const ushort JumpCode = 0x05;

    /// <summary>The farthest that a conditional jump reaches.</summary>
    private const int Reach = byte.MaxValue;

    /// <summary>How many instructions a return may serve before a new one is made: near enough for all of a search's jumps.</summary>
    private const int ReturnReach = 200;

    private FilterInstruction[] _reversed = new FilterInstruction[1024];
    private readonly List<(uint Action, int Label)> _returns = [];

    /// <summary>How many instructions there are; also the label of the newest.</summary>
    public int Count { get; private set; }

    /// <summary>A place that answers with an action.</summary>
    public int Return(uint action)
    {
        for (int i = 0; i < _returns.Count; i++)
        {
            if (_returns[i].Action == action)
            {
                if (Count - _returns[i].Label > ReturnReach)
                {
                    _returns[i] = (action, Emit(ReturnCode, 0, 0, action));
                }

                return _returns[i].Label;
            }
        }

        int label = Emit(ReturnCode, 0, 0, action);
        _returns.Add((action, label));
        return label;
    }

    /// <summary>Compares the accumulator with a constant and goes one way or the other.</summary>
    public int Branch(FilterComparison comparison, uint constant, int whenTrue, int whenFalse)
    {
        if (whenTrue == whenFalse)
        {
            return whenTrue;
        }

        // Making the second target reachable may move the first one away by one.
        int far = WithinReach(whenTrue, margin: 1);
        int near = WithinReach(whenFalse, margin: 0);
        return Emit((ushort)comparison, (byte)(Count - far), (byte)(Count - near), constant);
    }

    /// <summary>Loads 32 bits of struct seccomp_data, and goes on at a label.</summary>
    public int Load(uint offset, int next)
    {
        PlaceHere(next);
        return Emit(LoadCode, 0, 0, offset);
    }

    /// <summary>Keeps some bits of the accumulator only, and goes on at a label.</summary>
    public int And(uint mask, int next)
    {
        PlaceHere(next);
        return Emit(AndCode, 0, 0, mask);
    }

    /// <summary>The program in the order of its execution.</summary>
    public FilterInstruction[] ToProgram()
    {
        FilterInstruction[] program = _reversed.AsSpan(0, Count).ToArray();
        Array.Reverse(program);
        return program;
    }

    private void PlaceHere(int label)
    {
        if (label != Count)
        {
            Copy(label);
        }
    }

    private int WithinReach(int label, int margin) => Count + margin - label <= Reach ? label : Copy(label);

    /// <summary>Puts here what does the same as the instruction at a label: a return itself, for anything else a long jump there.</summary>
    private int Copy(int label)
    {
        FilterInstruction target = _reversed[label - 1];
        return target.Code == ReturnCode ? Emit(ReturnCode, 0, 0, target.Operand) : Emit(JumpCode, 0, 0, (uint)(Count - label));
    }

    private int Emit(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
    {
        if (Count == _reversed.Length)
        {
            Array.Resize(ref _reversed, Count * 2);
        }

        _reversed[Count] = new FilterInstruction(code, jumpTrue, jumpFalse, operand);
        return ++Count;
    }
}

/// <summary>The comparisons that a classic BPF program can make, unsigned: BPF_JMP | … | BPF_K. linux/bpf_common.h</summary>
internal enum FilterComparison : ushort
{
    /// <summary>BPF_JEQ.</summary>
    Equal = 0x15,

    /// <summary>BPF_JGT.</summary>
    Greater = 0x25,

    /// <summary>BPF_JGE.</summary>
    GreaterOrEqual = 0x35,
}
