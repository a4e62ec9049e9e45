using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Writes files of cgroups, one after the other.</summary>
internal sealed class CgroupWriter : IDisposable
{
    private const string NoDisk = "there is no such disk; a partition cannot be limited, name the disk it is on";

    private OwnedFd? _file;
    private string _path = "";

    /// <summary>Writes, or throws with the file, the value and the reason.</summary>
    /// <returns>The file that was written; null when it is missing and need not be there.</returns>
    public string? Write(WriteCgroupFile action)
    {
        SyscallResult result = TryWrite(action);
        if (result.Errno == Errno.ENOENT && action.Otherwise is { } other)
        {
            WriteCgroupFile alternative = action with { File = other.File, Value = other.Value, Otherwise = null };
            SyscallResult written = TryWrite(alternative);
            if (written.Errno != Errno.ENOENT)
            {
                return written.Failed ? throw Refused(alternative, written.Errno) : $"{action.Directory}/{other.File}";
            }
        }

        if (!result.Failed)
        {
            return $"{action.Directory}/{action.File}";
        }

        return action.MayBeMissing && result.Errno == Errno.ENOENT ? null : throw Refused(action, result.Errno);
    }

    /// <summary>Writes; the caller looks at the result.</summary>
    public SyscallResult TryWrite(WriteCgroupFile action)
    {
        string path = $"{action.Directory}/{action.File}";

        // Rules for devices are a dozen writes to one file: it stays open until another one is written.
        if (_file is null || _path != path)
        {
            Close();
            SyscallResult opened = Files.OpenAt(Fd.CurrentDirectory, path, OpenFlags.WriteOnly);
            if (opened.Failed)
            {
                return opened;
            }

            _file = new OwnedFd(opened.Fd.Number);
            _path = path;
        }

        return Files.Write(_file, Encoding.UTF8.GetBytes(action.Value));
    }

    /// <summary>What to do when the kernel refuses a limit; null where that cannot be said.</summary>
    public static string? HintFor(string file, Errno errno) => ResourceTable.HintFor(file, errno) ?? (file, errno) switch
    {
        ("blkio.leaf_weight_device", Errno.ENOENT) => ResourceTable.HintFor("blkio.leaf_weight", errno),
        ("blkio.bfq.weight" or "blkio.bfq.weight_device" or "io.bfq.weight", Errno.ENOENT or Errno.EOPNOTSUPP) =>
            "weights need a disk scheduled by BFQ, or io.cost on cgroup v2: see /sys/block/*/queue/scheduler",
        ("io.max" or "io.bfq.weight" or "blkio.bfq.weight_device", Errno.ENODEV or Errno.ENXIO) => NoDisk,
        (_, Errno.ENODEV or Errno.ENXIO) when file.StartsWith("blkio.throttle.", StringComparison.Ordinal) => NoDisk,
        (_, Errno.ENOENT) when file.StartsWith("hugetlb.", StringComparison.Ordinal) => "the kernel has no huge pages of this size: see /sys/kernel/mm/hugepages",
        ("net_prio.ifpriomap", Errno.ENODEV) => "there is no such network interface here",
        (_, Errno.ENOENT) => "the controller is not enabled here or the kernel lacks this setting",
        (_, Errno.EBUSY) => "the cgroup already uses more than that",
        _ => null,
    };

    /// <summary>Closes what was written last.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static KernelException Refused(WriteCgroupFile action, Errno errno)
    {
        string path = $"{action.Directory}/{action.File}";
        return new KernelException(
            errno switch
            {
                Errno.EBUSY when action.File == "memory.limit_in_bytes" => MemoryInUse(action),
                Errno.ENOENT => $"open {path}, which this kernel or this cgroup does not have",
                _ => $"write \"{action.Value.TrimEnd('\n')}\" to {path}",
            },
            errno);
    }

    // Engines match this text (MEM-10).
    private static string MemoryInUse(WriteCgroupFile action)
    {
        string usage = Number(action.Directory + "/memory.usage_in_bytes"), peak = Number(action.Directory + "/memory.max_usage_in_bytes");
        return $"unable to set memory limit to {action.Value} (current usage: {usage}, peak usage: {peak})";
    }

    private static string Number(string path) =>
        Encoding.ASCII.GetString(HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path) ?? "unknown"u8.ToArray()).TrimEnd('\n');
}
