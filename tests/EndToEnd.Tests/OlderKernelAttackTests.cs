namespace Hull.EndToEnd.Tests;

/// <summary>The attacks on mounts against what stands in on Linux 4.18: a walk instead of openat2, mount(2) instead of detached mounts.</summary>
public sealed class AttacksOnLinux418Tests : MountAttackTests
{
    protected override string? MissingCalls => "ENOSYS:4.18";
}

/// <summary>The same on Linux 5.4, which has detached mounts and new file systems, and no openat2.</summary>
public sealed class AttacksOnLinux54Tests : MountAttackTests
{
    protected override string? MissingCalls => "ENOSYS:5.4";
}

/// <summary>The same on Linux 5.10, which lacks mount_setattr alone.</summary>
public sealed class AttacksOnLinux510Tests : MountAttackTests
{
    protected override string? MissingCalls => "ENOSYS:5.10";
}
