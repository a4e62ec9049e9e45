/* Prints what three system calls cost here, in nanoseconds each: getppid, which every filter allows; personality with an argument that
 * profiles look at; and kexec_load, which they forbid. The least of several rounds: nothing makes a call cheaper than it is. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static double cost(long number, long argument) {
    double least = 1e9;
    for (int round = 0; round < 50; round++) {
        double begin = now();
        for (int i = 0; i < 4000; i++)
            syscall(number, argument, 0, 0, 0);
        double each = (now() - begin) / 4000;
        if (each < least)
            least = each;
    }
    return least;
}

int main(void) {
    printf("%.1f %.1f %.1f\n", cost(SYS_getppid, 0), cost(SYS_personality, 0xffffffff), cost(SYS_kexec_load, 0));
    return 0;
}
