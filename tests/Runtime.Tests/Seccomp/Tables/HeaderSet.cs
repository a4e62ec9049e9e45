namespace Hull.Runtime.Tests.Seccomp.Tables;

/// <summary>Where the numbers of one table are written down.</summary>
/// <param name="Table">The table's name in src/Runtime/Planning/Seccomp/Tables.</param>
/// <param name="Package">The Debian package that holds the header.</param>
/// <param name="Directory">Its include directory.</param>
/// <param name="Header">The header that is included.</param>
/// <param name="Defines">What the compiler of that processor would define.</param>
internal sealed record HeaderSet(string Table, string Package, string Directory, string Header, params string[] Defines)
{
    private const string Generic = "asm/unistd.h";

    /// <summary>The tables, in the order in which the generator writes them.</summary>
    public static readonly HeaderSet[] All =
    [
        new("X64", "linux-libc-dev", "/usr/include/x86_64-linux-gnu", "asm/unistd_64.h"),
        new("X86", "linux-libc-dev", "/usr/include/x86_64-linux-gnu", "asm/unistd_32.h"),
        new("X32", "linux-libc-dev", "/usr/include/x86_64-linux-gnu", "asm/unistd_x32.h", "__X32_SYSCALL_BIT=0"),
        Cross("Arm64", "arm64", "aarch64-linux-gnu", Generic, "__LP64__"),
        Cross("Arm", "armhf", "arm-linux-gnueabihf", Generic, "__ARM_EABI__"),
        Cross("Mips", "mips", "mips-linux-gnu", "asm/unistd_o32.h", "__NR_Linux=4000"),
        Cross("Mips64", "mips", "mips-linux-gnu", "asm/unistd_n64.h", "__NR_Linux=5000"),
        Cross("Mips64N32", "mips", "mips-linux-gnu", "asm/unistd_n32.h", "__NR_Linux=6000"),
        Cross("PowerPc", "powerpc", "powerpc-linux-gnu", "asm/unistd_32.h"),
        Cross("PowerPc64", "powerpc", "powerpc-linux-gnu", "asm/unistd_64.h"),
        Cross("S390", "s390x", "s390x-linux-gnu", "asm/unistd_32.h"),
        Cross("S390X", "s390x", "s390x-linux-gnu", "asm/unistd_64.h"),
        Cross("RiscV64", "riscv64", "riscv64-linux-gnu", Generic, "__LP64__", "__riscv_xlen=64", "__SIZEOF_POINTER__=8"),

        // Debian 12 has no headers of LoongArch: its own is the generic list with clone and clone3 (arch/loongarch/include/uapi/asm/unistd.h);
        // fstat and newfstatat came with Linux 6.11.
        Cross("LoongArch64", "riscv64", "riscv64-linux-gnu", "asm-generic/unistd.h",
            "__LP64__", "__SIZEOF_POINTER__=8", "__ARCH_WANT_SYS_CLONE", "__ARCH_WANT_SYS_CLONE3", "__ARCH_WANT_NEW_STAT"),
        Cross("PaRisc", "hppa", "hppa-linux-gnu", "asm/unistd_32.h", "__NR_Linux=0"),
        Cross("PaRisc64", "hppa", "hppa-linux-gnu", "asm/unistd_64.h", "__NR_Linux=0"),
        Cross("M68K", "m68k", "m68k-linux-gnu", "asm/unistd_32.h"),
        Cross("SuperH", "sh4", "sh4-linux-gnu", "asm/unistd_32.h"),
    ];

    private static HeaderSet Cross(string table, string package, string triplet, string header, params string[] defines) =>
        new(table, $"linux-libc-dev-{package}-cross", $"{CrossRoot}/usr/{triplet}/include", header, defines);

    /// <summary>HULL_CROSS_HEADERS names a directory where the cross packages were only unpacked (dpkg -x), not installed.</summary>
    private static string CrossRoot => Environment.GetEnvironmentVariable("HULL_CROSS_HEADERS") ?? "";

    public bool IsThere => File.Exists(Path.Combine(Directory, Header));
}
