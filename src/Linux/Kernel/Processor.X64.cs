namespace Hull.Linux;

/// <summary>The processor that this binary is for, here x86-64.</summary>
public static class Processor
{
    /// <summary>It is an arm64, otherwise an x86-64: there is no other build.</summary>
    public const bool IsArm64 = false;

    /// <summary>Tells the processor that this loop only waits.</summary>
    internal static void Pause() => System.Runtime.Intrinsics.X86.X86Base.Pause();
}

/// <summary>The few constants whose values differ between processors, here for x86-64. asm/fcntl.h</summary>
internal static class ProcessorConstants
{
    internal const int O_DIRECTORY = 0x10000;
    internal const int O_NOFOLLOW = 0x20000;
    internal const int O_DIRECT = 0x4000;
}
