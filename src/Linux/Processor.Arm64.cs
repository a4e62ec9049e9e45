namespace Hull.Linux;

/// <summary>The processor that this binary is for, here arm64.</summary>
public static class Processor
{
    /// <summary>What a filter of system calls sees of it.</summary>
    public const AuditArchitecture Architecture = AuditArchitecture.Arm64;
}
