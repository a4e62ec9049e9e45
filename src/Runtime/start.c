/* What the .NET runtime's start would do for a program that runs long and grows, and hull leaves out. The linker puts each
 * function here in the place of the runtime's own (--wrap, Runtime.csproj). Together they are a fifth of every start.
 * A runtime that names its functions otherwise fails the build.
 *
 * It is C because the runtime's start comes before anything managed. Nothing else belongs here. */
#include <stddef.h>

/* No finalizer thread: nothing of ours has a finalizer that must run, and a process with one thread forks without locks that
 * another holds, and takes the signals that it blocks from nobody else. */
unsigned char __wrap__Z23PalStartFinalizerThreadPFjPvES_(void *callback, void *context)
{
    (void)callback, (void)context;
    return 1;
}

/* InitializeCGroup, InitializeCpuCGroup, NUMASupportInitialize: the limits of the cgroup that hull itself is in, and memory
 * nodes, tell the garbage collector how large to become. Its size is set at build time (NativeAot.props). */
void __wrap__Z16InitializeCGroupv(void) { }
void __wrap__Z19InitializeCpuCGroupv(void) { }
void __wrap__Z21NUMASupportInitializev(void) { }

/* GCToOSInterface::GetCacheSizePerLogicalCpu: the least size of generation 0, in bytes; it too is set at build time. */
size_t __wrap__ZN15GCToOSInterface25GetCacheSizePerLogicalCpuEb(unsigned char true_size)
{
    (void)true_size;
    return 1 << 20;
}

#if defined(__x86_64__)
#include <cpuid.h>
extern int g_requiredCpuFeatures;

/* A dozen questions to the processor, which a virtual machine answers in 7 us each. One is enough: has it what the code was
 * compiled for? If not, the runtime says so. */
int __wrap_minipal_getcpufeatures(void)
{
    const unsigned needed = bit_SSE3 | bit_SSSE3 | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT;
    unsigned a, b, c, d;
    __cpuid(1, a, b, c, d);
    return (c & needed) == needed ? g_requiredCpuFeatures : 0;
}
#endif
