namespace Hull.Linux.Tests.Abi;

/// <summary>
/// Constants that the headers here (Debian 12: Linux 6.1) may not know yet, with their values copied by hand from the kernel that brought
/// them. Where a header does define the macro, the header is asserted too.
/// </summary>
internal static class NewerThanHeaders
{
    public static readonly Dictionary<string, (string Kernel, ulong Value)> Constants = new()
    {
        ["ST_NOSYMFOLLOW"] = ("5.10, not in its uapi headers", 0x2000),
        ["MFD_NOEXEC_SEAL"] = ("6.3", 0x8),
        ["MFD_EXEC"] = ("6.3", 0x10),
        ["MOVE_MOUNT_BENEATH"] = ("6.5", 0x200),
        ["STATX_MNT_ID_UNIQUE"] = ("6.8", 0x4000),
        ["MPOL_WEIGHTED_INTERLEAVE"] = ("6.9", 6),
    };
}
