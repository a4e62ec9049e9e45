namespace Hull.Linux;

/// <summary>The processor that this binary is for, here arm64.</summary>
public static class Processor
{
    /// <summary>It is an arm64, otherwise an x86-64: there is no other build.</summary>
    public const bool IsArm64 = true;

    /// <summary>Tells the processor that this loop only waits.</summary>
    internal static void Pause() => System.Runtime.Intrinsics.Arm.ArmBase.Yield();
}

/// <summary>The few constants whose values differ between processors, here for arm64. asm/fcntl.h</summary>
internal static class ProcessorConstants
{
    internal const int O_DIRECTORY = 0x4000;
    internal const int O_NOFOLLOW = 0x8000;
    internal const int O_DIRECT = 0x10000;
}
