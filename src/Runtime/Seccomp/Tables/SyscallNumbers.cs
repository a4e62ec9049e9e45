namespace Hull.Runtime;

/// <summary>
/// The numbers of system calls, one table for each way of numbering them; a number's place in its table is its name's place in
/// <see cref="SyscallNames"/>. The tables themselves are generated (README.md).
/// </summary>
internal static partial class SyscallNumbers
{
    /// <summary>The architecture has no such call.</summary>
    public const ushort Absent = 0xFFFF;

    /// <summary>Where ARM's private calls begin in reality.</summary>
    public const uint PrivateBase = 0xF0000;

    /// <summary>And where in a table: 16 bits cannot hold their true numbers.</summary>
    private const ushort PrivateInTable = 0xF000;

    /// <summary>The true number behind an entry that is not <see cref="Absent"/>.</summary>
    public static uint Decode(ushort entry) => entry >= PrivateInTable ? PrivateBase + (entry - (uint)PrivateInTable) : entry;
}
