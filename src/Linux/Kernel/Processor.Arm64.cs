namespace Hull.Linux;

/// <summary>The processor that this binary is for, here arm64.</summary>
public static class Processor
{
    /// <summary>What a filter of system calls sees of it.</summary>
    public const AuditArchitecture Architecture = AuditArchitecture.Arm64;

    /// <summary>Tells the processor that this loop only waits.</summary>
    internal static void Pause() => System.Runtime.Intrinsics.Arm.ArmBase.Yield();
}
