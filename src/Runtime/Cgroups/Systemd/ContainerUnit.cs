using Hull.Linux;

namespace Hull.Runtime;

/// <summary>The unit of a container that is being made, so that it can be undone.</summary>
internal sealed class ContainerUnit : IDisposable
{
    private string _started = "";

    /// <summary>The systemd that makes units; null where hull makes cgroups itself.</summary>
    public UnitManager? Systemd { get; init; }

    /// <summary>Starts the unit, with the container process in it.</summary>
    public void Start(StartUnit action, int pid)
    {
        if (HostFiles.Exists(Fd.CurrentDirectory, action.Directory))
        {
            // A unit of this name may only be there without processes: one that failed, which systemd is told to forget.
            CgroupFitness.Check(action.Directory);
        }

        // From the moment we ask, systemd may do it, whatever we hear of it.
        _started = action.Unit;
        UnitProperty process = new("PIDs", new BusArray("u", [BusValue.Of((uint)pid)]));
        if (!Systemd!.StartTransient(action.Unit, action.TakesProcess ? action.Properties.Add(process) : action.Properties))
        {
            _started = "";
            throw new RuntimeError($"systemd has a unit {action.Unit} already")
            {
                Property = "linux.cgroupsPath",
                Hint = "delete the container that uses it, or choose another cgroupsPath",
            };
        }
    }

    /// <summary>Stops it, if it was started. The container process must be dead or dying.</summary>
    public void Undo()
    {
        if (_started.Length > 0)
        {
            Systemd!.Stop(_started);
            _started = "";
        }
    }

    public void Dispose() => Systemd?.Dispose();
}
