namespace Hull.Linux;

/// <summary>The descriptors of a container process, by slot. The process is cloned with a copy of the host's table.</summary>
public sealed class Slots
{
    private readonly int[] _numbers = new int[(int)Slot.Count];

    /// <summary>Every slot is empty.</summary>
    public Slots() => Array.Fill(_numbers, -1);

    /// <summary>What is behind <see cref="Slot.SeccompHandshake"/>; null when the plan loads no filter.</summary>
    public SeccompHandshake? SeccompHandshake { get; set; }

    /// <summary>The descriptor in a slot, or <see cref="Fd.None"/>.</summary>
    public Fd this[Slot slot]
    {
        get => new(_numbers[(int)slot]);
        set => _numbers[(int)slot] = value.Number;
    }
}
