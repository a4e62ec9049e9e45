namespace Hull.Runtime.Tests.Laws;

/// <summary>Choices that a seed determines: a failing example can be made again.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>True in so many of a hundred cases.</summary>
    internal bool Percent(int percent) => _random.Next(100) < percent;

    /// <summary>From 0 to one less than <paramref name="limit"/>.</summary>
    internal int Below(int limit) => _random.Next(limit);

    internal long Between(long first, long last) => _random.NextInt64(first, last + 1);

    internal T Of<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>Some of them, in their order; often none, often all.</summary>
    internal T[] Some<T>(params T[] choices)
    {
        int percent = Of(0, 20, 50, 80, 100);
        return [.. choices.Where(_ => Percent(percent))];
    }

    /// <summary>A few of them in any order, repetitions included.</summary>
    internal T[] Few<T>(int most, params T[] choices)
    {
        var chosen = new T[_random.Next(most + 1)];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = Of(choices);
        }

        return chosen;
    }
}
