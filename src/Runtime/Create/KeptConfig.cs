using Hull.Linux;
using Hull.Oci;

namespace Hull.Runtime;

/// <summary>
/// The configuration of a container that exists: the private copy, so that edits of the bundle change nothing (BND-04).
/// </summary>
internal sealed class KeptConfig
{
    private readonly ResolvedContainer _container;

    private KeptConfig(ResolvedContainer container) => _container = container;

    /// <summary>The container's hooks.</summary>
    public ResolvedHooks Hooks => _container.Hooks;

    /// <summary>Reads it back.</summary>
    /// <exception cref="RuntimeError">It is gone or broken: only hull may touch it.</exception>
    public static KeptConfig Read(ContainerDirectory directory, ContainerRecord record) => new(CreatePlanner.Resolve(new CreateRequest
    {
        Id = record.Id,
        Bundle = record.Bundle,
        Config = ReadConfig(directory, record),
        WaitForStart = record.StartSocket,
    }));

    /// <summary>The configuration as it is kept, with what updates have changed.</summary>
    /// <exception cref="RuntimeError">It is gone or broken: only hull may touch it.</exception>
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
        var plan = new PlanBuilder();
        CreatePlanner.Start(_container, plan);
        return plan.ContainerSteps[Math.Clamp(plan.ContainerSteps.Count - report.StepsLeft, 0, plan.ContainerSteps.Count - 1)];
    }
}
