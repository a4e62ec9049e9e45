using System.Text.Json.Serialization;

namespace Hull.Oci;

/// <summary>The architectures of a filter; in the document with the prefix <c>SCMP_ARCH_</c> (SEC-04).</summary>
[UpperCaseNames("SCMP_ARCH_")]
[JsonConverter(typeof(SpecNameConverter<SeccompArchitecture>))]
public enum SeccompArchitecture
{
    /// <summary><c>X86</c>.</summary>
    X86,

    /// <summary><c>X86_64</c>.</summary>
    [SpecName("X86_64")]
    X64,

    /// <summary><c>X32</c>.</summary>
    X32,

    /// <summary><c>ARM</c>.</summary>
    Arm,

    /// <summary><c>AARCH64</c>.</summary>
    [SpecName("AARCH64")]
    Arm64,

    /// <summary><c>LOONGARCH64</c>.</summary>
    [SpecName("LOONGARCH64")]
    LoongArch64,

    /// <summary><c>M68K</c>.</summary>
    M68K,

    /// <summary><c>MIPS</c>.</summary>
    Mips,

    /// <summary><c>MIPS64</c>.</summary>
    Mips64,

    /// <summary><c>MIPS64N32</c>.</summary>
    Mips64N32,

    /// <summary><c>MIPSEL</c>.</summary>
    Mipsel,

    /// <summary><c>MIPSEL64</c>.</summary>
    Mipsel64,

    /// <summary><c>MIPSEL64N32</c>.</summary>
    Mipsel64N32,

    /// <summary><c>PPC</c>.</summary>
    [SpecName("PPC")]
    PowerPc,

    /// <summary><c>PPC64</c>.</summary>
    [SpecName("PPC64")]
    PowerPc64,

    /// <summary><c>PPC64LE</c>.</summary>
    [SpecName("PPC64LE")]
    PowerPc64LittleEndian,

    /// <summary><c>S390</c>.</summary>
    S390,

    /// <summary><c>S390X</c>.</summary>
    S390X,

    /// <summary><c>SH</c>.</summary>
    [SpecName("SH")]
    SuperH,

    /// <summary><c>SHEB</c>.</summary>
    [SpecName("SHEB")]
    SuperHBigEndian,

    /// <summary><c>PARISC</c>.</summary>
    [SpecName("PARISC")]
    PaRisc,

    /// <summary><c>PARISC64</c>.</summary>
    [SpecName("PARISC64")]
    PaRisc64,

    /// <summary><c>RISCV64</c>.</summary>
    [SpecName("RISCV64")]
    RiscV64,
}
