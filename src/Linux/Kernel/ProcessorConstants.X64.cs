namespace Hull.Linux;

/// <summary>The few constants whose values differ between processors, here for x86-64. asm/fcntl.h</summary>
internal static class ProcessorConstants
{
    internal const int O_DIRECTORY = 0x10000;
    internal const int O_NOFOLLOW = 0x20000;
    internal const int O_DIRECT = 0x4000;
}
