// Holds one kind of thing that the kernel gives a program, and says after a checkpoint whether it still works. `holder KIND [SOCKET]`: writes "holds" to
// /state, waits for /go, tries the thing, and writes "works" or what is broken. `holder with-secret PROGRAM...` is another part: below.
// Static, so that any rootfs runs it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int file = open("/state.new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, text, strlen(text)) < 0 || close(file) < 0 || rename("/state.new", "/state") < 0)
        _exit(9);
}

static void check(int good, const char *what)
{
    if (!good) {
        say("broken: %s: %s", what, strerror(errno));
        _exit(1);
    }
}

static void hold(void)
{
    say("holds");
    while (access("/go", F_OK) != 0)
        usleep(20000);
}

static int readable(int descriptor)
{
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    return poll(&one, 1, 20000) == 1 && (one.revents & POLLIN);
}

static void hold_tcp(void)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    check(bind(listener, (void *)&address, sizeof address) == 0 && listen(listener, 1) == 0, "listen");
    pid_t client = fork();
    if (client == 0) {
        char text[8];
        int connection = socket(AF_INET, SOCK_STREAM, 0);
        check(connect(connection, (void *)&address, sizeof address) == 0, "connect");
        while (read(connection, text, 4) == 4)
            if (write(connection, text, 4) != 4)
                break;
        _exit(0);
    }
    int connection = accept(listener, 0, 0);
    char text[8] = "";
    check(write(connection, "ping", 4) == 4 && read(connection, text, 4) == 4, "talk before");
    hold();
    check(write(connection, "pong", 4) == 4, "write to the connection");
    check(readable(connection) && read(connection, text, 4) == 4 && memcmp(text, "pong", 4) == 0, "read the echo");
    int another = socket(AF_INET, SOCK_STREAM, 0);
    check(connect(another, (void *)&address, sizeof address) == 0, "connect again");
}

static void hold_unix(int kind, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int connection = socket(AF_UNIX, kind, 0);
    check(connect(connection, (void *)&address, sizeof address) == 0, "connect");
    check(send(connection, "first", 5, 0) == 5, "send before");
    hold();
    check(send(connection, "second", 6, 0) == 6, "send");
}

static void hold_pair(void)
{
    int pair[2];
    char text[8] = "";
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(pair[0], "kept", 4) == 4, "socketpair");
    hold();
    check(readable(pair[1]) && read(pair[1], text, 4) == 4 && memcmp(text, "kept", 4) == 0, "read what was on its way");
}

static void hold_epoll(void)
{
    int event = eventfd(0, 0), poller = epoll_create1(0);
    struct epoll_event wanted = {.events = EPOLLIN, .data.u64 = 0x1234}, got = {0};
    check(epoll_ctl(poller, EPOLL_CTL_ADD, event, &wanted) == 0, "epoll_ctl");
    hold();
    check(epoll_wait(poller, &got, 1, 0) == 0, "nothing is ready");
    check(eventfd_write(event, 7) == 0 && epoll_wait(poller, &got, 1, 20000) == 1 && got.data.u64 == 0x1234, "epoll_wait");
    eventfd_t value;
    check(eventfd_read(event, &value) == 0 && value == 7, "eventfd_read");
}

static volatile int alarms;
static void on_alarm(int signal) { alarms += signal != 0; }

static void hold_timers(void)
{
    struct itimerspec often = {{0, 50000000}, {0, 50000000}};
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    check(timerfd_settime(timer, 0, &often, 0) == 0, "timerfd_settime");
    signal(SIGALRM, on_alarm);
    struct itimerval alarming = {{0, 50000}, {0, 50000}};
    check(setitimer(ITIMER_REAL, &alarming, 0) == 0, "setitimer");
    timer_t posix;
    struct sigevent by_signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    signal(SIGUSR1, SIG_IGN);
    sigset_t user;
    sigemptyset(&user);
    sigaddset(&user, SIGUSR1);
    check(timer_create(CLOCK_MONOTONIC, &by_signal, &posix) == 0 && timer_settime(posix, 0, &often, 0) == 0, "timer_create");
    hold();
    unsigned long long expired;
    int before = alarms;
    check(read(timer, &expired, sizeof expired) == sizeof expired || errno == EINTR, "timerfd");
    for (int i = 0; i < 400 && alarms < before + 3; i++)
        usleep(50000);
    check(alarms >= before + 3, "SIGALRM goes on");
    struct itimerspec rest;
    check(timer_gettime(posix, &rest) == 0 && (rest.it_interval.tv_nsec == 50000000), "timer_gettime");
}

static void hold_signals(void)
{
    sigset_t user;
    sigemptyset(&user);
    sigaddset(&user, SIGUSR2);
    check(sigprocmask(SIG_BLOCK, &user, 0) == 0, "sigprocmask");
    int signals = signalfd(-1, &user, 0);
    kill(getpid(), SIGUSR2);
    hold();
    struct signalfd_siginfo got;
    check(readable(signals) && read(signals, &got, sizeof got) == sizeof got && got.ssi_signo == SIGUSR2, "the pending signal");
}

static void hold_inotify(void)
{
    mkdir("/watched", 0755);
    int watcher = inotify_init1(0);
    check(inotify_add_watch(watcher, "/watched", IN_CREATE) >= 0, "inotify_add_watch");
    hold();
    char events[512];
    check(mkdir("/watched/new", 0755) == 0 && readable(watcher), "an event comes");
    check(read(watcher, events, sizeof events) > 0 && (((struct inotify_event *)events)->mask & IN_CREATE), "of the right kind");
}

static void hold_pidfd(void)
{
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    int process = syscall(SYS_pidfd_open, child, 0);
    check(process >= 0, "pidfd_open");
    hold();
    check(syscall(SYS_pidfd_send_signal, process, 0, 0, 0) == 0, "pidfd_send_signal 0");
    check(syscall(SYS_pidfd_send_signal, process, SIGKILL, 0, 0) == 0 && readable(process), "the child ends");
    check(waitpid(child, 0, 0) == child, "waitpid");
}

static void hold_memory(void)
{
    int file = open("/gone", O_RDWR | O_CREAT, 0600), memory = memfd_create("kept", 0);
    check(file >= 0 && unlink("/gone") == 0 && write(file, "deleted", 7) == 7, "a deleted file");
    check(ftruncate(memory, 4096) == 0, "memfd");
    char *mapped = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    char *shared = shmat(segment, 0, 0);
    check(mapped != MAP_FAILED && shared != (char *)-1, "map");
    strcpy(mapped, "memfd");
    strcpy(shared, "sysv");
    hold();
    char text[8] = "";
    check(pread(file, text, 7, 0) == 7 && strcmp(text, "deleted") == 0, "the deleted file's content");
    check(pread(memory, text, 6, 0) == 6 && strcmp(text, "memfd") == 0 && strcmp(mapped, "memfd") == 0, "the memfd's content");
    check(strcmp(shared, "sysv") == 0, "the shared segment's content");
}

static void hold_uring(void)
{
    char parameters[256] = {0};
    int ring = syscall(SYS_io_uring_setup, 4, parameters);
    if (ring < 0) {
        say("none: %s", strerror(errno));
        for (;;)
            pause();
    }
    hold();
}

#define JOIN_SESSION_KEYRING 1
#define SEARCH 10
#define SESSION_KEYRING -3
#define SECRET "hull-test-secret"

// Becomes a program whose session keyring has a key.
static int with_secret(char **program)
{
    if (syscall(SYS_keyctl, JOIN_SESSION_KEYRING, 0) < 0 || syscall(SYS_add_key, "user", SECRET, "x", 1, SESSION_KEYRING) < 0)
        return 3;
    execv(program[0], program);
    return 4;
}

static void find_secret(void)
{
    hold();
    say(syscall(SYS_keyctl, SEARCH, SESSION_KEYRING, "user", SECRET, 0) >= 0 ? "finds the secret" : "finds no secret");
    for (;;)
        pause();
}

int main(int count, char **words)
{
    const char *kind = count > 1 ? words[1] : "";
    if (count > 2 && strcmp(kind, "with-secret") == 0)
        return with_secret(words + 2);
    signal(SIGPIPE, SIG_IGN);
    if (strcmp(kind, "tcp") == 0)
        hold_tcp();
    else if (strcmp(kind, "unix-datagram") == 0)
        hold_unix(SOCK_DGRAM, words[2]);
    else if (strcmp(kind, "unix-stream") == 0)
        hold_unix(SOCK_STREAM, words[2]);
    else if (strcmp(kind, "pair") == 0)
        hold_pair();
    else if (strcmp(kind, "epoll") == 0)
        hold_epoll();
    else if (strcmp(kind, "timers") == 0)
        hold_timers();
    else if (strcmp(kind, "signals") == 0)
        hold_signals();
    else if (strcmp(kind, "inotify") == 0)
        hold_inotify();
    else if (strcmp(kind, "pidfd") == 0)
        hold_pidfd();
    else if (strcmp(kind, "memory") == 0)
        hold_memory();
    else if (strcmp(kind, "keyring") == 0)
        find_secret();
    else if (strcmp(kind, "uring") == 0)
        hold_uring();
    else
        return 2;
    say("works");
    for (;;)
        pause();
}
