using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The groups of resctrl: classes of service with their schemata, and monitoring groups inside them. Documentation/filesystems/resctrl.rst</summary>
internal sealed class Resctrl : IDisposable
{
    private const uint DirectoryMode = 0x1ED;

    private readonly List<string> _made = [];
    private readonly string? _given;
    private string? _mount;

    // A class that others may come to use while it is not certain that this container will be: locked until then.
    private (string Directory, OwnedFd Lock)? _shared;

    /// <param name="mount">Where resctrl is mounted; null to find out when it is needed.</param>
    public Resctrl(string? mount = null) => _given = mount;

    /// <summary>
    /// What delete will have to remove if these steps are carried out: directories that do not exist yet, the class only when it is named
    /// after the container (RDT-07, RDT-08).
    /// </summary>
    public static ImmutableArray<string> Survey(ReadOnlySpan<HostStep> steps)
    {
        var directories = ImmutableArray.CreateBuilder<string>();
        foreach (HostStep step in steps)
        {
            string? directory = step.Action switch
            {
                MakeResctrlGroup { Request: ResctrlClass.Own } make => MountOrNull() is { } mount ? Group(mount, make.Class) : null,
                MakeMonitoringGroup make => MountOrNull() is { } mount ? Monitoring(mount, make.Class, make.Name) : null,
                _ => null,
            };
            if (directory is not null && !HostFiles.Exists(Fd.CurrentDirectory, directory))
            {
                directories.Insert(0, directory);
            }
        }

        return directories.ToImmutable();
    }

    /// <summary>The directory of a class of service; null where no resctrl is mounted.</summary>
    public string? DirectoryOf(string name) => Found is { } mount ? Group(mount, name) : null;

    /// <summary>Makes a class of service, or takes the one that is there.</summary>
    public void Make(MakeResctrlGroup action)
    {
        string directory = Group(Mount, action.Class);
        using OwnedFd turn = TakeTurn();
        bool exists = HostFiles.Exists(Fd.CurrentDirectory, directory);
        if (exists && action.Request == ResctrlClass.Own)
        {
            throw new KernelException($"{directory} exists already, and was not made by this container", Errno.EEXIST);
        }

        if (!exists && action.Request == ResctrlClass.Existing)
        {
            throw new KernelException($"{directory} does not exist, and no schema says what it should be", Errno.ENOENT);
        }

        if (exists)
        {
            Compare(directory, action.Schemata);
            ShareIfUncertain(directory);
            return;
        }

        MakeDirectory(directory);
        if (action.Request == ResctrlClass.Shared)
        {
            // Others may find it from now on: the last of them that fails removes it.
            _made.Remove(directory);
            Share(directory, HostFiles.OpenDirectory(Fd.CurrentDirectory, directory));
        }

        foreach (string schema in action.Schemata)
        {
            Write(directory + "/schemata", schema + "\n");
        }
    }

    /// <summary>Makes a monitoring group inside a class of service.</summary>
    public void Make(MakeMonitoringGroup action) => MakeDirectory(Monitoring(Mount, action.Class, action.Name));

    /// <summary>Puts a process into a class of service, and into a monitoring group of it.</summary>
    public void Enter(EnterResctrlGroup action, int pid)
    {
        string number = pid.ToString(CultureInfo.InvariantCulture);
        Write(Group(Mount, action.Class) + "/tasks", number);
        if (action.Monitoring is { } name)
        {
            Write(Monitoring(Mount, action.Class, name) + "/tasks", number);
        }
    }

    /// <summary>Removes everything that was made, and that no other container uses: nothing of it was there before (ERR-01).</summary>
    public void Undo()
    {
        if (_made.Count == 0 && _shared is null)
        {
            return;
        }

        using OwnedFd turn = TakeTurn();
        _made.Reverse();
        if (_shared is { } shared && IsUnused(shared.Directory, shared.Lock))
        {
            _made.Add(shared.Directory);
        }

        Dispose();
        Remove([.. _made]);
        _made.Clear();
    }

    /// <summary>The container exists, or nothing of it does: a shared class is as it is to stay.</summary>
    public void Dispose()
    {
        _shared?.Lock.Dispose();
        _shared = null;
    }

    /// <summary>Removes directories of ours, inner ones first. What is gone already is gone.</summary>
    /// <exception cref="RuntimeError">Some could not be removed; the others are gone.</exception>
    public static void Remove(ImmutableArray<string> directories)
    {
        var cleaning = new CleaningUp();
        foreach (string directory in directories)
        {
            SyscallResult removed = Files.RemoveDirectory(Fd.CurrentDirectory, directory);
            if (removed.Errno != Errno.ENOENT)
            {
                cleaning.Try(() => removed.OrThrow($"rmdir {directory}"));
            }
        }

        cleaning.ThrowIfIncomplete();
    }

    /// <summary>Who changes groups excludes others by a lock of the mount's root: the agreement of resctrl's own documentation.</summary>
    private OwnedFd TakeTurn()
    {
        OwnedFd root = HostFiles.OpenDirectory(Fd.CurrentDirectory, Mount);
        Files.LockWaiting(root, LockOperation.Exclusive).OrThrow($"flock {Mount}");
        return root;
    }

    private void Share(string directory, OwnedFd opened)
    {
        _shared = (directory, opened);
        Files.Lock(opened, LockOperation.Shared | LockOperation.NonBlocking).OrThrow($"flock {directory}");
    }

    /// <summary>A class whose maker may still fail stays for as long as this container may be made.</summary>
    private void ShareIfUncertain(string directory)
    {
        if (directory == Mount)
        {
            // The default class is there for as long as resctrl is.
            return;
        }

        OwnedFd opened = HostFiles.OpenDirectory(Fd.CurrentDirectory, directory);
        if (Files.Lock(opened, LockOperation.Exclusive | LockOperation.NonBlocking).Failed)
        {
            Share(directory, opened);
            return;
        }

        opened.Dispose();
    }

    /// <summary>No container that is being made may come to use it, and none is in it.</summary>
    private static bool IsUnused(string directory, Fd locked)
    {
        string groups = directory + "/mon_groups";
        return !Files.Lock(locked, LockOperation.Exclusive | LockOperation.NonBlocking).Failed
            && HostFiles.ReadAllOrNull(Fd.CurrentDirectory, directory + "/tasks") is not { Length: > 0 }
            && (!HostFiles.Exists(Fd.CurrentDirectory, groups) || HostFiles.ListDirectory(Fd.CurrentDirectory, groups).Count == 0);
    }

    private string? Found => _mount ??= _given ?? MountOrNull();

    private string Mount => Found ?? throw new KernelException("no resctrl is mounted", Errno.ENODEV);

    /// <summary>Where resctrl is mounted; null where it is not.</summary>
    public static string? MountOrNull()
    {
        ImmutableArray<string> mounts = MountTable.OfTypes(HostFiles.ReadAll(Fd.CurrentDirectory, "/proc/self/mountinfo"), "resctrl", "resctrl");
        return mounts.IsEmpty ? null : mounts[0];
    }

    private static string Group(string mount, string name) => name.Length == 0 ? mount : $"{mount}/{name}";

    private static string Monitoring(string mount, string group, string name) => $"{Group(mount, group)}/mon_groups/{name}";

    private void MakeDirectory(string directory)
    {
        Files.MakeDirectory(Fd.CurrentDirectory, directory, DirectoryMode).OrThrow($"mkdir {directory}{Explanation()}");
        _made.Add(directory);
    }

    private void Write(string path, string text)
    {
        SyscallResult written = HostFiles.TryWrite(Fd.CurrentDirectory, path, Encoding.UTF8.GetBytes(text));
        if (written.Failed)
        {
            throw new KernelException($"write \"{text.TrimEnd()}\" to {path}{Explanation()}", written.Errno);
        }
    }

    /// <summary>What resctrl itself has to say about the last order.</summary>
    private string Explanation()
    {
        byte[]? status = HostFiles.ReadAllOrNull(Fd.CurrentDirectory, Mount + "/info/last_cmd_status");
        string text = status is null ? "" : Encoding.UTF8.GetString(status).Trim();
        return text is "" or "ok" ? "" : $" (resctrl says: {text})";
    }

    /// <summary>A class that others share is as they want it, or not for us (RDT-05).</summary>
    private static void Compare(string directory, ImmutableArray<string> wanted)
    {
        if (wanted.IsEmpty)
        {
            return;
        }

        Schemata actual = Schemata.Parse(HostFiles.ReadText(Fd.CurrentDirectory, directory + "/schemata"));
        foreach (string schema in wanted)
        {
            if (!actual.Includes(schema))
            {
                throw new KernelException($"{directory}/schemata differs from \"{schema}\", and the class is not ours to change", Errno.EEXIST);
            }
        }
    }
}
