using System.Runtime.InteropServices;
using System.Text;

namespace Hull.Observer;

/// <summary>What statx(2) says of one path.</summary>
internal readonly record struct Status(uint Mode, uint User, uint Group, ulong Size, uint Major, uint Minor)
{
    private const uint TypeMask = 0xF000;

    public uint Permissions => Mode & 0xFFF;

    public string Type => (Mode & TypeMask) switch
    {
        0x1000 => "fifo",
        0x2000 => "character",
        0x4000 => "directory",
        0x6000 => "block",
        0x8000 => "file",
        0xA000 => "link",
        0xC000 => "socket",
        _ => "unknown",
    };
}

/// <summary>The few system calls that need no /proc, so that the observer also works where there is none.</summary>
internal static unsafe partial class Kernel
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStatus = 0x7FF;
    private const int NameLength = 65;

    [DllImport("libc")] internal static extern int getppid();
    [DllImport("libc")] internal static extern int getsid(int pid);
    [DllImport("libc")] internal static extern uint umask(uint mask);
    [DllImport("libc")] private static extern int getresuid(uint* real, uint* effective, uint* saved);
    [DllImport("libc")] private static extern int getresgid(uint* real, uint* effective, uint* saved);
    [DllImport("libc")] private static extern int getgroups(int size, uint* list);
    [DllImport("libc", SetLastError = true)] private static extern nint getcwd(byte* buffer, nuint size);
    [DllImport("libc")] private static extern int uname(byte* buffer);
    [DllImport("libc")] private static extern int getrlimit(int resource, ulong* limits);
    [DllImport("libc", SetLastError = true)] private static extern int statx(int directory, byte* path, int flags, uint mask, byte* buffer);
    [DllImport("libc", SetLastError = true)] private static extern nint readlink(byte* path, byte* buffer, nuint size);
    [DllImport("libc", SetLastError = true)] private static extern int access(byte* path, int mode);
    [DllImport("libc", SetLastError = true)] private static extern int open(byte* path, int flags);
    [DllImport("libc", SetLastError = true)] private static extern nint read(int descriptor, byte* buffer, nuint size);
    [DllImport("libc")] internal static extern nint write(int descriptor, byte* buffer, nuint size);
    [DllImport("libc")] private static extern int close(int descriptor);

    public static (uint Real, uint Effective, uint Saved) Users()
    {
        uint real, effective, saved;
        _ = getresuid(&real, &effective, &saved);
        return (real, effective, saved);
    }

    public static (uint Real, uint Effective, uint Saved) Groups()
    {
        uint real, effective, saved;
        _ = getresgid(&real, &effective, &saved);
        return (real, effective, saved);
    }

    public static uint[] SupplementaryGroups()
    {
        var list = new uint[1024];
        fixed (uint* first = list)
        {
            var count = getgroups(list.Length, first);
            return count < 0 ? [] : list[..count];
        }
    }

    public static string? WorkingDirectory()
    {
        var buffer = new byte[4096];
        fixed (byte* first = buffer)
        {
            return getcwd(first, (nuint)buffer.Length) == 0 ? null : Marshal.PtrToStringUTF8((nint)first);
        }
    }

    public static (string Host, string Domain) Names()
    {
        var buffer = new byte[6 * NameLength];
        fixed (byte* first = buffer)
        {
            _ = uname(first);
            return (Marshal.PtrToStringUTF8((nint)(first + NameLength))!, Marshal.PtrToStringUTF8((nint)(first + 5 * NameLength))!);
        }
    }

    public static (ulong Soft, ulong Hard)? Limit(int resource)
    {
        var limits = stackalloc ulong[2];
        return getrlimit(resource, limits) == 0 ? (limits[0], limits[1]) : null;
    }

    /// <summary>lstat; the errno's number on failure.</summary>
    public static Status? Look(string path, out int error)
    {
        // struct statx: mask 0, uid 20, gid 24, mode 28 (u16), size 40, rdev major 128, minor 132.
        var buffer = stackalloc byte[256];
        fixed (byte* name = Encode(path))
        {
            error = statx(CurrentDirectory, name, NoFollow, BasicStatus, buffer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        return error != 0
            ? null
            : new Status(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), *(uint*)(buffer + 24), *(ulong*)(buffer + 40),
                *(uint*)(buffer + 128), *(uint*)(buffer + 132));
    }

    public static string? Link(string path)
    {
        var buffer = new byte[4096];
        fixed (byte* name = Encode(path), first = buffer)
        {
            var length = readlink(name, first, (nuint)buffer.Length);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, (int)length);
        }
    }

    /// <summary>The errno of access(path, W_OK): 0 when it may be written.</summary>
    public static int WriteAccess(string path)
    {
        fixed (byte* name = Encode(path))
        {
            return access(name, 2) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>The first <paramref name="limit"/> bytes of a file; the errno's number on failure. Opens without blocking: a FIFO has no writer.</summary>
    public static byte[]? Content(string path, int limit, out int error)
    {
        const int nonBlocking = 0x800;
        const int closeOnExec = 0x80000;
        int descriptor;
        fixed (byte* name = Encode(path))
        {
            descriptor = open(name, nonBlocking | closeOnExec);
        }

        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0)
        {
            return null;
        }

        var content = new byte[limit];
        var length = 0;
        fixed (byte* first = content)
        {
            nint got;
            while ((got = read(descriptor, first + length, (nuint)(limit - length))) > 0)
            {
                length += (int)got;
            }

            error = got < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        _ = close(descriptor);
        return error != 0 ? null : content[..length];
    }

    private static byte[] Encode(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
