using System.Collections.Immutable;

namespace Hull.Linux;

/// <summary>
/// New file systems with all options in one text, as mount(2) takes them: for kernels before 5.2, and where one is longer than fsconfig(2) takes.
/// </summary>
internal sealed partial class Executor
{
    /// <summary>What mount(2) takes: a page, with the final zero.</summary>
    private const int MountDataCapacity = 4096;

    private static bool LacksContexts =>
        NewerCalls.IsMissing(SyscallNumber.fsopen) || NewerCalls.IsMissing(SyscallNumber.fsconfig) || NewerCalls.IsMissing(SyscallNumber.fsmount);

    /// <summary>Making a file system has failed because the call that its part is made of is missing; forgets what was begun.</summary>
    private bool LacksContext(SyscallResult made)
    {
        SyscallNumber call = _stage switch
        {
            Stage.OpenFilesystem => SyscallNumber.fsopen,
            Stage.MakeMount => SyscallNumber.fsmount,
            _ => SyscallNumber.fsconfig,
        };
        if (!NewerCalls.Lacks(call, made))
        {
            return false;
        }

        Files.Close(_filesystemContext);
        _filesystemContext = Fd.None;
        return true;
    }

    /// <summary>
    /// Mounts a file system in the staging tmpfs. Its own superblock is never made read-only, as fsmount does not: others may share it.
    /// </summary>
    private unsafe SyscallResult MountInStaging(MountFilesystem mount, Fd covered)
    {
        byte* data = stackalloc byte[MountDataCapacity];
        byte* octal = stackalloc byte[ModeCapacity];
        MountFlags flags = ClassicFlags.FlagsOf(mount.Attributes & ~MountAttributes.ReadOnly);
        SyscallResult result = Join(mount.Parameters, mount.Type, data, out int length, ref flags);
        if (!result.Failed && (mount.Flags & FilesystemMountFlags.InheritMode) != 0 && !_placeMade)
        {
            result = WriteMode(covered, octal);
            result = result.Failed ? result : Append(data, ref length, Mode, CString.Borrow(octal, ModeCapacity - 1), quoted: false);
        }

        return result.Failed ? result : MountInStaging(mount.Type, mount.Source, flags, CString.Borrow(data, length), mount.Attributes);
    }

    private SyscallResult MountInStaging(CString type, CString source, MountFlags flags, CString data, MountAttributes attributes)
    {
        SyscallResult made = OpenStaging();
        SyscallResult place = made.Failed ? made : Files.OpenAt(_staging, StagingDirectory, OpenFlags.Path | OpenFlags.NoFollow);
        if (place.Failed)
        {
            return Part(Stage.MakeMount, place);
        }

        SyscallResult mounted = MountClassic(Fd.None, source, place.Fd, type, flags, data);
        Files.Close(place.Fd);
        if (mounted.Failed)
        {
            return Part(mounted.Errno == Errno.ENODEV ? Stage.OpenFilesystem : Stage.CreateFilesystem, mounted);
        }

        SyscallResult top = Part(Stage.MakeMount, Files.OpenAt(_staging, StagingDirectory, OpenFlags.Path | OpenFlags.NoFollow));
        if (top.Failed || (attributes & MountAttributes.ReadOnly) == 0)
        {
            return top;
        }

        SyscallResult changed = Part(Stage.SetAttributes, ChangeClassic(top.Fd, MountAttributes.ReadOnly, 0));
        return changed.Failed ? changed : top;
    }

    /// <summary>The options, joined by commas; those that are flags of mount(2) become such.</summary>
    private unsafe SyscallResult Join(ImmutableArray<MountParameter> parameters, CString type, byte* data, out int length, ref MountFlags flags)
    {
        SyscallResult result = default;
        length = 0;
        data[0] = 0;
        for (var i = 0; i < parameters.Length && !result.Failed; i++)
        {
            _value = i;
            CString key = parameters[i].Key;
            if (parameters[i].IsDirectory)
            {
                result = Part(Stage.SetParameter, NewerCalls.Refuse(SyscallNumber.fsconfig));
            }
            else if (parameters[i].Value.IsNull && FlagOf(key) is { } flag)
            {
                flags |= flag;
            }
            else if (!(IsText(key, "subtype"u8) && Contains(type, (byte)'.')))
            {
                result = Append(data, ref length, key, parameters[i].Value, EndsWith(key, "context"u8));
            }
        }

        return result;
    }

    /// <summary>Labels stand in quotes, which protect their commas.</summary>
    private unsafe SyscallResult Append(byte* data, ref int length, CString key, CString value, bool quoted)
    {
        if (length + key.Length + value.Length + 5 > MountDataCapacity)
        {
            return Part(Stage.SetParameter, NewerCalls.Refuse(SyscallNumber.fsopen));
        }

        if (length > 0)
        {
            data[length++] = (byte)',';
        }

        Copy(key.Pointer, data + length, key.Length);
        length += key.Length;
        if (!value.IsNull)
        {
            data[length++] = (byte)'=';
            length += Quote(data + length, quoted);
            Copy(value.Pointer, data + length, value.Length);
            length += value.Length;
            length += Quote(data + length, quoted);
        }

        data[length] = 0;
        return default;
    }

    private static unsafe int Quote(byte* text, bool quoted)
    {
        text[0] = quoted ? (byte)'"' : text[0];
        return quoted ? 1 : 0;
    }

    /// <summary>Options of every file system. fsconfig(2) takes them as such, mount(2) as flags; null for others.</summary>
    private static MountFlags? FlagOf(CString key) =>
        IsText(key, "ro"u8) ? MountFlags.ReadOnly
        : IsText(key, "sync"u8) ? MountFlags.Synchronous
        : IsText(key, "dirsync"u8) ? MountFlags.DirectorySynchronous
        : IsText(key, "lazytime"u8) ? MountFlags.LazyTime
        : IsText(key, "mand"u8) ? MountFlags.MandatoryLocks
        : IsText(key, "rw"u8) || IsText(key, "async"u8) || IsText(key, "nolazytime"u8) || IsText(key, "nomand"u8) ? MountFlags.None
        : null;

    /// <summary>
    /// Changes a file system that is mounted, without fspick. The remount names the flags of the mount too, which stay as they are.
    /// </summary>
    private unsafe SyscallResult ReconfigureClassic(Remount remount, Fd place)
    {
        byte* data = stackalloc byte[MountDataCapacity];
        SyscallResult asked = Files.FilesystemStatus(place, out FilesystemStatus filesystem);
        if (asked.Failed)
        {
            return Part(Stage.Reconfigure, asked);
        }

        MountFlags flags = MountFlags.Remount | (ClassicFlags.Of(filesystem.MountFlags, 0, 0) & ~MountFlags.ReadOnly);
        SyscallResult result = Join(remount.Parameters, default, data, out int length, ref flags);
        return result.Failed ? result : Part(Stage.Reconfigure, MountClassic(Fd.None, default, place, default, flags, CString.Borrow(data, length)));
    }

    /// <summary>An empty directory over a directory, without the staging tmpfs and without a name: the working directory is the place.</summary>
    private SyscallResult CoverWithNewDirectory(Fd directory)
    {
        SyscallResult back = Files.OpenAt(Fd.CurrentDirectory, Dot, PathOfDirectory);
        SyscallResult result = Files.ChangeDirectory(directory);
        result = result.Failed ? result : Mounts.MountClassic(Tmpfs, Dot, Tmpfs, ClassicFlags.FlagsOf(Closed), EmptyDirectoryOptions);
        SyscallResult returned = Return(back);
        Files.Close(back.Fd);
        return Part(Stage.MakeMount, result.Failed ? result : returned);
    }

    private static bool IsText(CString text, ReadOnlySpan<byte> other) => text.Length == other.Length && EndsWith(text, other);

    private static unsafe bool EndsWith(CString text, ReadOnlySpan<byte> end)
    {
        for (var i = 0; i < end.Length; i++)
        {
            if (text.Length < end.Length || text.Pointer[text.Length - end.Length + i] != end[i])
            {
                return false;
            }
        }

        return true;
    }

    private static unsafe bool Contains(CString text, byte character)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text.Pointer[i] == character)
            {
                return true;
            }
        }

        return false;
    }
}
