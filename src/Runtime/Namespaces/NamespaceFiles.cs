using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Namespaces as files.</summary>
internal static class NamespaceFiles
{
    /// <summary>Opens a namespace to join, and makes sure that it is one, of the right kind, before anything is changed (NS-04).</summary>
    public static OwnedFd Open(OpenNamespace open)
    {
        OwnedFd file = Files.OpenAt(Fd.CurrentDirectory, open.Path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec | OpenFlags.NonBlocking)
            .OwnedOrThrow($"open {open.Path}");
        SyscallResult kind = Namespaces.KindOf(file);
        if (!kind.Failed && (NamespaceKinds)kind.Value == open.Kind)
        {
            return open.MustBeAnother ? Another(file, open) : file;
        }

        file.Dispose();
        string found = kind.Failed ? "no namespace" : $"a {NamespaceNames.Describe((NamespaceKinds)kind.Value)} namespace";
        throw new KernelException($"{open.Path} is {found}, not a {NamespaceNames.Describe(open.Kind)} namespace", Errno.EINVAL);
    }

    /// <summary>Two files are one namespace when they are one inode of nsfs. namespaces(7)</summary>
    private static OwnedFd Another(OwnedFd file, OpenNamespace open)
    {
        string own = "/proc/thread-self/ns/" + NamespaceNames.FileOf(open.Kind);
        Files.Status(file, "", AtFlags.EmptyPath, out FileStatus theirs).OrThrow($"statx {open.Path}");
        Files.Status(Fd.CurrentDirectory, own, AtFlags.None, out FileStatus ours).OrThrow($"statx {own}");
        if (theirs.Inode != ours.Inode || theirs.ContainingDevice != ours.ContainingDevice)
        {
            return file;
        }

        file.Dispose();
        throw new KernelException($"{open.Path} is the {NamespaceNames.Describe(open.Kind)} namespace of the host, whose kernel parameters linux.sysctl would change", Errno.EINVAL);
    }

    /// <summary>A process's number in the innermost pid namespace it is in: the last of <c>NSpid</c>. proc_pid_status(5)</summary>
    public static int InnermostPid(int pid)
    {
        string? numbers = ProcessFields.Find(ProcessFields.StatusOf(pid), "NSpid");
        return numbers is null ? pid : int.Parse(numbers.AsSpan(numbers.LastIndexOf('\t') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
