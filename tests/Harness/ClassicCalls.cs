using System.Text;
using Tmds.Linux;

namespace Hull.Harness;

/// <summary>The old system calls that .NET has no method for, by bindings that are not the product's own.</summary>
public static unsafe class ClassicCalls
{
    /// <summary>0, or -1.</summary>
    public static int Kill(int pid, int signal) => LibC.kill(pid, signal);

    public static void RemoveDirectory(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            _ = LibC.rmdir(name);
        }
    }

    /// <summary>Leaves the mount point at once, whoever still uses it.</summary>
    public static void Unmount(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            _ = LibC.umount2(name, LibC.MNT_DETACH | LibC.UMOUNT_NOFOLLOW);
        }
    }
}
