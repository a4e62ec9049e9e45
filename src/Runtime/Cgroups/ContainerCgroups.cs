using System.Collections.Immutable;
using System.Globalization;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>
/// Carries out the cgroup steps of one plan and remembers what it made, so that it can be undone and so that delete removes that and
/// nothing else (OP-DEL-04).
/// </summary>
internal sealed class ContainerCgroups : IDisposable
{
    private readonly ImmutableArray<RecordedCgroup>.Builder _made = ImmutableArray.CreateBuilder<RecordedCgroup>(12);

    // Cgroups that an unprivileged caller may not make, and that no limit needs: the container is without them.
    private readonly HashSet<string> _leftOut = [];

    private readonly CgroupWriter _writer = new();

    /// <summary>The container's cgroups so far, for its record.</summary>
    public ImmutableArray<RecordedCgroup> Made => _made.ToImmutable();

    /// <summary>What these steps will make, as far as it can be known before: for the intent record.</summary>
    public static ImmutableArray<RecordedCgroup> Survey(ReadOnlySpan<HostStep> steps)
    {
        var cgroups = ImmutableArray.CreateBuilder<RecordedCgroup>(12);
        foreach (HostStep step in steps)
        {
            if (step.Action is MakeCgroup make)
            {
                cgroups.Add(new RecordedCgroup(make.Directory, CgroupDirectories.MissingLevels(make.Mount, make.Path)));
            }
        }

        return cgroups.ToImmutable();
    }

    /// <summary>Makes a cgroup, or takes one that exists and is fit for a container.</summary>
    public void Make(MakeCgroup action)
    {
        int levels;
        try
        {
            levels = CgroupDirectories.Make(action.Mount, action.Path);
        }
        catch (KernelException refused) when (action.Optional && refused.Errno is (Errno.EACCES or Errno.EPERM or Errno.EROFS))
        {
            _leftOut.Add(action.Directory);
            return;
        }

        // Noted before anything else can fail: it exists now. What systemd has just made for this container is ours as well.
        _made.Add(new RecordedCgroup(action.Directory, action.OfUnit ? Math.Max(1, levels) : levels));
        if (levels == 0 && !action.OfUnit)
        {
            CgroupFitness.Check(action.Directory);
        }

        if (!action.Controllers.IsEmpty)
        {
            CgroupControllers.Enable(action.Mount, action.Path, action.Controllers);
        }
    }

    /// <summary>Gives a v1 cpuset cgroup the processors and memory nodes of the nearest one above that has some.</summary>
    public void Inherit(InheritCpuset action)
    {
        if (!_leftOut.Contains(action.Mount + action.Path))
        {
            CpusetInheritance.Inherit(action.Mount, action.Path);
        }
    }

    /// <summary>Writes one file of a cgroup.</summary>
    public void Write(WriteCgroupFile action)
    {
        try
        {
            _writer.Write(action);
        }
        catch (KernelException refused) when (refused.Errno == Errno.EINVAL && action.File == "memory.limit_in_bytes")
        {
            // The cgroup was there before, and memory with swap is limited to less than we want for memory alone (MEM-10).
            _writer.TryWrite(action with { File = "memory.memsw.limit_in_bytes", Value = "-1" });
            _writer.Write(action);
        }
    }

    /// <summary>Puts a process into the cgroups.</summary>
    public void Enter(EnterCgroups action, int pid)
    {
        Span<byte> number = stackalloc byte[16];
        pid.TryFormat(number, out int length, default, CultureInfo.InvariantCulture);
        foreach (string directory in action.Directories)
        {
            if (_leftOut.Contains(directory))
            {
                continue;
            }

            SyscallResult moved = HostFiles.TryWrite(Fd.CurrentDirectory, directory + "/cgroup.procs", number[..length]);
            if (!action.Optional || moved.Errno is not (Errno.EACCES or Errno.EPERM))
            {
                moved.OrThrow($"write {pid} to {directory}/cgroup.procs");
            }
        }
    }

    /// <summary>Removes what was made. The container process must be dead or dying.</summary>
    public void Undo()
    {
        _writer.Close();
        CgroupRemoval.Remove(Made);
        _made.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
