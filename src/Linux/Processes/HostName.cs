namespace Hull.Linux;

/// <summary>The names of the machine, which belong to a UTS namespace.</summary>
public static class HostName
{
    /// <summary><c>sethostname(name, length)</c>: at most 64 bytes. sethostname(2)</summary>
    public static SyscallResult SetHostName(CString name) => Kernel.Call(SyscallNumber.sethostname, name.Address, name.Length);

    /// <summary><c>setdomainname(name, length)</c>: the NIS domain, at most 64 bytes. setdomainname(2)</summary>
    public static SyscallResult SetDomainName(CString name) => Kernel.Call(SyscallNumber.setdomainname, name.Address, name.Length);
}
