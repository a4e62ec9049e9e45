namespace Hull.Linux;

/// <summary>What keyctl does. keyctl(2), linux/keyctl.h</summary>
internal enum KeyOperation
{
    /// <summary><c>KEYCTL_GET_KEYRING_ID</c></summary>
    GetKeyringId = 0,
    /// <summary><c>KEYCTL_JOIN_SESSION_KEYRING</c></summary>
    JoinSessionKeyring = 1,
    /// <summary><c>KEYCTL_SETPERM</c></summary>
    SetPermissions = 5,
    /// <summary><c>KEYCTL_DESCRIBE</c></summary>
    Describe = 6,
}

/// <summary>Keyrings: without one of its own, a container sees the keys of the runtime's caller.</summary>
public static unsafe class Keys
{
    /// <summary>
    /// <c>keyctl(KEYCTL_JOIN_SESSION_KEYRING, name)</c>: join or make a session keyring; the result is its number. keyctl(2)
    /// </summary>
    public static SyscallResult JoinSessionKeyring(CString name) =>
        Kernel.Call(SyscallNumber.keyctl, (nint)KeyOperation.JoinSessionKeyring, name.Address);

    /// <summary>
    /// <c>keyctl(KEYCTL_SETPERM, key, permissions)</c>: let processes of the key's user find it by its name as well, beside all that a new
    /// session keyring allows. Without it, a join by name makes another keyring. keyctl(2), keyrings(7)
    /// </summary>
    /// <param name="key">The number of a session keyring.</param>
    public static SyscallResult LetOwnerSearch(int key)
    {
        const uint PossessorAll = 0x3f000000, UserView = 0x10000, UserRead = 0x20000, UserSearch = 0x80000, UserLink = 0x100000;
        return Kernel.Call(
            SyscallNumber.keyctl, (nint)KeyOperation.SetPermissions, key, (nint)(PossessorAll | UserView | UserRead | UserSearch | UserLink));
    }

    /// <summary>
    /// Leaves the caller's session keyring for the one of this name, or for a new one, which programs that join the container later find. A
    /// kernel without keys has no keyring of the host's to leak either.
    /// </summary>
    public static SyscallResult LeaveSessionKeyring(CString name)
    {
        SyscallResult joined = JoinSessionKeyring(name);
        return joined.Errno == Errno.ENOSYS ? default : joined.Failed ? joined : LetOwnerSearch((int)joined.Value);
    }
}
