namespace Hull.Linux;

/// <summary>What may be done with mapped memory. mmap(2), sys/mman.h</summary>
[Flags]
internal enum MemoryProtection
{
    /// <summary><c>PROT_READ</c></summary>
    Read = 1,
    /// <summary><c>PROT_WRITE</c></summary>
    Write = 2,
}

/// <summary>Whose the changes of mapped memory are. mmap(2), sys/mman.h</summary>
[Flags]
internal enum MemoryMapFlags
{
    /// <summary><c>MAP_SHARED</c>: every process that has mapped the file sees them.</summary>
    Shared = 1,
}

/// <summary>Memory that processes share.</summary>
internal static unsafe class SharedMemory
{
    /// <summary>
    /// <c>mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)</c>: a file as memory, never unmapped: a fork has it at the same
    /// address. mmap(2)
    /// </summary>
    /// <exception cref="KernelException">It cannot be mapped.</exception>
    internal static byte* Map(Fd file, int length) => (byte*)Kernel.Call(
        SyscallNumber.mmap, 0, length, (nint)(MemoryProtection.Read | MemoryProtection.Write), (nint)MemoryMapFlags.Shared, file.Number, 0)
        .OrThrow("mmap");
}
