/* The floor: the least that any runtime must do to `run` the default bundle. The same namespaces, mounts, devices, masks,
 * cgroups, identity and exec as for the document of `spec`, with everything compiled in: no JSON is read, nothing is checked,
 * no state is kept and no error is explained. What hull takes beyond this is the price of being a runtime.
 *
 * usage: floor BUNDLE [CGROUP]      CGROUP: the path of a new cgroup in every version 1 hierarchy, such as /bench-1 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define DO(call) do { if ((call) < 0) { perror(#call); _exit(99); } } while (0)

static const char *const controllers[] = {"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd", "unified"};
static const struct { const char *name; int major, minor; } devices[] = {
    {"dev/null", 1, 3}, {"dev/zero", 1, 5}, {"dev/full", 1, 7}, {"dev/random", 1, 8}, {"dev/urandom", 1, 9}, {"dev/tty", 5, 0},
};
static const char *const masked_files[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug"};
static const char *const masked_directories[] = {"/proc/acpi", "/proc/scsi", "/sys/firmware"};
static const char *const readonly_paths[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};

static void mount_file_systems(void) {
    const unsigned long strict = MS_NOSUID | MS_NOEXEC | MS_NODEV;
    DO(mount("proc", "proc", "proc", 0, 0));
    DO(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"));
    DO(mkdir("dev/pts", 0755));
    DO(mkdir("dev/shm", 0755));
    DO(mkdir("dev/mqueue", 0755));
    DO(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
    DO(mount("shm", "dev/shm", "tmpfs", strict, "mode=1777,size=65536k"));
    DO(mount("mqueue", "dev/mqueue", "mqueue", strict, 0));
    DO(mount("sysfs", "sys", "sysfs", strict | MS_RDONLY, 0));
}

static void mount_cgroups(const char *cgroup) {
    const unsigned long strict = MS_NOSUID | MS_NOEXEC | MS_NODEV;
    DO(mount("tmpfs", "sys/fs/cgroup", "tmpfs", strict, "mode=755"));
    for (unsigned i = 0; i < COUNT(controllers); i++) {
        char source[300], target[300];
        snprintf(source, sizeof source, "/sys/fs/cgroup/%s%s", controllers[i], cgroup);
        snprintf(target, sizeof target, "sys/fs/cgroup/%s", controllers[i]);
        if (access(source, F_OK) != 0) continue;
        DO(mkdir(target, 0755));
        DO(mount(source, target, 0, MS_BIND | MS_REC, 0));
        DO(mount(0, target, 0, MS_BIND | MS_REMOUNT | MS_RDONLY | strict, 0));
    }
    DO(mount(0, "sys/fs/cgroup", 0, MS_BIND | MS_REMOUNT | MS_RDONLY | strict, 0));
}

static void make_devices(void) {
    for (unsigned i = 0; i < COUNT(devices); i++)
        DO(mknod(devices[i].name, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor)));
    DO(symlink("pts/ptmx", "dev/ptmx"));
    DO(symlink("/proc/self/fd", "dev/fd"));
    DO(symlink("/proc/self/fd/0", "dev/stdin"));
    DO(symlink("/proc/self/fd/1", "dev/stdout"));
    DO(symlink("/proc/self/fd/2", "dev/stderr"));
}

static void protect(void) {
    /* Which of these exist depends on the kernel: a failure is that. */
    for (unsigned i = 0; i < COUNT(masked_files); i++) mount("/dev/null", masked_files[i], 0, MS_BIND, 0);
    for (unsigned i = 0; i < COUNT(masked_directories); i++) mount("tmpfs", masked_directories[i], "tmpfs", MS_RDONLY, 0);
    for (unsigned i = 0; i < COUNT(readonly_paths); i++) {
        mount(readonly_paths[i], readonly_paths[i], 0, MS_BIND | MS_REC, 0);
        mount(0, readonly_paths[i], 0, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_REC, 0);
    }
    DO(mount(0, "/", 0, MS_BIND | MS_REMOUNT | MS_RDONLY, 0));
}

static void become_the_program(void) {
    const struct rlimit descriptors = {1024, 1024};
    DO(setrlimit(RLIMIT_NOFILE, &descriptors));
    DO(sethostname("floor", 5));
    DO(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    char *arguments[] = {"true", 0}, *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", 0};
    execve("/bin/true", arguments, environment);
    _exit(98);
}

static void container(const char *root, int gate, const char *cgroup) {
    char byte;
    DO(read(gate, &byte, 1));
    DO(setsid());
    DO(mount(0, "/", 0, MS_REC | MS_SLAVE, 0));
    DO(mount(root, root, 0, MS_BIND | MS_REC, 0));
    DO(chdir(root));
    mount_file_systems();
    if (cgroup) mount_cgroups(cgroup);
    make_devices();
    DO(syscall(SYS_pivot_root, ".", "."));
    DO(umount2(".", MNT_DETACH));
    DO(chdir("/"));
    protect();
    become_the_program();
}

/* A new cpuset accepts no process before it has processors and memory: the parent's. */
static void copy_setting(const char *directory, const char *file) {
    char path[300], value[256];
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpuset/%s", file);
    int source = open(path, O_RDONLY);
    int length = read(source, value, sizeof value);
    close(source);
    snprintf(path, sizeof path, "%s/%s", directory, file);
    int target = open(path, O_WRONLY);
    DO(write(target, value, length));
    close(target);
}

static void join_cgroups(const char *cgroup, pid_t child) {
    char text[32];
    int length = snprintf(text, sizeof text, "%d", child);
    for (unsigned i = 0; i < COUNT(controllers); i++) {
        char path[300];
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s%s", controllers[i], cgroup);
        if (mkdir(path, 0755) < 0) continue;
        if (strcmp(controllers[i], "cpuset") == 0) {
            copy_setting(path, "cpuset.cpus");
            copy_setting(path, "cpuset.mems");
        }
        strcat(path, "/cgroup.procs");
        int file = open(path, O_WRONLY);
        DO(write(file, text, length));
        close(file);
    }
}

static void remove_cgroups(const char *cgroup) {
    for (unsigned i = 0; i < COUNT(controllers); i++) {
        char path[300];
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s%s", controllers[i], cgroup);
        rmdir(path);
    }
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    char root[4096];
    snprintf(root, sizeof root, "%s/rootfs", argv[1]);
    const char *cgroup = argc > 2 ? argv[2] : 0;
    int gate[2];
    DO(pipe2(gate, O_CLOEXEC));
    struct clone_args request = {
        .flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET, .exit_signal = SIGCHLD,
    };
    pid_t child = syscall(SYS_clone3, &request, sizeof request);
    DO(child);
    if (child == 0) container(root, gate[0], cgroup);
    if (cgroup) join_cgroups(cgroup, child);
    DO(write(gate[1], "x", 1));
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (cgroup) remove_cgroups(cgroup);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
