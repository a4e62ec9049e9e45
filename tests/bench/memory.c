// The program of the checkpoint benchmark: so many MiB of memory that is no zeroes, and nothing of the caller's open.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **words)
{
    size_t size = (size_t)(count > 1 ? atoi(words[1]) : 256) << 20;
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    if (null > 2)
        close(null);
    unsigned *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return 1;
    unsigned value = 1;
    for (size_t i = 0; i < size / sizeof *memory; i++)
        memory[i] = value = value * 1664525u + 1013904223u;
    for (;;)
        pause();
}
