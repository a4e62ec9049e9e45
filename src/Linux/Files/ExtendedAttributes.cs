namespace Hull.Linux;

/// <summary>Extended attributes of open files: access lists, capabilities of programs, security labels. xattr(7)</summary>
public static unsafe class ExtendedAttributes
{
    /// <summary>
    /// <c>flistxattr(fd, names, length)</c>: the names, each ended by a zero byte; ERANGE when there is not enough room. listxattr(2)
    /// </summary>
    public static SyscallResult List(Fd fd, Span<byte> names)
    {
        fixed (byte* bytes = names)
        {
            return Kernel.Call(SyscallNumber.flistxattr, fd.Number, (nint)bytes, names.Length);
        }
    }

    /// <summary><c>fgetxattr(fd, name, value, length)</c>: a value; ERANGE when there is not enough room. getxattr(2)</summary>
    public static SyscallResult Get(Fd fd, CString name, Span<byte> value)
    {
        fixed (byte* bytes = value)
        {
            return Kernel.Call(SyscallNumber.fgetxattr, fd.Number, name.Address, (nint)bytes, value.Length);
        }
    }

    /// <summary><c>fsetxattr(fd, name, value, length, 0)</c>: set a value, whether there was one or not. setxattr(2)</summary>
    public static SyscallResult Set(Fd fd, CString name, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            return Kernel.Call(SyscallNumber.fsetxattr, fd.Number, name.Address, (nint)bytes, value.Length);
        }
    }
}
