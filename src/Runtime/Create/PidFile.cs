using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The file that tells an engine the pid: the bare number, there all at once or not at all.</summary>
internal static class PidFile
{
    public static void Write(string path, int pid)
    {
        int slash = path.LastIndexOf('/');
        string directory = slash switch { < 0 => ".", 0 => "/", _ => path[..slash] };
        using OwnedFd opened = HostFiles.OpenDirectory(Fd.CurrentDirectory, directory);
        HostFiles.ReplaceAtomically(opened, path[(slash + 1)..], Encoding.ASCII.GetBytes(pid.ToString(CultureInfo.InvariantCulture)), 0x1A4);
    }

    /// <summary>Takes it back when the container is not to be after all: the number would soon be another process's.</summary>
    public static void Remove(string path) => Files.Unlink(Fd.CurrentDirectory, path);
}
