using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Carries out the steps of an update, and can take them back: a container never stays with half of what was asked for.</summary>
internal sealed partial class CgroupUpdate : IDisposable
{
    private readonly CgroupWriter _writer = new();
    private readonly Stack<Change> _changes = new();

    /// <summary>What the files of cgroups say now.</summary>
    public static CgroupState State { get; } = new(path => HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path));

    /// <summary>Makes the checks among the steps, which must come before any change: systemd's, too.</summary>
    /// <exception cref="RuntimeError">One says that the change must not be.</exception>
    public static void Check(ImmutableArray<LimitStep> steps)
    {
        foreach (LimitStep step in steps)
        {
            if (step.Action is CheckMemoryUsage check)
            {
                MemoryUsage.Check(check);
            }
        }
    }

    /// <summary>Carries all of them out, or none. Checks have been made already.</summary>
    /// <exception cref="RuntimeError">One failed; the message names it, and what of the earlier ones could not be taken back.</exception>
    public void Apply(ImmutableArray<LimitStep> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            try
            {
                Perform(steps[i].Action);
            }
            catch (KernelException refused)
            {
                throw new RuntimeError(refused.Call + TakeBack(), refused.Errno)
                {
                    Property = steps[i].Origin.ToString(),
                    Hint = CgroupHints.For(steps[i].Action, refused.Errno),
                };
            }
        }
    }

    /// <summary>Takes everything back, newest first.</summary>
    /// <returns>Nothing, or the end of a message: what could not be taken back.</returns>
    public string TakeBack()
    {
        var stuck = new List<string>();
        while (_changes.TryPop(out Change? change))
        {
            if (!TryTakeBack(change))
            {
                stuck.Add(change.Name);
            }

            change.Dispose();
        }

        return stuck.Count == 0 ? "" : $" (and could not be taken back: {string.Join(", ", stuck)})";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        while (_changes.TryPop(out Change? change))
        {
            change.Dispose();
        }
    }

    /// <summary>Generated: calls the overload for the record.</summary>
    [Dispatch]
    private partial void Perform(LimitAction action);

    // Done by Check, before any change.
    private static void Perform(CheckMemoryUsage _)
    {
    }

    private void Perform(WriteCgroupFile action)
    {
        string? before = ReadBefore(action.Directory, action.File);
        string? other = action.Otherwise is { } alternative && before is null ? ReadBefore(action.Directory, alternative.File) : null;
        if (_writer.Write(action) is not { } written)
        {
            return;
        }

        // The value is checked at each write: between two, nothing else of the container may be open.
        _writer.Close();
        bool first = written.EndsWith("/" + action.File, StringComparison.Ordinal);
        WriteCgroupFile done = first ? action : action with { File = action.Otherwise!.File, Value = action.Otherwise.Value };
        _changes.Push(new Change(written, UndoneWrite.Of(done, first ? before : other), null));
    }

    private void Perform(AttachDeviceFilter filter)
    {
        OwnedFd? before = DeviceFiltering.Attach(filter, keepReplaced: true);
        _changes.Push(new Change($"the device rules of {filter.Directory}", null, before is null ? null : (filter.Directory, before)));
    }

    private bool TryTakeBack(Change change)
    {
        if (change.Write is { } write)
        {
            SyscallResult result = _writer.TryWrite(write);
            _writer.Close();
            return !result.Failed;
        }

        if (change.Program is not { } program)
        {
            return false;
        }

        try
        {
            DeviceFiltering.Attach(program.Directory, program.Old);
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    private static string? ReadBefore(string directory, string file)
    {
        try
        {
            return HostFiles.ReadAllOrNull(Fd.CurrentDirectory, $"{directory}/{file}") is { } text ? Encoding.UTF8.GetString(text).TrimEnd('\n') : null;
        }
        catch (KernelException)
        {
            // A file that can only be written to.
            return null;
        }
    }

    /// <summary>What was done, and what takes it back.</summary>
    private sealed record Change(string Name, WriteCgroupFile? Write, (string Directory, OwnedFd Old)? Program) : IDisposable
    {
        public void Dispose() => Program?.Old.Dispose();
    }
}

/// <summary>What takes a write to a file of a cgroup back, from what the file said before it.</summary>
internal static class UndoneWrite
{
    /// <summary>The write that restores a file.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="before">What the file said before, without the last line's end; null when it cannot be read.</param>
    /// <returns>Null when nothing can restore it.</returns>
    public static WriteCgroupFile? Of(WriteCgroupFile written, string? before) => written.File switch
    {
        "devices.allow" => written with { File = "devices.deny" },
        "devices.deny" => written with { File = "devices.allow" },
        _ when before is null => null,
        "memory.oom_control" => written with { Value = before.StartsWith("oom_kill_disable 1", StringComparison.Ordinal) ? "1" : "0" },
        "schemata" => LineOf(KeyOf(written) ?? "", before) is { } line ? written with { Value = line + "\n" } : null,
        _ when KeyOf(written) is { } key => written with { Value = LineOf(key, before) ?? Unlimited(written.File, key) },
        "io.weight" or "io.bfq.weight" => written with { Value = LineOf("default ", before) ?? before },

        // The kernel does not see a write of nothing.
        _ => written with { Value = before.Length == 0 ? "\n" : before },
    };

    /// <summary>A file with a line for each device or interface is written line by line: what the line begins with.</summary>
    private static string? KeyOf(WriteCgroupFile written)
    {
        bool keyed = written.File is "io.max" or "io.latency" or "io.weight" or "io.bfq.weight" or "rdma.max" or "misc.max" or "dmem.max"
            or "dmem.low" or "dmem.min" or "net_prio.ifpriomap" or "blkio.bfq.weight_device" or "blkio.weight_device" or "blkio.leaf_weight_device"
            || written.File.StartsWith("blkio.throttle.", StringComparison.Ordinal);
        int end = written.File == "schemata" ? written.Value.IndexOf(':', StringComparison.Ordinal) : keyed ? written.Value.IndexOf(' ', StringComparison.Ordinal) : -1;
        return end < 0 ? null : written.Value[..(end + 1)];
    }

    private static string? LineOf(string key, string before)
    {
        foreach (string line in before.Split('\n'))
        {
            if (line.TrimStart().StartsWith(key, StringComparison.Ordinal))
            {
                return line.TrimStart();
            }
        }

        return null;
    }

    // A device that the file did not name had no limit of its own.
    private static string Unlimited(string file, string key) => key + file switch
    {
        "io.max" => "rbps=max wbps=max riops=max wiops=max",
        "io.latency" => "target=max",
        "io.weight" or "io.bfq.weight" => "default",
        "rdma.max" => "hca_handle=max hca_object=max",
        "misc.max" or "dmem.max" => "max",
        _ => "0",
    };
}
