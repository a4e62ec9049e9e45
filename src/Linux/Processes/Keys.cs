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
}
