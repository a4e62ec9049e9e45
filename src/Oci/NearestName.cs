namespace Hull.Oci;

/// <summary>Which known name a mistyped one was meant to be.</summary>
public static class NearestName
{
    /// <summary>The nearest of the names; null when none is near.</summary>
    public static string? Of(string mistyped, IEnumerable<string> names)
    {
        string? nearest = null;
        // One mistake in three letters is a slip, more is another name.
        int best = Math.Max(1, mistyped.Length / 3) + 1;
        foreach (string name in names)
        {
            int distance = IsBeginning(mistyped, name) ? 1 : Distance(mistyped, name, best);
            if (distance < best)
            {
                (nearest, best) = (name, distance);
            }
        }

        return nearest;
    }

    private static bool IsBeginning(string mistyped, string name) =>
        mistyped.Length >= 3 && name.StartsWith(mistyped, StringComparison.Ordinal);

    /// <summary>How many letters must be changed, added, left out or exchanged with their neighbour.</summary>
    private static int Distance(string left, string right, int limit)
    {
        if (Math.Abs(left.Length - right.Length) >= limit)
        {
            return limit;
        }

        var distances = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0 ? i + j : Cheapest(distances, left, right, i, j);
            }
        }

        return distances[left.Length, right.Length];
    }

    private static int Cheapest(int[,] distances, string left, string right, int i, int j)
    {
        bool same = left[i - 1] == right[j - 1];
        int cost = Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1;
        cost = Math.Min(cost, distances[i - 1, j - 1] + (same ? 0 : 1));
        bool exchanged = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return exchanged ? Math.Min(cost, distances[i - 2, j - 2] + 1) : cost;
    }
}
