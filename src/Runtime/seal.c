/* The program's entry point: starts hull again from a read-only view of itself, so that no container can ever write to the
 * file that runs on the host (CVE-2019-5736). What /proc/PID/exe of a container process leads to cannot be opened for
 * writing, by anybody, however long somebody keeps it open.
 *
 * With start.c this is the only C in the product. In managed code the second start would cost a second start of the .NET
 * runtime, about 1 ms of every container. It runs before the C library too, whose start asks the processor dozens of questions
 * that a virtual machine answers slowly; so it may use nothing but system calls. */
#include <asm-generic/errno.h>
#include <asm/unistd.h>
#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/prctl.h>

#define SELF "/proc/self/exe"
#define READ_ONLY_FILE_SYSTEM 1 /* ST_RDONLY */
#define END_OF_FILE 2           /* SEEK_END */
#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

#if defined(__x86_64__)
__asm__(".globl hull_start\n"
        "hull_start:\n"
        "  mov %rsp, %rdi\n" /* where the kernel has put argc, argv and the environment */
        "  push %rdx\n"      /* the C library's _start wants this register as the kernel left it */
        "  sub $8, %rsp\n"
        "  call seal\n"
        "  add $8, %rsp\n"
        "  pop %rdx\n"
        "  jmp _start\n");

static long call(long number, long a, long b, long c, long d, long e)
{
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl hull_start\n"
        "hull_start:\n"
        "  str x0, [sp, #-16]!\n"
        "  add x0, sp, #16\n"
        "  bl seal\n"
        "  ldr x0, [sp], #16\n"
        "  b _start\n");

static long call(long number, long a, long b, long c, long d, long e)
{
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
}
#endif

static long map(unsigned long address, unsigned long size, int protection, long file, unsigned long offset)
{
#if defined(__x86_64__)
    register long r10 __asm__("r10") = MAP_PRIVATE | MAP_FIXED, r8 __asm__("r8") = file, r9 __asm__("r9") = offset;
    long result;
    __asm__ volatile("syscall" : "=a"(result)
                     : "a"(__NR_mmap), "D"(address), "S"(size), "d"((long)protection), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = __NR_mmap, x0 __asm__("x0") = address, x1 __asm__("x1") = size, x2 __asm__("x2") = protection;
    register long x3 __asm__("x3") = MAP_PRIVATE | MAP_FIXED, x4 __asm__("x4") = file, x5 __asm__("x5") = offset;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
#endif
}

extern char __executable_start[], etext[], edata[], end[];
extern const Elf64_Ehdr __ehdr_start;
#define PAGE 4096ul

struct file_system { long type, block_size, counts[5], id, name_length, fragment_size, flags, spare[4]; };

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* For the commands whose process, or a fork of it, enters a container: what the command ends with when it fails by itself, so that callers of exec can
 * tell it from the program's own status. 0 for other commands. A container id of the same name costs it one execve. */
static int failure_status(long argc, char **argv)
{
    for (long i = 1; i < argc; i++) {
        if (same(argv[i], "exec"))
            return 255;
        if (same(argv[i], "create") || same(argv[i], "run") || same(argv[i], "restore"))
            return 1;
    }
    return 0;
}

/* Asked of the kernel: a mark in the environment could be forged, and would be inherited. */
static int is_sealed(void)
{
    struct file_system status;
    if (call(__NR_statfs, (long)SELF, (long)&status, 0, 0, 0) == 0 && (status.flags & READ_ONLY_FILE_SYSTEM))
        return 1;
    long self = call(__NR_openat, AT_FDCWD, (long)SELF, O_RDONLY | O_CLOEXEC, 0, 0);
    long seals = call(__NR_fcntl, self, F_GET_SEALS, 0, 0, 0);
    call(__NR_close, self, 0, 0, 0, 0);
    return seals >= 0 && (seals & F_SEAL_WRITE);
}

/* A read-only mount of this one file, attached nowhere; ours alone, and gone with the last process that runs from it. */
static long read_only_mount(void)
{
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};
    long tree = call(__NR_open_tree, AT_FDCWD, (long)SELF, OPEN_TREE_CLONE | O_CLOEXEC, 0, 0);
    if (tree >= 0 && call(__NR_mount_setattr, tree, (long)"", AT_EMPTY_PATH, (long)&read_only, sizeof read_only) == 0)
        return tree;
    call(__NR_close, tree, 0, 0, 0, 0);
    return -1;
}

static char *append(char *end, unsigned long number)
{
    if (number >= 10)
        end = append(end, number / 10);
    *end = '0' + number % 10;
    return end + 1;
}

/* Maps this program's own file anew, from the read-only mount: the same bytes at the same addresses, this function's among them. Nothing
 * of it has been written to yet. */
static int map_from(long file)
{
    const Elf64_Phdr *header = (const Elf64_Phdr *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
    for (int i = 0; i < __ehdr_start.e_phnum; i++, header++) {
        if (header->p_type != PT_LOAD)
            continue;
        unsigned long before = header->p_vaddr % header->p_align, end = header->p_vaddr + header->p_filesz;
        int protection = (header->p_flags & PF_R ? PROT_READ : 0) | (header->p_flags & PF_W ? PROT_WRITE : 0) | (header->p_flags & PF_X ? PROT_EXEC : 0);
        int zero = header->p_memsz > header->p_filesz;
        if (map(header->p_vaddr - before, before + header->p_filesz, protection, file, header->p_offset - before) < 0)
            return 0;
        for (volatile char *rest = (char *)end; zero && (unsigned long)rest % PAGE != 0; rest++)
            *rest = 0; /* what follows in the file is not the program's */
    }
    return 1;
}

/* Makes the file on the read-only mount the one that this process runs from: its mappings first, as long as one is left the kernel refuses, then
 * what /proc/PID/exe leads to. It spares the second execve, a tenth of a container's start. Asks for CAP_CHECKPOINT_RESTORE (Linux 5.9) or
 * CAP_SYS_ADMIN, and for a kernel that knows checkpoints. PR_SET_MM_MAP, prctl(2) */
static int run_from(long tree, long *start, char **environment)
{
    char path[32] = "/proc/self/fd/";
    *append(path + 14, tree) = 0;
    long file = call(__NR_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0);
    if (file < 0)
        return 0;
    char **argv = (char **)(start + 1), **last = environment;
    while (*last)
        last++;
    unsigned long top = call(__NR_brk, 0, 0, 0, 0, 0), arguments = (unsigned long)(start[0] > 0 ? argv[0] : (char *)start);
    unsigned long after = last > environment ? (unsigned long)environment[0] : arguments, end = after;
    for (char *text = last > environment ? last[-1] : (char *)after - 1; last > environment && end == after; text++)
        end = *text ? end : (unsigned long)text + 1;
    struct prctl_mm_map memory = {
        .start_code = (unsigned long)__executable_start, .end_code = (unsigned long)etext, .start_data = (unsigned long)etext,
        .end_data = (unsigned long)edata, .start_brk = top, .brk = top, .start_stack = (unsigned long)start,
        .arg_start = arguments, .arg_end = after, .env_start = after, .env_end = end, .exe_fd = file,
    };
    int moved = map_from(file) && call(__NR_prctl, PR_SET_MM, PR_SET_MM_MAP, (long)&memory, sizeof memory, 0) == 0;
    call(__NR_close, file, 0, 0, 0, 0);
    return moved;
}

/* Without the right to mount: a copy in memory that can no longer be changed. Minus the error number when there is none. */
static long sealed_copy(void)
{
    long self = call(__NR_openat, AT_FDCWD, (long)SELF, O_RDONLY | O_CLOEXEC, 0, 0);
    long copy = call(__NR_memfd_create, (long)"hull", MFD_CLOEXEC | MFD_ALLOW_SEALING, 0, 0, 0);
    long size = call(__NR_lseek, self, 0, END_OF_FILE, 0, 0), offset = 0, sent = 1;
    while (offset < size && (sent = call(__NR_sendfile, copy, self, (long)&offset, size - offset, 0)) > 0) { }
    call(__NR_close, self, 0, 0, 0, 0);
    if (self < 0 || copy < 0 || size < 0 || sent < 0)
        return self < 0 ? self : copy < 0 ? copy : size < 0 ? size : sent;
    long sealed = size > 0 && offset == size ? call(__NR_fcntl, copy, F_ADD_SEALS, ALL_SEALS, 0, 0) : -EIO;
    return sealed < 0 ? sealed : copy;
}

/* Where the managed half keeps static fields and the cells of interface calls, which each command writes to here and there: {start, end}.
 * Runtime.csproj puts the addresses in when it has linked; no symbol of another file leads there. */
__attribute__((section("hull_written"), used)) static const volatile unsigned long written[2] = {0, 0};

static void populate(unsigned long start, unsigned long end, int advice)
{
    start &= -PAGE;
    call(__NR_madvise, start, ((end + PAGE - 1) & -PAGE) - start, advice, 0, 0);
}

/* What a start touches of this file is spread over all of it, a page fault each (10 to 20 us on a virtual machine; all pages together cost as
 * much as ten), and so are the places that it writes to: what is protected after relocation, the end of the data, the stack. Linux 5.14; before,
 * the pages come one by one. */
static void bring_in(void)
{
    const Elf64_Phdr *header = (const Elf64_Phdr *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
    populate((unsigned long)__executable_start, (unsigned long)edata, MADV_POPULATE_READ);
    for (int i = 0; i < __ehdr_start.e_phnum; i++, header++)
        if (header->p_type == PT_GNU_RELRO)
            populate(header->p_vaddr, header->p_vaddr + header->p_memsz + PAGE, MADV_POPULATE_WRITE);
    if (written[0] != 0)
        populate(written[0], written[1], MADV_POPULATE_WRITE);
    populate((unsigned long)edata - 3 * PAGE, (unsigned long)end, MADV_POPULATE_WRITE);
    populate((unsigned long)&header - 6 * PAGE, (unsigned long)&header - PAGE, MADV_POPULATE_WRITE);
}

/* The C library reads the kernel's own library (vdso(7)) and its clock from four pages more, which a command that asks the time twice
 * does better without. */
static void hide_vdso(long *auxiliary)
{
    for (; auxiliary[0] != AT_NULL; auxiliary += 2)
        if (auxiliary[0] == AT_SYSINFO_EHDR)
            auxiliary[0] = AT_IGNORE;
}

/* Goes on with this process. */
static void prepare(char **environment)
{
    while (*environment)
        environment++;
    hide_vdso((long *)(environment + 1));
    bring_in();
}

__attribute__((used)) void seal(long *start)
{
    static char message[] = "hull: cannot protect its own file from containers (CVE-2019-5736): no read-only mount, no sealed copy: errno 000\n";
    long argc = start[0];
    char **argv = (char **)(start + 1), **environment = argv + argc + 1;
    int status = failure_status(argc, argv);
    if (!status) {
        prepare(environment);
        return;
    }
    if (is_sealed()) {
        prepare(environment);
        call(__NR_prctl, PR_SET_NAME, (long)"hull", 0, 0, 0); /* older kernels name this process after a descriptor's number */
        return;
    }
    long self = read_only_mount();
    if (self >= 0 && run_from(self, start, environment)) {
        call(__NR_close, self, 0, 0, 0, 0);
        prepare(environment);
        return;
    }
    if (self < 0)
        self = sealed_copy();
    long error = -(self < 0 ? self : call(__NR_execveat, self, (long)"", (long)argv, (long)environment, AT_EMPTY_PATH));
    for (char *digit = message + sizeof message - 3; error > 0; error /= 10)
        *digit-- = '0' + error % 10;
    call(__NR_write, 2, (long)message, sizeof message - 1, 0, 0);
    call(__NR_exit_group, status, 0, 0, 0, 0);
}
