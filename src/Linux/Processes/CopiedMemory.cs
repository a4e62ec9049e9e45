using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>The memory that a process shares with its child after a clone, until one of them writes to it.</summary>
internal static unsafe class CopiedMemory
{
    private const int PopulateWrite = 23;
    private const int PageSize = 4096;
    private const int NextObjects = 16 * PageSize;
    private const int NextFrames = 3 * PageSize;

    /// <summary>
    /// <c>madvise(start, length, MADV_POPULATE_WRITE)</c> of where the next objects and frames of this thread come: one call each instead of a page
    /// fault for every page, which the child's copy causes. Only a matter of time; what fails is as it was. Kernel 5.14. madvise(2)
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Renew()
    {
        // SAFETY: the address of an object is only looked at as a number; the kernel reads and writes nothing but what is there.
        object next = new();
        nint objects = Unsafe.As<object, nint>(ref next) & -PageSize, frame = (nint)(&objects) & -PageSize;
        Kernel.Call(SyscallNumber.madvise, objects, NextObjects, PopulateWrite);
        Kernel.Call(SyscallNumber.madvise, frame - NextFrames + PageSize, NextFrames, PopulateWrite);
    }
}
