namespace Hull.Linux;

/// <summary>
/// Which device a node stands for. The kernel's 64-bit encoding, in its own order: 12 bits of the major number, 20 bits of the
/// minor, and what exceeds them on top. makedev(3)
/// </summary>
/// <param name="Major">Which driver.</param>
/// <param name="Minor">Which of its devices.</param>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary><c>makedev(major, minor)</c>: as mknod(2) takes it.</summary>
    public ulong Encoded =>
        (Minor & 0xFFUL) | ((Major & 0xFFFUL) << 8) | ((Minor & 0xFFFFFF00UL) << 12) | ((Major & 0xFFFFF000UL) << 32);

    /// <summary><c>major(device)</c> and <c>minor(device)</c>: as stat(2) gives it.</summary>
    public static DeviceNumber Decode(ulong encoded) => new(
        (uint)(((encoded >> 8) & 0xFFFUL) | ((encoded >> 32) & 0xFFFFF000UL)),
        (uint)((encoded & 0xFFUL) | ((encoded >> 12) & 0xFFFFFF00UL)));

    /// <summary>The usual notation: <c>1:3</c>.</summary>
    public override string ToString() => $"{Major}:{Minor}";
}
