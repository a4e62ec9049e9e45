/* Runs one program and prints how long it took and what it needed: "NANOSECONDS PEAK_KIB STATUS FAULTS CPU_MICROSECONDS". Faults and CPU are those of
 * the program and of what it has waited for.
 *
 * A C program, because the benchmark itself must not show in the figures: a child's peak memory starts at that of the process
 * that spawned it (the kernel carries the high-water mark over execve), which for a .NET process is tens of megabytes, and
 * starting a child from .NET adds a thread, locks and pipes to the time.
 * usage: spawn OUTPUT PROGRAM ARGUMENT...   (the program's stdout and stderr go to OUTPUT) */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: spawn OUTPUT PROGRAM ARGUMENT...\n");
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);

    pid_t child;
    int status;
    struct rusage usage;
    long long start = now();
    int error = posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ);
    if (error != 0) {
        fprintf(stderr, "spawn: %s: error %d\n", argv[2], error);
        return 1;
    }
    if (wait4(child, &status, 0, &usage) != child) {
        perror("wait4");
        return 1;
    }
    long long end = now();
    long long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    printf("%lld %ld %d %ld %lld\n", end - start, usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        usage.ru_minflt, cpu);
    return 0;
}
