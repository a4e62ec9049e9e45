using Hull.Oci;

namespace Hull.Runtime.Tests.Laws;

/// <summary>A configuration and a host made from a seed, and the plan that follows, or why there is none.</summary>
internal sealed record Example(int Seed, CreateRequest Request, HostFacts Facts, Plan? Plan, RuntimeError? Refusal)
{
    internal const int Seeds = 6000;

    private static readonly Lazy<Example[]> Valid = new(() => [.. Enumerable.Range(1, Seeds).Select(Make).OfType<Example>()]);

    /// <summary>Every example whose configuration is valid.</summary>
    internal static Example[] All => Valid.Value;

    /// <summary>Those that can be carried out.</summary>
    internal static IEnumerable<Example> Planned => All.Where(example => example.Plan is not null);

    internal Config Config => Request.Config;

    /// <summary>The same again, from the beginning.</summary>
    internal static Example? Make(int seed)
    {
        var chance = new Chance(seed);
        Config config = RandomConfig.Make(chance);
        if (!Validator.Validate(config).IsEmpty)
        {
            return null;
        }

        bool waits = chance.Percent(60);
        var request = new CreateRequest
        {
            Id = "example",
            Bundle = "/bundle",
            Config = config,
            WaitForStart = waits,
            Foreground = !waits,
            ConsoleSocket = waits && config.Process?.Terminal == true ? "/tmp/console.sock" : null,
            NoPivot = chance.Percent(15),
            NoNewKeyring = chance.Percent(20),
            PreservedDescriptors = chance.Of(0, 0, 3),
        };
        HostFacts facts = RandomFacts.Make(chance);
        try
        {
            return new Example(seed, request, facts, CreatePlanner.Plan(request, facts), null);
        }
        catch (RuntimeError refusal)
        {
            return new Example(seed, request, facts, null, refusal);
        }
    }
}
