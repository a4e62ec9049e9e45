using System.Collections.Immutable;
using System.Text;
using Hull.Linux;

namespace Hull.Runtime;

/// <summary>Carries out the steps of an update, and can take them back: a container never stays with half of what was asked for.</summary>
internal sealed class CgroupUpdate : IDisposable
{
    private readonly CgroupWriter _writer = new();
    private readonly Stack<Change> _changes = new();

    /// <summary>What the files of cgroups say now.</summary>
    public static CgroupState State { get; } = new(path => HostFiles.ReadAllOrNull(Fd.CurrentDirectory, path));

    /// <summary>Makes the checks among the steps, which must come before any change: systemd's, too.</summary>
    /// <exception cref="RuntimeError">One says that the change must not be.</exception>
    public static void Check(ImmutableArray<HostStep> steps)
    {
        foreach (HostStep step in steps)
        {
            if (step.Action is CheckMemoryUsage check)
            {
                MemoryUsage.Check(check);
            }
        }
    }

    /// <summary>Carries all of them out, or none. Checks have been made already.</summary>
    /// <exception cref="RuntimeError">One failed; the message names it, and what of the earlier ones could not be taken back.</exception>
    public void Apply(ImmutableArray<HostStep> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            try
            {
                Apply(steps[i].Action);
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

    private void Apply(HostAction action)
    {
        switch (action)
        {
            case CheckMemoryUsage: break;
            case WriteCgroupFile write: Write(write); break;
            case AttachDeviceFilter filter: Attach(filter); break;
            default: throw new InvalidOperationException($"no way to {ActionText.Describe(action)} in an update");
        }
    }

    private void Write(WriteCgroupFile action)
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

    private void Attach(AttachDeviceFilter filter)
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
