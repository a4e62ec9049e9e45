namespace Hull.Linux;

/// <summary>
/// Give the program a terminal of the container's own: a new pseudo-terminal becomes the controlling terminal, the standard streams and
/// <c>/dev/console</c>; its other side goes to the host with <see cref="Checkpoint.ConsoleReady"/>. Everything is done through
/// descriptors, and what they stand for is verified (CVE-2025-52565). pty(7), ioctl_tty(2)
/// </summary>
/// <param name="Terminals">Where the container's devpts is mounted.</param>
/// <param name="Place">Where the terminal is shown as a device, an empty file being made if there is none; null for nowhere.</param>
/// <param name="UserId">Its owner, as the container numbers users.</param>
/// <param name="Rows">Its height in characters; 0 with 0 columns leaves its size as the kernel makes it.</param>
/// <param name="Columns">Its width in characters.</param>
public sealed record OpenConsole(RootfsPath Terminals, RootfsPath? Place, uint UserId, ushort Rows, ushort Columns) : Operation
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"open a terminal{(Rows == 0 && Columns == 0 ? "" : $" of {Columns} by {Rows} characters")} of {Terminals} for user {UserId}"
        + $"{(Place is null ? "" : $", show it as {Place},")} and pass it to the host";
}
