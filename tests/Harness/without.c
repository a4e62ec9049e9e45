/* without ERRNO:CALL,CALL... PROGRAM [ARGUMENT...]: becomes the program, under a filter of system calls that answers ENOSYS or EPERM to some: what an older
 * kernel lacks, or what the profile of an engine around hull does not know. "4.18", "5.4" and "5.10" stand for what those kernels lack, as far as a filter can
 * tell it from the numbers of calls and arguments. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#define NUMBER offsetof(struct seccomp_data, nr)

static const struct { const char *name; long number; } calls[] = {
    {"pidfd_send_signal", 424}, {"open_tree", 428}, {"move_mount", 429}, {"fsopen", 430}, {"fsconfig", 431}, {"fsmount", 432}, {"fspick", 433},
    {"pidfd_open", 434}, {"clone3", 435}, {"close_range", 436}, {"openat2", 437}, {"pidfd_getfd", 438}, {"faccessat2", 439}, {"mount_setattr", 442},
};

static const struct { const char *name; const char *calls; } kernels[] = {
    {"4.18", "pidfd_send_signal,open_tree,move_mount,fsopen,fsconfig,fsmount,fspick,pidfd_open,clone3,close_range,openat2,pidfd_getfd,faccessat2,"
             "mount_setattr,waitid-of-pidfd,setns-of-pidfd"},
    {"5.4", "close_range,openat2,pidfd_getfd,faccessat2,mount_setattr,setns-of-pidfd"},
    {"5.10", "mount_setattr,close_range-cloexec"},
};

static struct sock_filter program[256];
static unsigned short length;

static void add(unsigned short code, unsigned value, unsigned char yes, unsigned char no)
{
    program[length++] = (struct sock_filter){code, yes, no, value};
}

static void load(unsigned offset) { add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }

static void answer(int error) { add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error, 0, 0); }

static void forbid(const char *name, int error)
{
    load(NUMBER);
    if (!strcmp(name, "waitid-of-pidfd")) {
        add(BPF_JMP | BPF_JEQ | BPF_K, __NR_waitid, 0, 3);
        load(ARGUMENT(0));
        add(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 1);
        answer(EINVAL);
        return;
    }
    if (!strcmp(name, "close_range-cloexec")) {
        add(BPF_JMP | BPF_JEQ | BPF_K, 436, 0, 3);
        load(ARGUMENT(2));
        add(BPF_JMP | BPF_JSET | BPF_K, 4, 0, 1);
        answer(EINVAL);
        return;
    }
    if (!strcmp(name, "setns-of-pidfd")) {
        /* More than one kind at once: x & (x - 1). */
        add(BPF_JMP | BPF_JEQ | BPF_K, __NR_setns, 0, 6);
        load(ARGUMENT(1));
        add(BPF_MISC | BPF_TAX, 0, 0, 0);
        add(BPF_ALU | BPF_SUB | BPF_K, 1, 0, 0);
        add(BPF_ALU | BPF_AND | BPF_X, 0, 0, 0);
        add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
        answer(EINVAL);
        return;
    }
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
        if (!strcmp(name, calls[i].name)) {
            add(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1);
            answer(error);
            return;
        }
    fprintf(stderr, "without: unknown call %s\n", name);
    exit(125);
}

static void forbid_all(char *list, int error)
{
    char *rest = NULL;
    for (char *name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        unsigned i = 0;
        while (i < sizeof kernels / sizeof *kernels && strcmp(name, kernels[i].name))
            i++;
        if (i < sizeof kernels / sizeof *kernels)
            forbid_all(strdup(kernels[i].calls), error);
        else
            forbid(name, error);
    }
}

int main(int argc, char **argv)
{
    char *list = argc > 2 ? strchr(argv[1], ':') : NULL;
    int error = !list ? 0 : !strncmp(argv[1], "ENOSYS:", 7) ? ENOSYS : !strncmp(argv[1], "EPERM:", 6) ? EPERM : 0;
    if (!error) {
        fprintf(stderr, "usage: without ENOSYS|EPERM:CALL,CALL... PROGRAM [ARGUMENT...]\n");
        return 125;
    }
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    forbid_all(list + 1, error);
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    struct sock_fprog filter = {length, program};
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter)
        && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter))) {
        perror("without: seccomp");
        return 125;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
