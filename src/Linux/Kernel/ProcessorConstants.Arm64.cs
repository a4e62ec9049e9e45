namespace Hull.Linux;

/// <summary>The few constants whose values differ between processors, here for arm64. asm/fcntl.h</summary>
internal static class ProcessorConstants
{
    internal const int O_DIRECTORY = 0x4000;
    internal const int O_NOFOLLOW = 0x8000;
    internal const int O_DIRECT = 0x10000;
}
