using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

// Local variables are not cleared first: .NET does that for more than 1024 bytes by a call of C's memset with a garbage collection
// transition around it, which a container process must not make (Child/README.md, rule 5; the child lint found it).
[module: SkipLocalsInit]

namespace Hull.Linux;

/// <summary>The few C functions this program calls. Everything else is a system call made through <see cref="syscall"/>.</summary>
/// <remarks>
/// No import lets the runtime switch into preemptive mode: a container process is a fork of this one, in which only the
/// forking thread exists, so nothing may wait for the garbage collector (Child/README.md, rule 5). Calls that may block for
/// long on the host side go through <see cref="syscall_blocking"/>, so that they don't hold up a collection.
/// </remarks>
internal static unsafe partial class Libc
{
    /// <summary><c>long syscall(long number, ...)</c>: any kernel entry; -1 and errno on failure. syscall(2)</summary>
    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true), SuppressGCTransition]
    internal static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>The same entry for calls that may wait: a collection can go on meanwhile. Never called by a container process.</summary>
    [DllImport("libc", EntryPoint = "syscall", ExactSpelling = true)]
    internal static extern nint syscall_blocking(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary><c>int *__errno_location(void)</c>: where errno of this thread lives. errno(3)</summary>
    [DllImport("libc", EntryPoint = "__errno_location", ExactSpelling = true), SuppressGCTransition]
    internal static extern int* __errno_location();

    /// <summary><c>void _exit(int status)</c>: end without running anything of C's or .NET's. _exit(2)</summary>
    [DllImport("libc", EntryPoint = "_exit", ExactSpelling = true), SuppressGCTransition]
    internal static extern void _exit(int status);
}
