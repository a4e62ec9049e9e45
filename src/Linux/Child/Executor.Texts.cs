namespace Hull.Linux;

/// <summary>The texts that a container process itself hands to the kernel: made by the host before the process exists.</summary>
internal sealed partial class Executor
{
    private CString Dot { get; } = ".";

    private CString Above { get; } = "..";

    private CString Empty { get; } = "";

    private CString Slash { get; } = "/";

    private CString Tmpfs { get; } = "tmpfs";

    private CString Mode { get; } = "mode";

    private CString Source { get; } = "source";

    private CString NumberOfBlocks { get; } = "nr_blocks";

    private CString NumberOfInodes { get; } = "nr_inodes";

    private CString Zero { get; } = "0";

    private CString One { get; } = "1";

    private CString Multiplexer { get; } = "ptmx";

    private CString NullDevicePath { get; } = "/dev/null";

    private CString SecurityLabel { get; } = "security.selinux";

    private CString TimeOffsetsFile { get; } = "/proc/self/timens_offsets";

    private CString PasswordsFile { get; } = "/etc/passwd";

    private CString ProcessFilesystemPath { get; } = "/proc";

    private CString ProcType { get; } = "proc";

    private CString StagingPlace { get; } = "self/fdinfo";

    private CString StagingOptions { get; } = "mode=0700";

    private CString StagingDirectory { get; } = "directory";

    private CString StagingFile { get; } = "file";

    private CString EmptyDirectoryOptions { get; } = "nr_blocks=1,nr_inodes=1";
}
