namespace Hull.Linux;

/// <summary>The processors that this project is built for, as filters of system calls see them. linux/audit.h</summary>
public enum AuditArchitecture : uint
{
    /// <summary>No processor.</summary>
    None = 0,
    /// <summary><c>AUDIT_ARCH_X86_64</c></summary>
    X64 = 0xC000003E,
    /// <summary><c>AUDIT_ARCH_AARCH64</c></summary>
    Arm64 = 0xC00000B7,
}
