using Hull.Linux.Child;
using Hull.Oci;
using Hull.Runtime.Planning;
using Hull.Runtime.Storage;

namespace Hull.Runtime.Host;

/// <summary>
/// The configuration of a container that exists: the private copy, so that edits of the bundle change nothing (BND-04).
/// </summary>
internal sealed class KeptConfig
{
    private readonly SettledContainer _container;

    private KeptConfig(SettledContainer container) => _container = container;

    /// <summary>The container's hooks.</summary>
    public SettledHooks Hooks => _container.Hooks;

    /// <summary>Reads it back.</summary>
    /// <exception cref="RuntimeError">It is gone or broken: nobody but hull may touch it.</exception>
    public static KeptConfig Read(ContainerDirectory directory, ContainerRecord record) => new(SettledContainer.Of(new CreateRequest
    {
        Id = record.Id,
        Bundle = record.Bundle,
        Config = ReadConfig(directory, record),
        WaitForStart = record.Gate,
    }));

    /// <summary>The configuration as it is kept, with what updates have changed.</summary>
    /// <exception cref="RuntimeError">It is gone or broken: nobody but hull may touch it.</exception>
    public static Config ReadConfig(ContainerDirectory directory, ContainerRecord record)
    {
        byte[] document = directory.ReadConfig()
            ?? throw new RuntimeError($"container \"{record.Id}\": {directory.Path}/config.json is missing") { Hint = "delete the container" };
        return ConfigDocument.Parse(document).Value
            ?? throw new RuntimeError($"container \"{record.Id}\": {directory.Path}/config.json is broken") { Hint = "delete the container" };
    }

    /// <summary>The step that a waiting container process says it failed in, counted from the end of its list.</summary>
    public Step StepOf(Report report)
    {
        var lanes = new Lanes();
        CreatePlanner.Start(_container, lanes);
        return lanes.StepsInside[Math.Clamp(lanes.StepsInside.Count - report.StepsLeft, 0, lanes.StepsInside.Count - 1)];
    }
}
