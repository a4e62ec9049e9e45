using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>What a filter must know of an architecture (SEC-04, SEC-11).</summary>
internal static class Architectures
{
    /// <summary>Marks the calls of x32, which share x86-64's audit number.</summary>
    public const uint X32Bit = 0x40000000;

    /// <summary>The architecture that this binary is for.</summary>
    public static SeccompArchitecture Native => Processor.IsArm64 ? SeccompArchitecture.Arm64 : SeccompArchitecture.X64;

    /// <summary>What the kernel says the architecture of a call is: AUDIT_ARCH_*. linux/audit.h</summary>
    public static uint AuditNumber(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86 => 0x40000003,
        SeccompArchitecture.X64 or SeccompArchitecture.X32 => 0xC000003E,
        SeccompArchitecture.Arm => 0x40000028,
        SeccompArchitecture.Arm64 => 0xC00000B7,
        SeccompArchitecture.LoongArch64 => 0xC0000102,
        SeccompArchitecture.M68K => 0x00000004,
        SeccompArchitecture.Mips => 0x00000008,
        SeccompArchitecture.Mips64 => 0x80000008,
        SeccompArchitecture.Mips64N32 => 0xA0000008,
        SeccompArchitecture.Mipsel => 0x40000008,
        SeccompArchitecture.Mipsel64 => 0xC0000008,
        SeccompArchitecture.Mipsel64N32 => 0xE0000008,
        SeccompArchitecture.PowerPc => 0x00000014,
        SeccompArchitecture.PowerPc64 => 0x80000015,
        SeccompArchitecture.PowerPc64LittleEndian => 0xC0000015,
        SeccompArchitecture.S390 => 0x00000016,
        SeccompArchitecture.S390X => 0x80000016,
        SeccompArchitecture.SuperH => 0x4000002A,
        SeccompArchitecture.SuperHBigEndian => 0x0000002A,
        SeccompArchitecture.PaRisc => 0x0000000F,
        SeccompArchitecture.PaRisc64 => 0x8000000F,
        SeccompArchitecture.RiscV64 => 0xC00000F3,
    };

    /// <summary>
    /// One kernel runs programs of both, as one for x86-64 also runs x86 and x32. A filter needs no part for an architecture that the
    /// machine's kernel does not run: no call ever comes from there.
    /// </summary>
    public static bool ShareKernel(SeccompArchitecture one, SeccompArchitecture other) => KernelOf(one) == KernelOf(other);

    /// <summary>Arguments have 64 bits; elsewhere only the lower 32 count. x32 passes them as libseccomp treats it: as 32.</summary>
    public static bool IsWide(SeccompArchitecture architecture) => architecture is
        SeccompArchitecture.X64 or SeccompArchitecture.Arm64 or SeccompArchitecture.LoongArch64 or SeccompArchitecture.Mips64
        or SeccompArchitecture.Mipsel64 or SeccompArchitecture.PowerPc64 or SeccompArchitecture.PowerPc64LittleEndian
        or SeccompArchitecture.S390X or SeccompArchitecture.PaRisc64 or SeccompArchitecture.RiscV64;

    /// <summary>The upper half of an argument comes first in memory.</summary>
    public static bool IsBigEndian(SeccompArchitecture architecture) => architecture is
        SeccompArchitecture.M68K or SeccompArchitecture.Mips or SeccompArchitecture.Mips64 or SeccompArchitecture.Mips64N32
        or SeccompArchitecture.PowerPc or SeccompArchitecture.PowerPc64 or SeccompArchitecture.S390 or SeccompArchitecture.S390X
        or SeccompArchitecture.SuperHBigEndian or SeccompArchitecture.PaRisc or SeccompArchitecture.PaRisc64;

    /// <summary>The numbers of its calls, by place in <see cref="SyscallNames"/>; x32's without <see cref="X32Bit"/>.</summary>
    public static ReadOnlySpan<ushort> Numbers(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86 => SyscallNumbers.X86,
        SeccompArchitecture.X64 => SyscallNumbers.X64,
        SeccompArchitecture.X32 => SyscallNumbers.X32,
        SeccompArchitecture.Arm => SyscallNumbers.Arm,
        SeccompArchitecture.Arm64 => SyscallNumbers.Arm64,
        SeccompArchitecture.LoongArch64 => SyscallNumbers.LoongArch64,
        SeccompArchitecture.M68K => SyscallNumbers.M68K,
        SeccompArchitecture.Mips or SeccompArchitecture.Mipsel => SyscallNumbers.Mips,
        SeccompArchitecture.Mips64 or SeccompArchitecture.Mipsel64 => SyscallNumbers.Mips64,
        SeccompArchitecture.Mips64N32 or SeccompArchitecture.Mipsel64N32 => SyscallNumbers.Mips64N32,
        SeccompArchitecture.PowerPc => SyscallNumbers.PowerPc,
        SeccompArchitecture.PowerPc64 or SeccompArchitecture.PowerPc64LittleEndian => SyscallNumbers.PowerPc64,
        SeccompArchitecture.S390 => SyscallNumbers.S390,
        SeccompArchitecture.S390X => SyscallNumbers.S390X,
        SeccompArchitecture.SuperH or SeccompArchitecture.SuperHBigEndian => SyscallNumbers.SuperH,
        SeccompArchitecture.PaRisc => SyscallNumbers.PaRisc,
        SeccompArchitecture.PaRisc64 => SyscallNumbers.PaRisc64,
        SeccompArchitecture.RiscV64 => SyscallNumbers.RiscV64,
    };

    /// <summary>The architecture of the kernel that runs programs of another one, or of the same.</summary>
    private static SeccompArchitecture KernelOf(SeccompArchitecture architecture) => architecture switch
    {
        SeccompArchitecture.X86 or SeccompArchitecture.X32 => SeccompArchitecture.X64,
        SeccompArchitecture.Arm => SeccompArchitecture.Arm64,
        SeccompArchitecture.Mips or SeccompArchitecture.Mips64N32 => SeccompArchitecture.Mips64,
        SeccompArchitecture.Mipsel or SeccompArchitecture.Mipsel64N32 => SeccompArchitecture.Mipsel64,
        SeccompArchitecture.PowerPc => SeccompArchitecture.PowerPc64,
        SeccompArchitecture.S390 => SeccompArchitecture.S390X,
        SeccompArchitecture.PaRisc => SeccompArchitecture.PaRisc64,
        _ => architecture,
    };
}
