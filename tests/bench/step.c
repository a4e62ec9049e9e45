/* Runs a program one instruction at a time, with all that it forks, and prints where its instructions were, in blocks of 16 bytes, each once, the
 * first first. For order.sh: which functions a start calls. Minutes for what takes milliseconds.
 * usage: step PROGRAM ARGUMENT...   (its own output goes nowhere) */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOWEST 0x200000ul /* where the linker puts a static program */
#define SIZE 0x800000ul
#define BLOCK 16

static unsigned char seen[SIZE / BLOCK];

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: step PROGRAM ARGUMENT...\n");
        return 2;
    }
    pid_t first = fork();
    if (first == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        for (int stream = 0; stream < 3; stream++)
            dup2(nowhere, stream);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    waitpid(first, &status, 0);
    ptrace(PTRACE_SETOPTIONS, first, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK);
    ptrace(PTRACE_SINGLESTEP, first, 0, 0);
    for (pid_t one; (one = waitpid(-1, &status, __WALL)) > 0;) {
        struct user_regs_struct registers;
        if (!WIFSTOPPED(status)) {
            if (one == first)
                return 0;
            continue;
        }
        if (ptrace(PTRACE_GETREGS, one, 0, &registers) == 0 && registers.rip >= LOWEST && registers.rip < LOWEST + SIZE) {
            unsigned long block = (registers.rip - LOWEST) / BLOCK;
            if (!seen[block])
                printf("%llx\n", registers.rip);
            seen[block] = 1;
        }
        int own = WSTOPSIG(status) == SIGTRAP || WSTOPSIG(status) == SIGSTOP;
        ptrace(PTRACE_SINGLESTEP, one, 0, own ? 0 : WSTOPSIG(status));
    }
    return 0;
}
