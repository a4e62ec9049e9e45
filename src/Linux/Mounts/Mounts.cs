namespace Hull.Linux;

/// <summary>Mounts: the descriptor-based interface of kernel 5.2 and later, and what remains of the classic one.</summary>
public static unsafe class Mounts
{
    /// <summary>
    /// <c>open_tree(directory, path, flags | OPEN_TREE_CLOEXEC)</c>: a mount, or with <see cref="OpenTreeFlags.Clone"/> a copy of one,
    /// attached nowhere: a bind mount without its place. Kernel 5.2. open_tree(2)
    /// </summary>
    public static SyscallResult OpenTree(Fd directory, CString path, OpenTreeFlags flags) =>
        Kernel.Call(SyscallNumber.open_tree, directory.Number, path.Address, (nint)(flags | OpenTreeFlags.CloseOnExec));

    /// <summary>
    /// <c>move_mount(from, "", toDirectory, toPath, flags)</c>: attach a mount. The caller says <see cref="MoveMountFlags.FromEmptyPath"/>,
    /// and <see cref="MoveMountFlags.ToEmptyPath"/> when <paramref name="toDirectory"/> itself is the place. Kernel 5.2. move_mount(2)
    /// </summary>
    public static SyscallResult MoveMount(Fd from, Fd toDirectory, CString toPath, MoveMountFlags flags)
    {
        byte empty = 0;
        return Kernel.Call(
            SyscallNumber.move_mount, from.Number, (nint)(&empty), toDirectory.Number,
            toPath.IsNull ? (nint)(&empty) : toPath.Address, (nint)flags);
    }

    /// <summary>
    /// <c>fsopen(type, FSOPEN_CLOEXEC)</c>: begin a new filesystem; the descriptor collects its parameters. ENODEV: the kernel does not
    /// know the type. Kernel 5.2. fsopen(2)
    /// </summary>
    public static SyscallResult OpenFilesystem(CString type) =>
        Kernel.Call(SyscallNumber.fsopen, type.Address, (nint)FilesystemOpenFlags.CloseOnExec);

    /// <summary>
    /// <c>fspick(directory, path, flags | FSPICK_CLOEXEC)</c>: begin to reconfigure the filesystem mounted there. Kernel 5.2. fspick(2)
    /// </summary>
    public static SyscallResult PickFilesystem(Fd directory, CString path, PickFlags flags) =>
        Kernel.Call(SyscallNumber.fspick, directory.Number, path.Address, (nint)(flags | PickFlags.CloseOnExec));

    /// <summary>
    /// <c>fsconfig(context, FSCONFIG_SET_STRING, key, value, 0)</c>: a parameter with a value; <c>source</c> is one. At most 255 bytes
    /// (EINVAL). <see cref="ReadFilesystemMessage"/> tells what was wrong with it. Kernel 5.2. fsconfig(2)
    /// </summary>
    public static SyscallResult SetString(Fd context, CString key, CString value) =>
        Kernel.Call(SyscallNumber.fsconfig, context.Number, (nint)FilesystemCommand.SetString, key.Address, value.Address);

    /// <summary>
    /// <c>fsconfig(context, FSCONFIG_SET_FD, key, NULL, value)</c>: a parameter that is an open file: the layers of an overlay since Linux
    /// 6.13. Kernel 5.2. fsconfig(2)
    /// </summary>
    public static SyscallResult SetDescriptor(Fd context, CString key, Fd value) =>
        Kernel.Call(SyscallNumber.fsconfig, context.Number, (nint)FilesystemCommand.SetDescriptor, key.Address, 0, value.Number);

    /// <summary>
    /// <c>fsconfig(context, FSCONFIG_SET_FLAG, key, NULL, 0)</c>: a parameter without a value: <c>ro</c>. Kernel 5.2. fsconfig(2)
    /// </summary>
    public static SyscallResult SetFlag(Fd context, CString key) =>
        Kernel.Call(SyscallNumber.fsconfig, context.Number, (nint)FilesystemCommand.SetFlag, key.Address);

    /// <summary>
    /// <c>fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0)</c>: all parameters are given, make it. Kernel 5.2. fsconfig(2)
    /// </summary>
    public static SyscallResult CreateFilesystem(Fd context) =>
        Kernel.Call(SyscallNumber.fsconfig, context.Number, (nint)FilesystemCommand.Create);

    /// <summary>
    /// <c>fsconfig(context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0)</c>: apply the parameters given since <see cref="PickFilesystem"/>.
    /// Kernel 5.2. fsconfig(2)
    /// </summary>
    public static SyscallResult ReconfigureFilesystem(Fd context) =>
        Kernel.Call(SyscallNumber.fsconfig, context.Number, (nint)FilesystemCommand.Reconfigure);

    /// <summary>
    /// <c>fsmount(context, FSMOUNT_CLOEXEC, attributes)</c>: a mount of the filesystem made, attached nowhere. Kernel 5.2. fsmount(2)
    /// </summary>
    public static SyscallResult MakeMount(Fd context, MountAttributes attributes) =>
        Kernel.Call(SyscallNumber.fsmount, context.Number, (nint)FilesystemOpenFlags.CloseOnExec, (nint)attributes);

    /// <summary>
    /// <c>read(context, text, length)</c>: the next line the kernel has to say about a filesystem context, without a final zero or newline:
    /// <c>e tmpfs: Bad value for 'size'</c> (e, w or i: error, warning, information). ENODATA when there is none. fsopen(2)
    /// </summary>
    public static SyscallResult ReadFilesystemMessage(Fd context, Span<byte> text) => Files.Read(context, text);

    /// <summary>
    /// <c>mount_setattr(directory, path, flags, {set, clear, propagation, -1}, sizeof)</c>: change attributes and propagation of a mount,
    /// with <see cref="AtFlags.Recursive"/> of all below it, all or none. Kernel 5.12. mount_setattr(2)
    /// </summary>
    public static SyscallResult SetAttributes(
        Fd directory, CString path, AtFlags flags, MountAttributes set, MountAttributes clear,
        MountPropagation propagation = MountPropagation.Unchanged) =>
        SetAttributes(directory, path, flags, set, clear, propagation, Fd.None);

    /// <summary>
    /// <c>mount_setattr(directory, path, flags, {set, clear, propagation, userNamespace}, sizeof)</c>: with
    /// <see cref="MountAttributes.IdMap"/> in <paramref name="set"/>, also map owners through a user namespace; only of a mount that is
    /// attached nowhere. Kernel 5.12. mount_setattr(2)
    /// </summary>
    public static SyscallResult SetAttributes(
        Fd directory, CString path, AtFlags flags, MountAttributes set, MountAttributes clear,
        MountPropagation propagation, Fd userNamespace)
    {
        byte empty = 0;
        MountAttributeChange change;
        change.Set = (ulong)set;
        change.Clear = (ulong)clear;
        change.Propagation = (ulong)propagation;
        // The kernel reads it only with MOUNT_ATTR_IDMAP, and then refuses what is no descriptor.
        change.UserNamespace = (ulong)(long)userNamespace.Number;
        return Kernel.Call(
            SyscallNumber.mount_setattr, directory.Number, path.IsNull ? (nint)(&empty) : path.Address, (nint)flags,
            (nint)(&change), sizeof(MountAttributeChange));
    }

    /// <summary>
    /// <c>mount(NULL, target, NULL, propagation, NULL)</c>: change the propagation of a mount; <see cref="MountFlags.Recursive"/> for all
    /// below. For kernels before 5.12. mount(2)
    /// </summary>
    public static SyscallResult ChangePropagation(CString target, MountFlags propagation) =>
        Kernel.Call(SyscallNumber.mount, 0, target.Address, 0, (nint)propagation);

    /// <summary>
    /// <c>mount(source, target, type, flags, data)</c>: everything the classic call does. <paramref name="target"/> follows symbolic links,
    /// so it must be /proc/self/fd/N of a place opened safely. mount(2)
    /// </summary>
    public static SyscallResult MountClassic(CString source, CString target, CString type, MountFlags flags, CString data) =>
        Kernel.Call(SyscallNumber.mount, source.Address, target.Address, type.Address, (nint)flags, data.Address);

    /// <summary><c>umount2(target, flags)</c>: take a mount away. umount2(2)</summary>
    public static SyscallResult Unmount(CString target, UnmountFlags flags) =>
        Kernel.Call(SyscallNumber.umount2, target.Address, (nint)flags);

    /// <summary>
    /// <c>pivot_root(newRoot, putOld)</c>: another mount becomes the root. Both may be "." (chdir into the new root first): the old root is
    /// then stacked on top and goes with <c>umount2(".", MNT_DETACH)</c>. EINVAL also when the root is an initramfs. pivot_root(2)
    /// </summary>
    public static SyscallResult PivotRoot(CString newRoot, CString putOld) =>
        Kernel.Call(SyscallNumber.pivot_root, newRoot.Address, putOld.Address);
}
