namespace Hull.Linux;

/// <summary>
/// <c>struct clone_args</c> in its second enlargement (88 bytes, kernel 5.7). Every field not set must be zero: start from
/// <c>default</c>. clone(2), linux/sched.h
/// </summary>
internal struct CloneArguments
{
    /// <summary><c>flags</c>: <see cref="CloneFlags"/> and <see cref="NamespaceKinds"/> together.</summary>
    internal ulong Flags;

    /// <summary><c>pidfd</c>: where the kernel writes the descriptor, an int.</summary>
    internal ulong Pidfd;

    /// <summary><c>child_tid</c>: where the child finds its own number.</summary>
    internal ulong ChildThreadId;

    /// <summary><c>parent_tid</c>: where the parent finds the child's number.</summary>
    internal ulong ParentThreadId;

    /// <summary><c>exit_signal</c>: what the parent gets at the end; 17 is SIGCHLD.</summary>
    internal ulong ExitSignal;

    /// <summary><c>stack</c>: the lowest address of a new stack; 0 goes on with a copy of ours.</summary>
    internal ulong Stack;

    /// <summary><c>stack_size</c></summary>
    internal ulong StackSize;

    /// <summary><c>tls</c></summary>
    internal ulong ThreadLocalStorage;

    /// <summary><c>set_tid</c>: process numbers to take, an array of int, innermost namespace first.</summary>
    internal ulong SetThreadIds;

    /// <summary><c>set_tid_size</c>: how many.</summary>
    internal ulong SetThreadIdCount;

    /// <summary><c>cgroup</c>: a descriptor of the v2 cgroup to start in.</summary>
    internal ulong Cgroup;
}
