using System.Runtime.InteropServices;

namespace Hull.Linux;

/// <summary>A borrowed file descriptor: its owner closes it. Signatures take this, never a bare number.</summary>
/// <param name="Number">The descriptor's number; -1 is none.</param>
public readonly record struct Fd(int Number)
{
    /// <summary>No descriptor.</summary>
    public static Fd None => new(-1);

    /// <summary><c>AT_FDCWD</c>: paths are taken from the current directory.</summary>
    public static Fd CurrentDirectory => new(-100);

    /// <summary>It is a descriptor at all.</summary>
    public bool IsOpen => Number >= 0;
}

/// <summary>A file descriptor that is closed with its owner.</summary>
public sealed class OwnedFd : SafeHandle
{
    /// <summary>Takes over an open descriptor.</summary>
    public OwnedFd(int number) : base(-1, ownsHandle: true) => SetHandle(number);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor, borrowed for as long as this owner lives.</summary>
    public Fd Fd => new((int)handle);

    /// <summary>The descriptor, borrowed for as long as this owner lives.</summary>
    public static implicit operator Fd(OwnedFd owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Fd;
    }

    /// <inheritdoc cref="op_Implicit"/>
    public Fd ToFd() => Fd;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => !Kernel.Call(SyscallNumber.close, handle).Failed;
}
