namespace Hull.Oci;

// The filter of system calls.
public static partial class Rules
{
    /// <summary>SEC-01.</summary>
    public static Rule SeccompActionIsKnown => new("SEC-01", "config-linux.md", "configLinuxSeccomp", "An action is one of the kernel's.");

    /// <summary>SEC-02.</summary>
    public static Rule DefaultErrnoFitsAction => new(
        "SEC-02", "config-linux.md", "configLinuxSeccomp",
        "Only a default action that returns an errno has one.");

    /// <summary>SEC-03.</summary>
    public static Rule ErrnoFitsAction => new(
        "SEC-03", "config-linux.md", "configLinuxSeccomp",
        "Only an action that returns an errno has one.");

    /// <summary>SEC-04.</summary>
    public static Rule SeccompArchitecturesAreKnown => new(
        "SEC-04", "config-linux.md", "configLinuxSeccomp",
        "An architecture is one of the specification's.");

    /// <summary>SEC-05.</summary>
    public static Rule SeccompFlagsAreKnown => new("SEC-05", "config-linux.md", "configLinuxSeccomp", "A flag is one of the kernel's.");

    /// <summary>SEC-06.</summary>
    public static Rule SeccompNamesAreGiven => new(
        "SEC-06", "config-linux.md", "configLinuxSeccomp",
        "A rule names at least one system call.");

    /// <summary>SEC-07.</summary>
    public static Rule SeccompArgumentIsValid => new(
        "SEC-07", "config-linux.md", "configLinuxSeccomp",
        "A condition has an argument from 0 to 5, a value and a comparison.");

    /// <summary>SECL-04.</summary>
    public static Rule MetadataNeedsListener => new(
        "SECL-04", "config-linux.md", "configLinuxSeccomp",
        "Metadata for a listener needs a listener.");

    /// <summary>SECL-05.</summary>
    public static Rule NotifyCannotDeadlock => new(
        "SECL-05", "config-linux.md", "configLinuxSeccomp",
        "Neither the default action nor the rule for write asks the listener, which could then never be told.");
}
