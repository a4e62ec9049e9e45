using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The process that holds the lock of an open file, for the message of one that waits for it.</summary>
internal static class LockHolder
{
    /// <summary>
    /// The process that has locked a file with flock, or null where that does not show: it ended and left the lock to a child, it is of a
    /// process namespace that we do not see, or the file system has another device number for the kernel than for programs.
    /// </summary>
    public static int? Of(Fd file)
    {
        try
        {
            Files.Status(file, "", AtFlags.EmptyPath, out FileStatus status).OrThrow("statx");
            byte[] locks = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, "/proc/locks") ?? [];
            return Find(Encoding.ASCII.GetString(locks), status.ContainingDevice, status.Inode);
        }
        catch (KernelException)
        {
            // The message that it was for is about something else, and true without it.
            return null;
        }
    }

    /// <summary>Its number in a text like <c>1: FLOCK ADVISORY WRITE 4711 fe:00:11665282 0 EOF</c>. proc_locks(5)</summary>
    internal static int? Find(string locks, DeviceNumber device, ulong inode)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{device.Major:x2}:{device.Minor:x2}:{inode}");
        foreach (string line in locks.Split('\n'))
        {
            // One that waits has an arrow in front, and so one field more.
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "FLOCK", _, _, var pid, var where, ..] && where == place
                && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
            {
                return number;
            }
        }

        return null;
    }
}
