/* What the .NET runtime's start would do for a program that runs long and grows, and hull leaves out. The linker puts each
 * function here in the place of the runtime's own (--wrap, Runtime.csproj). Together they are a fifth of every start.
 * A runtime that names its functions otherwise fails the build.
 *
 * It is C because the runtime's start comes before anything managed. Nothing else belongs here. */
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
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
    /* What malloc has, the runtime uses half of: one system call instead of a dozen page faults. */
    const size_t heap = 128ul << 10;
    madvise((void *)(((uintptr_t)sbrk(0) - heap) & -4096ul), heap, MADV_POPULATE_WRITE);
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

/* sysconf, sched_getaffinity: how many processors and how much memory there are, read from /sys and /proc many times over. The runtime wants to
 * know it for threads and for the collector's size; hull has one thread, and a heap that is smaller than any machine (NativeAot.props). */
long __real_sysconf(int name);
long __wrap_sysconf(int name)
{
    switch (name) {
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return 1;
    case _SC_PHYS_PAGES:
        return (1l << 30) / __real_sysconf(_SC_PAGESIZE);
    default:
        return __real_sysconf(name);
    }
}

int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
    (void)process;
    CPU_ZERO_S(size, set);
    CPU_SET_S(0, size, set);
    return 0;
}

/* GCToOSInterface::GetMemoryStatus: /proc/meminfo, for a collector that is to collect more eagerly when the machine is full. */
void __wrap__ZN15GCToOSInterface15GetMemoryStatusEmPjPmS1_(uint64_t limit, uint32_t *load, uint64_t *available, uint64_t *page_file)
{
    if (load)
        *load = 0;
    if (available)
        *available = limit ? limit : 1ul << 30;
    if (page_file)
        *page_file = 0;
}

/* PalGetMaximumStackBounds: the C library reads /proc/self/maps for it. Above the stack's beginning lie the arguments and the environment, at
 * most a quarter of its limit (execve(2)). */
extern void *__libc_stack_end;
unsigned char __wrap__Z24PalGetMaximumStackBoundsPPvS0_(void **low, void **high)
{
    const uintptr_t usual = 8ul << 20, page = 4096;
    struct rlimit limit;
    uintptr_t end = ((uintptr_t)__libc_stack_end + page - 1) & ~(page - 1);
    uintptr_t size = getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < usual ? limit.rlim_cur : usual;
    *high = (void *)end;
    *low = (void *)(end - (size - size / 4));
    return 1;
}

/* GCToOSInterface::VirtualReserve, VirtualCommit and VirtualDecommit: the collector's memory. The runtime makes each few pages of it accessible
 * by themselves, two system calls each time. Here 64 MiB become accessible by one. What is accessible costs nothing until it is touched: the
 * kernel is told to reserve no memory for it, and to make no huge pages of it, which would take 2 MiB where a container may have 512 KiB. */
#define WINDOW (64ul << 20)
#define CHUNK (256ul << 10)
static struct reservation { char *start; size_t size; uint64_t accessible; } reservations[8];

static struct reservation *reservation_of(const char *address)
{
    for (struct reservation *it = reservations; it < reservations + sizeof reservations / sizeof *reservations; it++)
        if (address >= it->start && address < it->start + it->size)
            return it;
    return NULL;
}

void *__wrap__ZN15GCToOSInterface14VirtualReserveEmmjt(size_t size, size_t alignment, uint32_t flags, uint16_t node)
{
    (void)flags, (void)node;
    struct reservation *free = reservations;
    while (free < reservations + sizeof reservations / sizeof *reservations && free->size > 0)
        free++;
    int whole = size <= WINDOW; /* accessible as soon as it is there */
    int known = free < reservations + sizeof reservations / sizeof *reservations && size <= 64 * WINDOW;
    size_t slack = alignment > 4096 ? alignment : 0;
    char *start = mmap(NULL, size + slack, whole && known ? PROT_READ | PROT_WRITE : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED && whole && known) {
        start = mmap(NULL, size + slack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        known = 0;
    }
    if (start == MAP_FAILED)
        return NULL;
    if (slack > 0)
        start = (char *)(((uintptr_t)start + slack - 1) & ~(slack - 1));
    if (size >= 2ul << 20)
        madvise(start, size, MADV_NOHUGEPAGE);
    if (known)
        *free = (struct reservation){start, size, whole ? ~0ul : 0};
    return start;
}

unsigned char __wrap__ZN15GCToOSInterface14VirtualReleaseEPvm(void *address, size_t size)
{
    struct reservation *whole = reservation_of(address);
    if (whole)
        whole->size = 0;
    return munmap(address, size) == 0;
}

unsigned char __wrap__ZN15GCToOSInterface13VirtualCommitEPvmt(void *address, size_t size, uint16_t node)
{
    (void)node;
    struct reservation *within = reservation_of(address);
    size_t first = within ? ((char *)address - within->start) / WINDOW : 0;
    size_t last = within ? ((char *)address + size - 1 - within->start) / WINDOW : 0;
    for (size_t window = first; within && window <= last; window++) {
        char *start = within->start + window * WINDOW;
        size_t rest = within->start + within->size - start;
        if (within->accessible & (1ul << window))
            continue;
        /* A limit of the process's data (RLIMIT_DATA) may allow less. */
        if (mprotect(start, rest < WINDOW ? rest : WINDOW, PROT_READ | PROT_WRITE) != 0)
            within = NULL;
        else
            within->accessible |= 1ul << window;
    }
    if (!within && mprotect(address, size, PROT_READ | PROT_WRITE) != 0)
        return 0;
    /* What the collector asks for it uses at once: one system call (Linux 5.14) instead of a page fault each. */
    if (size <= CHUNK)
        madvise(address, size, MADV_POPULATE_WRITE);
    return 1;
}

unsigned char __wrap__ZN15GCToOSInterface15VirtualDecommitEPvm(void *address, size_t size)
{
    return madvise(address, size, MADV_DONTNEED) == 0;
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
