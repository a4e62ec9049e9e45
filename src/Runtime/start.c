/* What the .NET runtime's start would do for a program that runs long and grows, and hull leaves out. The linker puts each
 * function here in the place of the runtime's own (--wrap, Runtime.csproj). Together they are a fifth of every start.
 * A runtime that names its functions otherwise fails the build.
 *
 * It is C because the runtime's start comes before anything managed. Nothing else belongs here. */
#include <asm/unistd.h>
#include <linux/membarrier.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* getenv: engines and services pass on DOTNET_* and COMPlus_* variables of their own, and each could resize the heap, ask for dumps
 * or end this start without a line. They are not for hull. The managed half still finds them where it lists the whole environment, for
 * the programs that it starts on the host. */
char *__real_getenv(const char *name);
char *__wrap_getenv(const char *name)
{
    return strncmp(name, "DOTNET_", 7) == 0 || strncmp(name, "COMPlus_", 8) == 0 ? NULL : __real_getenv(name);
}

static void complain(const char *reason)
{
    static const char before[] = "hull: the .NET runtime cannot start: ";
    if (write(2, before, sizeof before - 1) < 0 || write(2, reason, strlen(reason)) < 0)
        _exit(255);
}

/* RhInitialize: the runtime's start. When it fails, the program ends with 255 and says nothing; what it needs of the kernel is asked again
 * here, to say which of it is missing. */
unsigned char __real_RhInitialize(unsigned char is_library);
unsigned char __wrap_RhInitialize(unsigned char is_library)
{
    unsigned char started = __real_RhInitialize(is_library);
    if (started)
        return started;
    struct rlimit space;
    if (syscall(__NR_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) < 0 && mlock(&space, sizeof space) < 0)
        complain("the system call membarrier is forbidden and no page can be locked; allow it, or raise RLIMIT_MEMLOCK (ulimit -l)\n");
    else if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        complain("too little address space; raise RLIMIT_AS (ulimit -v)\n");
    else
        complain("memory or a system call is refused; strace shows which\n");
    return started;
}

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
