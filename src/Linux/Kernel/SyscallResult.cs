using System.Runtime.CompilerServices;

namespace Hull.Linux;

/// <summary>
/// What a system call gave back, in the kernel's own convention: a value, or minus the error number.
/// Host code writes <see cref="OrThrow"/>; container code looks at <see cref="Failed"/> and <see cref="Errno"/>.
/// </summary>
public readonly struct SyscallResult : IEquatable<SyscallResult>
{
    private readonly nint _value;

    internal SyscallResult(nint value) => _value = value;

    /// <summary>The call failed; <see cref="Errno"/> says why.</summary>
    public bool Failed => _value < 0;

    /// <summary>The error number, or <see cref="Errno.None"/>.</summary>
    public Errno Errno => _value < 0 ? (Errno)(-_value) : Errno.None;

    /// <summary>The value of a call that succeeded; minus the error number otherwise.</summary>
    public nint Value => _value;

    /// <summary>The value as a borrowed descriptor, for calls that return one.</summary>
    public Fd Fd => new((int)_value);

    /// <summary>A failure that no system call reported, in the same form.</summary>
    public static SyscallResult Failure(Errno errno) => new(-(nint)(int)errno);

    /// <summary>A success that carries a value.</summary>
    public static SyscallResult Success(nint value = 0) => new(value);

    /// <summary>The value, or a <see cref="KernelException"/> that names the call and what it was applied to.</summary>
    /// <param name="call">The system call and its object, for example <c>mkdirat state</c>.</param>
    public nint OrThrow(string call) => Failed ? throw new KernelException(call, Errno) : _value;

    /// <summary>The descriptor, owned, or a <see cref="KernelException"/>.</summary>
    public OwnedFd OwnedOrThrow(string call) => new((int)OrThrow(call));

    /// <inheritdoc/>
    public bool Equals(SyscallResult other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SyscallResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Same value or same error.</summary>
    public static bool operator ==(SyscallResult left, SyscallResult right) => left.Equals(right);

    /// <summary>Another value or another error.</summary>
    public static bool operator !=(SyscallResult left, SyscallResult right) => !left.Equals(right);
}

/// <summary>The one door to the kernel: every typed function of this project ends here.</summary>
internal static unsafe class Kernel
{
    /// <summary>Enters the kernel and folds -1/errno into one value. Allocates nothing, so a container process may use it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static SyscallResult Call(SyscallNumber number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint value = Libc.syscall((nint)number, a, b, c, d, e, f);
        return value == -1 ? Failure(number) : SyscallResult.Success(value);
    }

    /// <summary>Out of line, so that the usual way stays short.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SyscallResult Failure(SyscallNumber number)
    {
        var errno = (Errno)(*Libc.__errno_location());
        if (errno == Errno.ENOSYS)
        {
            NewerCalls.Note(number);
        }

        return SyscallResult.Failure(errno);
    }

    /// <summary>The same for calls that may wait for long, repeated while a signal interrupts them. Host side only.</summary>
    internal static SyscallResult Wait(SyscallNumber number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        while (true)
        {
            nint value = Libc.syscall_blocking((nint)number, a, b, c, d, e, f);
            if (value != -1)
            {
                return SyscallResult.Success(value);
            }

            SyscallResult failure = Failure(number);
            if (failure.Errno != Errno.EINTR)
            {
                return failure;
            }
        }
    }
}

/// <summary>A system call of the host side failed. Only the executors catch it, and add what it was done for.</summary>
/// <param name="call">The call and its object: <c>mkdirat /sys/fs/cgroup/memory/x</c>.</param>
/// <param name="errno">Why.</param>
public sealed class KernelException(string call, Errno errno)
    : Exception($"{call}: {errno.Describe()}{(errno == Errno.ENOSYS ? ": " + MissingCalls.Describe() : "")}")
{
    /// <summary>The call and its object.</summary>
    public string Call { get; } = call;

    /// <summary>Why it failed.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>The number of the call that the kernel lacks, if that is why: kept here, for others may be found missing while it is undone. 0 for none.</summary>
    public int MissingCall { get; } = errno == Errno.ENOSYS ? NewerCalls.LastMissing : 0;
}
